"""The image contains enough to run Tidemark: the wheel built from the copied files, and nothing else."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.deploy.dockerfile import list_copied, list_instructions
from tests.support.wheels import build, copy_sources, install, site_packages

pytestmark = pytest.mark.xdist_group("wheel")

SIMULATE = ["simulate", "--from", "2026-01-01", "--to", "2026-01-02", "--scale", "0.001", "--dry-run"]
BUILT_FROM = [source for source, target in list_copied().items() if not target.startswith("/")]


def install_image(folder: Path, sources: Iterable[Path]) -> Path:
    """The environment into which the build stage installs the wheel of these sources."""
    install(build(copy_sources(folder / "build", sources), folder / "dist"), folder / "tidemark")
    return folder / "tidemark"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's /opt/tidemark."""
    return install_image(tmp_path_factory.mktemp("image"), BUILT_FROM)


def run(image: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the image's `tidemark` in an empty folder."""
    command = [image / "bin/python", "-P", image / "bin/tidemark", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_the_simulator_finds_its_seeds_in_the_image(image: Path, tmp_path: Path) -> None:
    done = run(image, tmp_path, *SIMULATE)
    assert done.returncode == 0, done.stderr
    assert "events" in done.stdout


def test_without_the_seeds_it_would_not_run(tmp_path: Path) -> None:
    without = install_image(tmp_path, [source for source in BUILT_FROM if source != Path("seeds")])
    assert run(without, tmp_path, "--help").returncode == 0
    assert run(without, tmp_path, *SIMULATE).returncode != 0


@pytest.mark.parametrize("command", ["gateway", "ledger", "exporter", "board"])
def test_every_service_starts_from_the_image(image: Path, tmp_path: Path, command: str) -> None:
    done = run(image, tmp_path, command, "--help")
    assert done.returncode == 0, done.stderr


def test_the_pages_of_the_board_are_in_the_image(image: Path) -> None:
    assert (site_packages(image) / "tidemark/services/board/page/index.html").is_file()


def test_the_image_takes_the_environment_and_no_part_of_the_tree() -> None:
    stages = [line.split() for line in list_instructions("COPY") if line.startswith("--from=")]
    assert stages == [["--from=build", "/opt/tidemark", "/opt/tidemark"]]
    (installed,) = list_instructions("RUN --mount=type=cache,target=/root/.cache/pip")
    assert 'pip install --constraint requirements.lock "$(echo dist/*.whl)[kafka-admin]"' in installed
    assert "--editable" not in installed
