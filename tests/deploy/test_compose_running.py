"""docker-compose.yml's commands and variables as plain processes, on a real Kafka."""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.deploy.compose import read_own_services
from tests.deploy.plain import Place, PlainService, run_service, run_to_end
from tests.support.commands import succeed
from tests.support.gateways import footfall

pytestmark = pytest.mark.xdist_group("compose-running")

OWN = read_own_services()
SEEN_S = 60.0
SERVERS = ("gateway", "ledger-1", "ledger-2", "exporter", "board")


@pytest.fixture
def place(kafka: str, tmp_path: Path) -> Place:
    """A new log on the broker of the test run."""
    return new_place(kafka, tmp_path)


def new_place(kafka: str, folder: Path) -> Place:
    return Place(f"kafka://{kafka}/deploy-{secrets.token_hex(4)}", folder)


def make_topics(place: Place, content: str) -> None:
    done = run_to_end(read_own_services(CONTENT=content)["topics"], place)
    assert done.returncode == 0, done.stderr


class Up(NamedTuple):
    """The services that `docker compose up` starts, and the token for sending events."""

    place: Place
    token: str
    services: dict[str, PlainService]


@pytest.fixture(scope="module")
def up(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """All services, running and healthy."""
    place = new_place(kafka, tmp_path_factory.mktemp("up"))
    added = succeed("sources", "add", "/counters/", "--family", "footfall", "--file", place.sources)
    make_topics(place, "real")
    with ExitStack() as stack:
        started = {name: stack.enter_context(run_service(name, OWN[name], place)) for name in SERVERS}
        for service in started.values():
            service.wait()
        yield Up(place, added.strip(), started)


def event(number: int, mall: str) -> dict[str, Any]:
    """The minute that just ended, in which a sensor of its own counted ten entries."""
    end = datetime.now(UTC).replace(microsecond=0)
    start = (end - timedelta(minutes=1)).isoformat()
    changes = {"time": end.isoformat(), "sensor_id": f"s{number}", "window_start": start, "entered": 10}
    return footfall(f"{mall}-{number}", subject=mall, **changes)


def send(up: Up, body: dict[str, Any], token: str) -> int:
    headers = {"Content-Type": "application/cloudevents+json", "Authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{up.services['gateway'].port}/v1/events"
    return httpx.post(url, content=json.dumps(body), headers=headers, timeout=30).status_code


def send_eight(up: Up, mall: str, first: int = 0) -> None:
    """Send enough events that every worker receives some."""
    for number in range(first, first + 8):
        assert send(up, event(number, mall), up.token) == 202


def wait_for(service: PlainService, path: str, line: str) -> None:
    """Wait until the service's response contains the line."""
    deadline = time.monotonic() + SEEN_S
    while line not in (text := httpx.get(f"http://127.0.0.1:{service.port}{path}", timeout=30).text):
        assert time.monotonic() < deadline, text[-2_000:]


def footfall_event(mall: str, total: int) -> str:
    return f'tidemark_footfall_entered_persons{{period="plan",place="{mall}"}} {total}.0'


def test_what_is_sent_to_the_gateway_is_shown_by_exporter_and_board(up: Up) -> None:
    assert send(up, event(0, "mall.a"), "not a token") == 401
    send_eight(up, "mall.a")
    wait_for(up.services["exporter"], "/metrics", footfall_event("mall.a", 80))
    wait_for(up.services["board"], "/api/totals", '"plan":80')
    assert all(service.process.running for service in up.services.values())


def test_totals_go_on_while_a_ledger_is_restarted(up: Up) -> None:
    send_eight(up, "mall.b")
    up.services["ledger-1"].process.end(30)
    with run_service("ledger-1", OWN["ledger-1"], up.place):
        send_eight(up, "mall.b", first=8)
        wait_for(up.services["exporter"], "/metrics", footfall_event("mall.b", 160))


def test_making_the_topics_again_changes_nothing(place: Place) -> None:
    make_topics(place, "real")
    make_topics(place, "real")
    done = run_to_end(read_own_services(CONTENT="simulated")["topics"], place)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_what_the_simulator_sends_adds_up(place: Place) -> None:
    make_topics(place, "simulated")
    done = run_to_end(OWN["simulator"] | {"command": first_day(OWN["simulator"]["command"])}, place)
    assert done.returncode == 0, done.stderr
    succeed("ledger", "--log", place.log, "--until-caught-up")
    assert "0 differences" in succeed("verify", "--log", place.log)


def first_day(command: list[str]) -> list[str]:
    """The command, limited to the first day of its month."""
    end = command.index("--to") + 1
    return [*command[:end], "2026-01-02", *command[end + 1 :]]
