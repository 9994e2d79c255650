"""What ships with Tidemark and is read at run time: data of the package, in a checkout as in a wheel.

Installers unpack wheels, so that what ships has a path like any file. What a user names by a path stays
the user's own, relative to the current folder.
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
    """A file that ships in the folder, `<name>.toml`; what is not a mere name is a user's own path."""
    return folder / f"{name}.toml" if _NAME.fullmatch(name) else Path(name)


def list_names(folder: Path) -> str:
    """The names of the files that ship in the folder, for a message."""
    return ", ".join(sorted(path.stem for path in folder.glob("*.toml")))
