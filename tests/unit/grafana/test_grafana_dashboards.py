"""The action for a dashboard, decided from its file and Grafana's version."""

from dataclasses import replace

import pytest

from tidemark.services.grafana.dashboards import Action, Change, Dashboard, StoredDashboard, compare

MINE = Dashboard("a", "folder", {"uid": "a", "title": "A", "panels": [{"id": 1}]})


def make_stored(dashboard: Dashboard = MINE, **fields: object) -> StoredDashboard:
    """The dashboard as Grafana has it after it was published: numbered, with defaults filled in."""
    model = {**dashboard.model, "id": 7, "version": 3, "fiscalYearStartMonth": 0}
    return replace(StoredDashboard(model, dashboard.folder, 3, dashboard.message, "sa-1", "today"), **fields)  # type: ignore[arg-type]


def action(dashboard: Dashboard, stored: StoredDashboard | None, overwrite: bool = False) -> Action:
    return compare(dashboard, stored, overwrite).action


def test_defaults_that_grafana_fills_in_are_not_a_change() -> None:
    assert action(MINE, make_stored()) is Action.UNCHANGED


def test_the_order_of_fields_in_a_file_is_not_a_change() -> None:
    reordered = Dashboard("a", "folder", dict(reversed(MINE.model.items())))
    assert action(reordered, make_stored()) is Action.UNCHANGED


def test_new_content_replaces_the_version_that_was_read() -> None:
    change = compare(Dashboard("a", "folder", {**MINE.model, "title": "B"}), make_stored(), False)
    assert (change.action, change.replaces) == (Action.CHANGED, 3)
    payload = change.dashboard.create_payload(change.replaces)
    assert (payload["dashboard"]["version"], payload["dashboard"]["id"]) == (3, None)
    assert payload["overwrite"] is False
    assert '-  "title": "A",' in change.diff.splitlines() or '-  "title": "A"' in change.diff.splitlines()


@pytest.mark.parametrize("message", ["", "Restored from version 1"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_version_that_somebody_else_saved_is_replaced_only_with_overwrite(
    message: str, overwrite: bool
) -> None:
    stored = make_stored(message=message, model={"uid": "a", "title": "Theirs"}, saved_by="operator")
    expected = Action.CHANGED if overwrite else Action.EDITED
    assert action(MINE, stored, overwrite) is expected


def test_the_same_content_saved_by_somebody_else_is_unchanged() -> None:
    assert action(MINE, make_stored(message="", model={**MINE.model, "id": 9})) is Action.UNCHANGED


def test_a_dashboard_that_grafana_reads_from_its_own_files_is_never_saved() -> None:
    assert action(MINE, make_stored(provisioned_from="a.json"), overwrite=True) is Action.PROVISIONED


def test_a_missing_dashboard_is_created() -> None:
    assert compare(MINE, None, False) == Change(MINE, Action.CREATED)
