"""Pages built into Grafana's dashboards."""

from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    AnnotationTarget,
    Dashboard,
    DashboardLink,
    Row,
)
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, DashboardLinkType

from tidemark.deploy.prometheus.annotations import Links
from tidemark.services.grafana.annotations import OURS

from .drawing import drawn
from .page import Page, bilingual
from .variables import datasource, variable

TAG = "tidemark"

_GRAFANA_ITSELF = DataSourceRef(type_val="grafana", uid="-- Grafana --")


def dashboard(page: Page, links: Links) -> model.Dashboard:
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
            built.with_panel(drawn(panel, links))
    return _numbered(built.build())


def _marks() -> AnnotationQuery:
    """Launches, shows and targets reached, as `tidemark annotations` puts them into Grafana."""
    tagged = AnnotationTarget().type("tags").tags([OURS]).match_any(True).limit(200)
    marks = AnnotationQuery().name("活动与里程碑 · Activities and milestones").enable(True)
    marks.datasource(_GRAFANA_ITSELF).icon_color("blue")
    return marks.target(tagged)  # type: ignore[arg-type] # the SDK types only queries of data sources


def _numbered(built: model.Dashboard) -> model.Dashboard:
    """With a number for each panel, which links to single panels need."""
    for number, panel in enumerate(built.panels or (), start=1):
        panel.id_val = number
    return built


def _links(page: Page, links: Links) -> list[DashboardLink]:
    if page.folder == "wall":
        dark = f"{links.grafana}/d/{page.uid}?kiosk&theme=dark&refresh={page.refresh}"
        return [_link("全屏深色 · Full screen, dark", dark)]
    others = DashboardLink("看板 · Dashboards").type(DashboardLinkType.DASHBOARDS).tags([TAG])
    return [
        others.as_dropdown(True).keep_time(True),
        _link("大屏 · Board", links.board),
        _link("数字从何而来 · Explain", f"{links.board}/explain"),
        _link("处置手册 · Runbooks", f"{links.board}/runbooks"),
    ]


def _link(title: str, url: str) -> DashboardLink:
    return DashboardLink(title).type(DashboardLinkType.LINK).url(url).target_blank(True)
