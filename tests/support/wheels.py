"""A wheel of this tree, and an installation of it elsewhere; neither needs the network."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from tests.support.commands import ROOT

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "tidemark", "streams", "services", "deploy", "seeds")
LIMIT_S = 300
_BUILD = "import sys; from setuptools import build_meta as b; getattr(b, 'build_' + sys.argv[1])(sys.argv[2])"


def copy_sources(folder: Path, sources: Iterable[str | Path] = SOURCES) -> Path:
    """Copy parts of the tree to a folder: a build leaves files beside its sources."""
    compiled = shutil.ignore_patterns("__pycache__")
    for source in map(str, sources):
        target = folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, symlinks=True, ignore=compiled)
        else:
            shutil.copy(ROOT / source, target)
    return folder


def build(tree: Path, into: Path, kind: Literal["wheel", "sdist"] = "wheel") -> Path:
    """A tree's wheel or source distribution, made in a folder by the backend of pyproject.toml."""
    into.mkdir(exist_ok=True)
    _run(sys.executable, "-P", "-W", "ignore", "-c", _BUILD, kind, str(into), cwd=tree)
    (file,) = into.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return file


def files_in(wheel: Path) -> set[str]:
    """The paths of the files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel, which uses this one's other packages; returns its bin folder.

    This one's own `tidemark` stays invisible: .pth files are not followed from another environment.
    """
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin/python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python))
    _run(*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    (site_packages(folder) / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def site_packages(environment: Path) -> Path:
    """The folder of an environment's packages."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))


def _run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
