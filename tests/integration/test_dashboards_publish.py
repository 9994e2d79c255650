"""`tidemark dashboards publish` to a stand-in Grafana: files are published, people's changes respected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.grafana import StandInGrafana, stand_in_grafana
from tests.support.publishing import FIRST, SECOND, actions, publish, three_dashboards, write_dashboard


@pytest.fixture
def grafana() -> Iterator[StandInGrafana]:
    with stand_in_grafana() as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return three_dashboards(tmp_path / "dashboards")


def versions(grafana: StandInGrafana) -> dict[str, int]:
    return {uid: dashboard.version for uid, dashboard in grafana.dashboards.by_uid.items()}


def test_the_first_run_creates_folders_and_dashboards(grafana: StandInGrafana, files: Path) -> None:
    done = publish(grafana.url, files)
    assert done.exit_code == 0, done.output
    assert grafana.dashboards.folders == {"tidemark": "Tidemark", "wall-screens": "Wall screens"}
    assert versions(grafana) == {"tax-refund": 1, "footfall": 1, "wall-footfall": 1}
    assert grafana.dashboards.by_uid["wall-footfall"].folder == "wall-screens"
    assert "3 created" in done.output


def test_publishing_again_without_a_change_writes_nothing(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    grafana.calls.clear()
    done = publish(grafana.url, files)
    assert (done.exit_code, grafana.writes()) == (0, [])
    assert "3 unchanged" in done.output


def test_a_changed_file_becomes_a_new_version_with_its_message(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    write_dashboard(files, "tidemark", {**SECOND, "title": "Footfall and districts"})
    done = publish(grafana.url, files, "--json")
    assert actions(done) == {"footfall": "changed", "tax-refund": "unchanged", "wall-footfall": "unchanged"}
    assert versions(grafana) == {"tax-refund": 1, "footfall": 2, "wall-footfall": 1}
    newest = grafana.dashboards.by_uid["footfall"].versions[-1]
    assert newest.model["title"] == "Footfall and districts"
    assert newest.message.startswith("tidemark dashboards publish, content ")


def test_a_dry_run_shows_the_difference_and_changes_nothing(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    write_dashboard(files, "tidemark", {**FIRST, "panels": [{"title": "表单 Forms", "type": "stat"}]})
    write_dashboard(files, "tidemark", {"uid": "retail", "title": "Retail"})
    grafana.calls.clear()
    done = publish(grafana.url, files, "--dry-run")
    assert (done.exit_code, grafana.writes()) == (0, [])
    lines = [line.rstrip() for line in done.output.splitlines()]
    assert '-      "title": "Forms",' in lines
    assert '+      "title": "表单 Forms",' in lines
    assert "dry run: " in done.output
    assert {"1 changed", "1 created", "2 unchanged"} <= set(lines[-1].removeprefix("dry run: ").split(", "))


def test_a_dashboard_moves_with_its_file(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    (files / "tidemark" / "footfall.json").unlink()
    write_dashboard(files, "wall-screens", SECOND)
    done = publish(grafana.url, files)
    assert done.exit_code == 0
    assert grafana.dashboards.by_uid["footfall"].folder == "wall-screens"
    assert "moved from folder tidemark" in done.output


def test_a_persons_change_is_kept_and_reported_with_author_and_time(
    grafana: StandInGrafana, files: Path
) -> None:
    publish(grafana.url, files)
    grafana.dashboards.edit("footfall", "operator", title="My footfall")
    write_dashboard(files, "tidemark", {**SECOND, "description": "new"})
    done = publish(grafana.url, files)
    assert done.exit_code == 1
    assert grafana.dashboards.by_uid["footfall"].versions[-1].model["title"] == "My footfall"
    for word in ("footfall", "version 2 was saved by operator on 2026-11-24", "--overwrite"):
        assert word in done.output


def test_a_persons_change_is_kept_even_if_the_file_is_unchanged(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    grafana.dashboards.edit("footfall", "operator", title="My footfall")
    done = publish(grafana.url, files, "--json")
    assert (done.exit_code, actions(done)["footfall"]) == (1, "edited")
    assert versions(grafana)["footfall"] == 2


def test_overwrite_replaces_a_persons_change(grafana: StandInGrafana, files: Path) -> None:
    publish(grafana.url, files)
    grafana.dashboards.edit("footfall", "operator", title="My footfall")
    assert publish(grafana.url, files, "--overwrite").exit_code == 0
    assert grafana.dashboards.by_uid["footfall"].versions[-1].model["title"] == "Footfall"
    assert "3 unchanged" in publish(grafana.url, files).output


@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_a_change_saved_during_publishing_is_not_lost(
    grafana: StandInGrafana, files: Path, options: tuple[str, ...]
) -> None:
    publish(grafana.url, files)
    write_dashboard(files, "tidemark", {**SECOND, "description": "new"})

    def save_edit(method: str, path: str) -> None:
        if (method, path) == ("POST", "/api/dashboards/db"):
            grafana.dashboards.edit("footfall", "operator", title="My footfall")

    grafana.before = save_edit
    done = publish(grafana.url, files, *options)
    assert done.exit_code == 1
    for word in ("saving dashboard tidemark/footfall", "412", "version-mismatch", "run the command again"):
        assert word in done.output
    assert grafana.dashboards.by_uid["footfall"].versions[-1].model["title"] == "My footfall"


def test_a_dashboard_that_grafana_reads_from_its_own_files_is_reported_with_its_file(
    grafana: StandInGrafana, files: Path
) -> None:
    publish(grafana.url, files)
    grafana.dashboards.by_uid["footfall"].provisioned_from = "footfall.json"
    write_dashboard(files, "tidemark", {**SECOND, "description": "new"})
    done = publish(grafana.url, files, "--overwrite")
    assert done.exit_code == 1
    assert "Grafana reads it from its file footfall.json" in done.output
