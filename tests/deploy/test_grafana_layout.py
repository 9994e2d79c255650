"""The positions, colours and names of panels."""

import json
from itertools import combinations
from typing import Any

import pytest

from tests.deploy.grafana_dashboards import DASHBOARDS
from tests.support.panel_queries import panels
from tidemark.deploy.grafana.drawing import ABOVE_ZERO, COLOURS, GOOD, build_thresholds, find_condition
from tidemark.deploy.grafana.naming import list_names
from tidemark.deploy.grafana.page import Page, Panel
from tidemark.deploy.grafana.pages import PAGES
from tidemark.deploy.prometheus.alerts import CONDITIONS

WALLS = [uid for uid in DASHBOARDS if uid.startswith("wall-")]
COLUMNS, ROW_PX, GAP_PX, SCREEN_PX = 24, 30, 8, 1080
ALERTS = sorted({panel.alert for page in PAGES for panel in page.panels if panel.alert})


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_panels_do_not_overlap_or_stick_out(uid: str) -> None:
    drawn = DASHBOARDS[uid]["panels"]
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= COLUMNS for panel in drawn)
    assert not any(cells(first) & cells(second) for first, second in combinations(drawn, 2))


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_line_of_panels_is_full(uid: str) -> None:
    drawn = [panel["gridPos"] for panel in DASHBOARDS[uid]["panels"]]
    for y in {at["y"] for at in drawn}:
        assert sum(at["w"] for at in drawn if at["y"] == y) == COLUMNS, f"line {y}"


@pytest.mark.parametrize("uid", WALLS)
def test_a_wall_screen_fits_1920_by_1080_without_scrolling(uid: str) -> None:
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in DASHBOARDS[uid]["panels"])
    assert rows * ROW_PX + (rows - 1) * GAP_PX <= SCREEN_PX
    assert DASHBOARDS[uid]["refresh"] == "5s"


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_panels_have_numbers_of_their_own(uid: str) -> None:
    numbers = [panel["id"] for panel in DASHBOARDS[uid]["panels"]]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("alert", ALERTS)
def test_colours_change_at_the_limits_of_the_alert(alert: str) -> None:
    judged = find_condition(alert)
    steps = {step.value: step.color for step in build_thresholds(alert).steps}
    assert steps.keys() - {None} == {limit or ABOVE_ZERO for limit in judged.limits.values()}
    below = judged.comparison == "<"
    assert steps[None] == (
        COLOURS[min(judged.limits.items(), key=lambda pair: pair[1])[0]] if below else GOOD
    )


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_an_alert_of_the_business_is_shown_on_its_dashboard(condition: Any) -> None:
    if condition.layer == "business":
        page = next(page for page in PAGES if page.uid == condition.dashboard)
        alerts = {panel.alert for panel in page.panels}
        columns = {query.alert for panel in page.panels for query in panel.queries}
        assert condition.name in alerts | columns


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_a_panel_of_an_alert_links_to_its_runbook(uid: str) -> None:
    page = next(page for page in PAGES if page.uid == uid)
    for spec, panel in zip(page.panels, panels(DASHBOARDS[uid]), strict=True):
        urls = [link["url"] for link in panel.get("links", ())]
        assert any(url.endswith(f"/runbooks/{spec.alert}") for url in urls) is bool(spec.alert)


def uses(panel: Panel) -> str:
    return " ".join(query.expr for query in panel.queries)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.uid)
def test_every_variable_is_used(page: Page) -> None:
    text = " ".join(uses(panel) for panel in page.panels)
    assert [name for name in page.variables if f"${name}" not in text] == []
    assert [
        name
        for name in ("period", "place", "port", "scheme")
        if f"${name}" in text and name not in page.variables
    ] == []


def test_places_are_shown_by_their_names() -> None:
    assert list_names("mall")["mall.coco_park"] == "星河COCO Park · COCO Park"
    text = json.dumps(DASHBOARDS["footfall"], ensure_ascii=False)
    assert "星河COCO Park · COCO Park" in text
