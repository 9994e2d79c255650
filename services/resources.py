"""Files that ship with Tidemark and are read at run time: package data, in a checkout as in a wheel.

Installers unpack wheels, so these files have ordinary paths. A path that a user gives is the user's own
file, relative to the current folder.
"""

import re
from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(str(files("tidemark")))
_NAME = re.compile(r"[\w-]+")

SEEDS = _PACKAGE / "seeds"
INDICATORS = SEEDS / "indicators"
CALENDAR = SEEDS / "calendar"
EXAMPLES = SEEDS / "examples"
MAPPINGS = SEEDS / "mappings"
SCENARIOS = SEEDS / "scenarios"
TROUBLES = SCENARIOS / "troubles"
RUNBOOKS = _PACKAGE / "deploy" / "runbooks"
DASHBOARDS = _PACKAGE / "deploy" / "grafana" / "dashboards"
BOARD_PAGE = _PACKAGE / "services" / "board" / "page"


def resolve_name(name: str, folder: Path) -> Path:
    """The shipped file `<name>.toml` of the folder; anything but a plain name is a user's own path."""
    return folder / f"{name}.toml" if _NAME.fullmatch(name) else Path(name)


def list_names(folder: Path) -> str:
    """The names of the shipped files of the folder, for a message."""
    return ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
