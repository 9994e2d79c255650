"""The wheel and its installation: built here without the network, or provided by CI (.ci/wheel)."""

import os
from pathlib import Path

import pytest

from tests.support.wheels import build, copy_sources, install

GIVEN = os.environ.get("TIDEMARK_TEST_WHEEL")
"""A folder with the wheel and, in `venv`, a clean environment with the wheel and its dependencies."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's file."""
    if GIVEN:
        (file,) = Path(GIVEN).glob("*.whl")
        return file
    folder = tmp_path_factory.mktemp("wheel")
    return build(copy_sources(folder / "tree"), folder / "dist")


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installed commands, `tidemark` among them."""
    return (
        Path(GIVEN) / "venv/bin" if GIVEN else install(wheel, tmp_path_factory.mktemp("installed") / "venv")
    )
