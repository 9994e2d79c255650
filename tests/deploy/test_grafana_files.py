"""The dashboards' files, and Grafana's provisioning of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from ruamel.yaml import YAML

from tests.deploy.grafana_dashboards import DASHBOARDS, FILES
from tests.deploy.promql_check import check_promql
from tests.support.panel_queries import fill_variables, queries
from tidemark.deploy.grafana import writing
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.rendering.annotations import Links

PROVISIONING = Path(writing.__file__).parent / "provisioning"


def test_the_committed_dashboards_are_up_to_date() -> None:
    folder = writing.DASHBOARDS
    on_disk = {path.relative_to(folder): path.read_text("utf-8") for path in folder.glob("*/*.json")}
    assert on_disk.keys() == FILES.keys()
    assert [path for path in FILES if on_disk[path] != FILES[path]] == [], (
        "run python -m tidemark.deploy.grafana"
    )


def test_what_is_no_longer_a_dashboard_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "business" / "left.json"
    left.parent.mkdir()
    left.write_text("{}")
    writing.write_dashboards(FILES, tmp_path)
    assert {path.relative_to(tmp_path) for path in tmp_path.glob("*/*.json")} == FILES.keys()


def test_uids_and_titles_are_unique() -> None:
    assert len(DASHBOARDS) == len(FILES)
    assert len({dashboard["title"] for dashboard in DASHBOARDS.values()}) == len(FILES)
    assert all(dashboard["uid"] == uid for uid, dashboard in DASHBOARDS.items())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_grafanas_own_model_reads_back_what_was_written(path: Path) -> None:
    read = Dashboard.from_json(json.loads(FILES[path]))
    assert json.loads(json.dumps(read, cls=JSONEncoder)) == DASHBOARDS[path.stem]


def test_every_alert_has_its_dashboard() -> None:
    assert {condition.dashboard for condition in CONDITIONS} <= DASHBOARDS.keys()


def test_links_lead_to_the_deployment_they_are_written_for() -> None:
    text = "".join(
        writing.render_dashboards(Links("http://board.example", "http://grafana.example")).values()
    )
    assert "http://board.example/runbooks/PortQueueLong" in text
    assert "127.0.0.1" not in text


@pytest.mark.parametrize("uid", DASHBOARDS)
def test_every_query_is_promql(uid: str, tmp_path: Path) -> None:
    assert check_promql([expr for _, expr in queries(DASHBOARDS[uid])], tmp_path) == ""


def test_a_query_that_is_not_promql_would_be_found(tmp_path: Path) -> None:
    assert check_promql(["sum by (place ("], tmp_path)


def test_a_variable_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill_variables('up{job="$nobody"}')


def read_provisioned(kind: str) -> Any:
    (file,) = (PROVISIONING / kind).glob("*.yml")
    return YAML(typ="safe").load(file)


def test_grafana_takes_the_files_as_they_are_and_keeps_their_folders() -> None:
    (provider,) = read_provisioned("dashboards")["providers"]
    assert provider["options"]["foldersFromFilesStructure"]
    assert not provider["allowUiUpdates"]


def test_data_sources_are_of_the_kinds_that_are_used() -> None:
    kinds = [source["type"] for source in read_provisioned("datasources")["datasources"]]
    assert kinds == ["prometheus", "alertmanager"]
