"""Pages built into Grafana's dashboards: what is in their files and where these lie."""

import json
from collections.abc import Mapping
from pathlib import Path

from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    AnnotationTarget,
    Dashboard,
    DashboardLink,
    Row,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DashboardLinkType

from tidemark.deploy.prometheus.rendering.annotations import Links
from tidemark.services.grafana.annotations import ANNOTATION_TAG

from .drawing import draw_panel
from .page import Page, bilingual
from .pages import PAGES
from .variables import datasource, variable

TAG = "tidemark"

_GRAFANA_ITSELF = DataSourceRef(type_val="grafana", uid="-- Grafana --")


def build_dashboard(page: Page, links: Links) -> model.Dashboard:
    """The page as Grafana's model."""
    built = Dashboard(bilingual(page.title)).uid(page.uid).tags([TAG, page.folder])
    built.description(f"{page.about.zh}\n\n{page.about.en}").readonly()
    built.timezone("Asia/Shanghai").week_start("monday").tooltip(DashboardCursorSync.CROSSHAIR)
    built.time("now-6h", "now").refresh(page.refresh)
    built.with_variable(datasource())
    for name in page.variables:
        built.with_variable(variable(name))
    for link in _links(page, links):
        built.link(link)
    built.annotation(_marks())
    for section in page.sections:
        if section.title is not None:
            built.with_row(Row(bilingual(section.title)))
        for panel in section.panels:
            built.with_panel(draw_panel(panel, links))
    return _number_panels(built.build())


def _marks() -> AnnotationQuery:
    """Launches, shows and targets reached, as `tidemark annotations` puts them into Grafana."""
    tagged = AnnotationTarget().type("tags").tags([ANNOTATION_TAG]).match_any(True).limit(200)
    marks = AnnotationQuery().name("活动与里程碑 · Activities and milestones").enable(True)
    marks.datasource(_GRAFANA_ITSELF).icon_color("blue")
    return marks.target(tagged)  # type: ignore[arg-type] # the SDK types only queries of data sources


def _number_panels(built: model.Dashboard) -> model.Dashboard:
    """With a number for each panel, which links to single panels need."""
    for number, panel in enumerate(built.panels or (), start=1):
        panel.id_val = number
    return built


def _links(page: Page, links: Links) -> list[DashboardLink]:
    if page.folder == "wall":
        dark = f"{links.grafana}/d/{page.uid}?kiosk&theme=dark&refresh={page.refresh}"
        return [_link("全屏深色 · Full screen, dark", dark)]
    others = DashboardLink("看板 · Dashboards").type(DashboardLinkType.DASHBOARDS).tags([ANNOTATION_TAG])
    return [
        others.as_dropdown(True).keep_time(True),
        _link("大屏 · Board", links.board),
        _link("数字从何而来 · Explain", f"{links.board}/explain"),
        _link("处置手册 · Runbooks", f"{links.board}/runbooks"),
    ]


def _link(title: str, url: str) -> DashboardLink:
    return DashboardLink(title).type(DashboardLinkType.LINK).url(url).target_blank(True)


DASHBOARDS = Path(__file__).parent / "dashboards"


def files(links: Links | None = None) -> dict[Path, str]:
    """The content of each file by its path below the dashboards' folder."""
    return {
        Path(page.folder) / f"{page.uid}.json": json.dumps(
            build_dashboard(page, links or Links()), cls=JSONEncoder, ensure_ascii=False, indent=1
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
