"""The wheel contains one package with the files read at run time, and nothing else of a checkout."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.commands import ROOT
from tests.support.wheels import build, copy_sources, files_in

pytestmark = pytest.mark.xdist_group("wheel")

PROGRAMS_OF_DEPLOY = {"tidemark/deploy/__init__.py", "tidemark/deploy/kafka/acls.py"}


def files_of(*folders: str, pattern: str = "*") -> set[str]:
    """The files of a checkout's folders, by their names in the wheel."""
    return {
        f"tidemark/{path.relative_to(ROOT)}"
        for folder in folders
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_puts_one_package_at_top_level(wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    assert {name.split("/")[0] for name in files_in(wheel)} == {"tidemark", f"tidemark-{version}.dist-info"}


def test_the_wheel_holds_all_that_is_read_at_run_time(wheel: Path) -> None:
    shipped = files_of("streams", "services", "seeds", "deploy/runbooks", "deploy/grafana/dashboards")
    assert shipped | {"tidemark/py.typed", "tidemark/deploy/kafka/acls.toml"} <= files_in(wheel)


def test_the_wheel_holds_no_tests_and_no_generators(wheel: Path) -> None:
    names = files_in(wheel)
    assert {name for name in names if name.startswith("tidemark/deploy/") and name.endswith(".py")} == (
        PROGRAMS_OF_DEPLOY
    )
    assert not [name for name in names if "test" in name.split("/")[:-1] or name.endswith((".pyc", ".yml"))]


def test_the_wheel_asks_for_the_admin_client_of_kafka_only_as_an_extra(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    asked = [line for line in lines if line.startswith("Requires-Dist: confluent-kafka")]
    assert len(asked) == 1
    assert asked[0].endswith('extra == "kafka-admin"')


def test_a_wheel_made_of_the_source_distribution_holds_the_same(wheel: Path, tmp_path: Path) -> None:
    archive = build(copy_sources(tmp_path / "tree"), tmp_path / "dist", "sdist")
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", unpacked], check=True)
    (tree,) = unpacked.iterdir()
    assert files_in(build(tree, tmp_path / "again")) == files_in(wheel)


def test_a_folder_that_ships_nothing_would_be_found(tmp_path: Path) -> None:
    tree = copy_sources(tmp_path / "tree")
    settings = tree / "pyproject.toml"
    settings.write_text(settings.read_text("utf-8").replace('    "tidemark.seeds*",\n', ""), "utf-8")
    assert not any(name.startswith("tidemark/seeds/") for name in files_in(build(tree, tmp_path / "dist")))
