"""`tidemark dashboards publish` when Grafana or the connection fails: its messages, and the outcome."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.grafana import StandInGrafana, stand_in_grafana
from tests.servers.grafana_store import Refusal
from tests.servers.ports import HOST, free_port
from tests.support.publishing import SECOND, actions, publish, three_dashboards, write_dashboard
from tidemark.services.grafana import connection

SAVE = "/api/dashboards/db"


@pytest.fixture
def grafana() -> Iterator[StandInGrafana]:
    with stand_in_grafana() as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return three_dashboards(tmp_path / "dashboards")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidemark.services.cli.dashboards.sleep", lambda _seconds: None)


def test_a_wrong_token_ends_the_command_at_once_with_the_remedy(grafana: StandInGrafana, files: Path) -> None:
    done = publish(grafana.url, files, token="glsa_a_wrong_one")  # noqa: S106  of no real Grafana
    assert done.exit_code == 1
    assert len(grafana.calls) == 1
    for word in ("401", "--token-file", "tidemark/footfall", "3 not tried"):
        assert word in done.output
    assert "glsa" not in done.output


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal(400, "Dashboard title cannot be empty", "empty-name"), ("400", "title cannot be empty")),
        (
            Refusal(403, "You'll need additional permissions"),
            ("403", "additional permissions", "role Editor"),
        ),
        (Refusal(404, "Not found"), ("404", "root")),
        (Refusal(412, "A dashboard with the same uid already exists", "name-exists"), ("412", "name-exists")),
    ],
    ids=lambda value: str(value.code) if isinstance(value, Refusal) else "",
)
def test_a_refused_dashboard_is_named_and_the_others_are_published(
    grafana: StandInGrafana, files: Path, refusal: Refusal, words: tuple[str, ...]
) -> None:
    grafana.fail("POST", SAVE, refusal=refusal)
    done = publish(grafana.url, files)
    assert done.exit_code == 1
    assert set(grafana.dashboards.by_uid) == {"tax-refund", "wall-footfall"}
    for word in ("saving dashboard tidemark/footfall", *words, "1 failed", "2 created"):
        assert word in done.output


def test_a_folder_created_by_somebody_else_at_the_same_time_is_reported_and_then_used(
    grafana: StandInGrafana, files: Path
) -> None:
    grafana.fail("POST", "/api/folders", refusal=Refusal(409, "folder with the same uid already exists"))
    done = publish(grafana.url, files)
    assert done.exit_code == 1
    for word in ("creating folder tidemark", "409", "already exists", "run the command again"):
        assert word in done.output
    assert publish(grafana.url, files).exit_code == 0
    assert set(grafana.dashboards.by_uid) == {"tax-refund", "footfall", "wall-footfall"}


@pytest.mark.parametrize("how", ["refuse", "cut", "cut after"])
@pytest.mark.parametrize("call", [("GET", "/api/dashboards/uid"), ("POST", "/api/folders"), ("POST", SAVE)])
def test_after_a_passing_failure_each_dashboard_exists_once(
    grafana: StandInGrafana, files: Path, call: tuple[str, str], how: str
) -> None:
    grafana.fail(*call, how)  # type: ignore[arg-type]
    done = publish(grafana.url, files, "--json")
    assert (done.exit_code, set(actions(done).values())) == (0, {"created"})
    assert {dashboard.version for dashboard in grafana.dashboards.by_uid.values()} == {1}
    assert len(grafana.dashboards.by_uid) == 3


@pytest.mark.parametrize(
    ("how", "word"), [("refuse", "500: Internal server error"), ("cut", "no usable answer from Grafana")]
)
def test_after_a_lasting_failure_the_actions_before_it_are_reported(
    grafana: StandInGrafana, files: Path, how: str, word: str
) -> None:
    publish(grafana.url, files)
    write_dashboard(files, "tidemark", {**SECOND, "title": "Footfall 2"})
    grafana.fail("GET", "/api/dashboards/uid/tax-refund", how, times=99)  # type: ignore[arg-type]
    done = publish(grafana.url, files, "--json")
    assert done.exit_code == 1
    assert actions(done) == {
        "footfall": "changed",
        "tax-refund": "not tried",
        "wall-footfall": "not tried",
    }
    stopped = json.loads(done.stdout)["stopped"]
    assert stopped.startswith("reading dashboard tidemark/tax-refund")
    assert word in stopped


def test_a_server_that_does_not_answer_causes_a_timeout(
    grafana: StandInGrafana, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TIMEOUT_S", 0.1)
    grafana.fail("GET", "/api/dashboards/uid", "stall", times=99)
    done = publish(grafana.url, files)
    assert done.exit_code == 1
    assert "timed out" in done.output
    assert len(grafana.calls) == 3


@pytest.mark.parametrize("path", ["/api/dashboards/uid", "/api/dashboards/uid/footfall/versions"])
def test_an_answer_in_another_format_is_reported(grafana: StandInGrafana, files: Path, path: str) -> None:
    publish(grafana.url, files)
    grafana.fail("GET", path, how="page", times=99)
    done = publish(grafana.url, files)
    assert done.exit_code == 1
    assert "the answer is not Grafana's" in done.output


def test_a_refused_connection_is_reported(files: Path) -> None:
    done = publish(f"http://{HOST}:{free_port()}", files)
    assert done.exit_code == 1
    assert "Connection refused" in done.output


def test_another_server_is_not_mistaken_for_an_empty_grafana(grafana: StandInGrafana, files: Path) -> None:
    done = publish(f"{grafana.url}/elsewhere", files, "--dry-run")
    assert done.exit_code == 1
    assert "404" in done.output


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://127.0.0.1", "http://host:port"),
        ("http://admin:secret@127.0.0.1", "--token-file"),
        ("127.0.0.1:3000", "http://host:port"),
    ],
)
def test_a_wrong_address_is_wrong_use(files: Path, url: str, word: str) -> None:
    done = publish(url, files)
    assert done.exit_code == 2
    assert word in done.output
    assert "secret" not in done.output


@pytest.mark.parametrize("token", ["", "two words", "glsa_秘密"])
def test_a_file_without_a_token_is_wrong_use_and_not_printed(files: Path, token: str) -> None:
    done = publish("http://127.0.0.1:1", files, token=token)
    assert done.exit_code == 2
    assert "does not contain a token" in done.output
    assert not token or token not in done.output
