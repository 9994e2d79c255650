"""The dashboards' files: what is in them and where they lie."""

import json
from collections.abc import Mapping
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from tidemark.deploy.prometheus.annotations import Links

from .building import dashboard
from .pages import PAGES

DASHBOARDS = Path(__file__).parent / "dashboards"


def files(links: Links | None = None) -> dict[Path, str]:
    """The content of each file by its path below the dashboards' folder."""
    return {
        Path(page.folder) / f"{page.uid}.json": json.dumps(
            dashboard(page, links or Links()), cls=JSONEncoder, ensure_ascii=False, indent=1
        )
        + "\n"
        for page in PAGES
    }


def write(wanted: Mapping[Path, str], folder: Path = DASHBOARDS) -> None:
    """Write the files and remove those of dashboards that are no more. Raises OSError."""
    for left in folder.glob("*/*.json"):
        if left.relative_to(folder) not in wanted:
            left.unlink()
    for path, text in wanted.items():
        (folder / path.parent).mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
