"""Builds Grafana's dashboards from pages and writes their files."""

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
from tidemark.services.grafana.annotations import OURS

from .drawing import build_panel
from .page import Page, join_languages
from .pages import PAGES
from .variables import build_datasource, build_variable

TAG = "tidemark"

_GRAFANA_ITSELF = DataSourceRef(type_val="grafana", uid="-- Grafana --")


def build_dashboard(page: Page, links: Links) -> model.Dashboard:
    """The page in Grafana's model."""
    dashboard = Dashboard(join_languages(page.title)).uid(page.uid).tags([TAG, page.folder])
    dashboard.description(f"{page.about.zh}\n\n{page.about.en}").readonly()
    dashboard.timezone("Asia/Shanghai").week_start("monday").tooltip(DashboardCursorSync.CROSSHAIR)
    dashboard.time("now-6h", "now").refresh(page.refresh)
    dashboard.with_variable(build_datasource())
    for name in page.variables:
        dashboard.with_variable(build_variable(name))
    for link in _build_links(page, links):
        dashboard.link(link)
    dashboard.annotation(_query_annotations())
    for section in page.sections:
        if section.title is not None:
            dashboard.with_row(Row(join_languages(section.title)))
        for panel in section.panels:
            dashboard.with_panel(build_panel(panel, links))
    return _number_panels(dashboard.build())


def _query_annotations() -> AnnotationQuery:
    """Launches, shows and targets reached, which `tidemark annotations` writes into Grafana."""
    tagged = AnnotationTarget().type("tags").tags([OURS]).match_any(True).limit(200)
    marks = AnnotationQuery().name("活动与里程碑 · Activities and milestones").enable(True)
    marks.datasource(_GRAFANA_ITSELF).icon_color("blue")
    return marks.target(tagged)  # type: ignore[arg-type] # the SDK types only queries of data sources


def _number_panels(built: model.Dashboard) -> model.Dashboard:
    """The dashboard with a number for each panel, which links to single panels need."""
    for number, panel in enumerate(built.panels or (), start=1):
        panel.id_val = number
    return built


def _build_links(page: Page, links: Links) -> list[DashboardLink]:
    if page.folder == "wall":
        dark = f"{links.grafana}/d/{page.uid}?kiosk&theme=dark&refresh={page.refresh}"
        return [_build_link("全屏深色 · Full screen, dark", dark)]
    others = DashboardLink("看板 · Dashboards").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return [
        others.as_dropdown(True).keep_time(True),
        _build_link("大屏 · Board", links.board),
        _build_link("数字从何而来 · Explain", f"{links.board}/explain"),
        _build_link("处置手册 · Runbooks", f"{links.board}/runbooks"),
    ]


def _build_link(title: str, url: str) -> DashboardLink:
    return DashboardLink(title).type(DashboardLinkType.LINK).url(url).target_blank(True)


DASHBOARDS = Path(__file__).parent / "dashboards"


def render_dashboards(links: Links | None = None) -> dict[Path, str]:
    """The content of each file by its path within the folder of dashboards."""
    return {
        Path(page.folder) / f"{page.uid}.json": json.dumps(
            build_dashboard(page, links or Links()), cls=JSONEncoder, ensure_ascii=False, indent=1
        )
        + "\n"
        for page in PAGES
    }


def write_dashboards(texts: Mapping[Path, str], folder: Path = DASHBOARDS) -> None:
    """Write the files and remove files of other dashboards. Raises OSError."""
    for file in folder.glob("*/*.json"):
        if file.relative_to(folder) not in texts:
            file.unlink()
    for path, text in texts.items():
        (folder / path.parent).mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
