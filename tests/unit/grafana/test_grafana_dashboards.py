"""What is done about a dashboard, from its file and from what Grafana has."""

from dataclasses import replace

import pytest

from tidemark.services.grafana.dashboards import Action, Change, Dashboard, Stored, compare

MINE = Dashboard("a", "folder", {"uid": "a", "title": "A", "panels": [{"id": 1}]})


def make_stored(wanted: Dashboard = MINE, **fields: object) -> Stored:
    """As Grafana has it after it was published: numbered, with defaults filled in."""
    model = {**wanted.model, "id": 7, "version": 3, "fiscalYearStartMonth": 0}
    return replace(Stored(model, wanted.folder, 3, wanted.message, "sa-1", "today"), **fields)  # type: ignore[arg-type]


def action(wanted: Dashboard, there: Stored | None, overwrite: bool = False) -> Action:
    return compare(wanted, there, overwrite).action


def test_defaults_that_grafana_fills_in_are_no_change() -> None:
    assert action(MINE, make_stored()) is Action.UNCHANGED


def test_the_order_of_fields_in_a_file_is_no_change() -> None:
    turned = Dashboard("a", "folder", dict(reversed(MINE.model.items())))
    assert action(turned, make_stored()) is Action.UNCHANGED


def test_another_content_is_a_change_that_replaces_the_version_that_was_read() -> None:
    change = compare(Dashboard("a", "folder", {**MINE.model, "title": "B"}), make_stored(), False)
    assert (change.action, change.replaces) == (Action.CHANGED, 3)
    payload = change.dashboard.create_payload(change.replaces)
    assert (payload["dashboard"]["version"], payload["dashboard"]["id"]) == (3, None)
    assert payload["overwrite"] is False
    assert '-  "title": "A",' in change.diff.splitlines() or '-  "title": "A"' in change.diff.splitlines()


@pytest.mark.parametrize("message", ["", "Restored from version 1"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_somebody_else_saved_is_replaced_only_when_told(message: str, overwrite: bool) -> None:
    there = make_stored(message=message, model={"uid": "a", "title": "Theirs"}, saved_by="operator")
    expected = Action.CHANGED if overwrite else Action.EDITED
    assert action(MINE, there, overwrite) is expected


def test_the_same_content_saved_by_somebody_else_loses_nothing_and_is_left() -> None:
    assert action(MINE, make_stored(message="", model={**MINE.model, "id": 9})) is Action.UNCHANGED


def test_a_dashboard_of_grafanas_own_files_is_never_saved() -> None:
    assert action(MINE, make_stored(provisioned_from="a.json"), overwrite=True) is Action.PROVISIONED


def test_what_is_not_there_is_created() -> None:
    assert compare(MINE, None, False) == Change(MINE, Action.CREATED)
