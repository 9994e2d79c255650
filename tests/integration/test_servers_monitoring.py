"""The Prometheus and the Alertmanager that tests get."""

from pathlib import Path

import pytest

from tests.servers.alertmanager import Alertmanager
from tests.servers.process import ServerFailed
from tests.servers.prometheus import Prometheus

ROUTE = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


def test_prometheus_answers_queries_and_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    with Prometheus(tmp_path, {"global": {"scrape_interval": "1s"}}) as server:
        assert server.query("vector(3)") == [({}, 3.0)]
        assert server.query("scalar(vector(2))") == [({}, 2.0)]
        server.stop()
        server.start()
        assert server.rules() == []


def test_a_prometheus_that_cannot_read_its_configuration_names_its_log(tmp_path: Path) -> None:
    server = Prometheus(tmp_path, {"scrape_intervall": "1s"})
    with pytest.raises(ServerFailed, match=r"prometheus\.log"):
        server.start()


def test_alertmanager_takes_alerts_and_tells_where_they_go(tmp_path: Path) -> None:
    config = tmp_path / "alertmanager.yml"
    config.write_text(ROUTE)
    with Alertmanager(tmp_path / "server", config) as server:
        server.post([{"labels": {"alertname": "A"}}])
        [alert] = server.alerts()
    assert [receiver["name"] for receiver in alert["receivers"]] == ["nobody"]
