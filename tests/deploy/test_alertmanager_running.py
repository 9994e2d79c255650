"""Inhibition and quiet hours on a real Alertmanager, with the secret that the notifier requires."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.servers.alertmanager import Alertmanager
from tests.servers.ports import HOST
from tidemark.deploy.alertmanager.configuration import Webhook, build_configuration, render_configuration
from tidemark.deploy.alertmanager.muting import DAYS_OFF, NIGHT, build_time_intervals
from tidemark.streams.indicators.calendar.china import Announcement, ChinaCalendar

SECRET = "the secret of this test"  # noqa: S105
QUICK = 0.01
SEEN_S = 30.0
LONG_AGO = 2020
MUTED = "route is within mute time"

Labels = dict[str, str]


class Received(NamedTuple):
    """One alert of one request."""

    receiver: str
    labels: Labels
    authorization: str | None


class Hook:
    """A webhook that records the alerts it receives."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sent = self.headers["Authorization"]
                # Alertmanager writes the name as a regular expression would have it.
                receiver = body["receiver"].replace("\\", "")
                hook.received += [Received(receiver, each["labels"], sent) for each in body["alerts"]]
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Log nothing to standard error."""

        self.server = ThreadingHTTPServer((HOST, 0), Handler)

    def names(self) -> set[str]:
        return {alert.labels["alertname"] for alert in list(self.received)}

    def wait_for(self, *names: str) -> None:
        self.wait_until(lambda: self.names() >= set(names))

    def wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SEEN_S
        while not holds():
            assert time.monotonic() < deadline, self.received
            time.sleep(0.02)


@contextmanager
def open_hook() -> Iterator[Hook]:
    hook = Hook()
    thread = threading.Thread(target=hook.server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hook
    finally:
        hook.server.shutdown()
        thread.join()
        hook.server.server_close()


@contextmanager
def run_alertmanager(folder: Path, hook: Hook, intervals: Sequence[dict[str, Any]]) -> Iterator[Alertmanager]:
    """An Alertmanager with the committed routes, these quiet hours, and short waits."""
    secret = folder / "secret"
    secret.write_text(SECRET)
    url = f"http://{HOST}:{hook.server.server_address[1]}/alerts"
    config = build_configuration(Webhook(url, str(secret)), QUICK) | {"time_intervals": list(intervals)}
    file = folder / "alertmanager.yml"
    file.write_text(render_configuration(config), "utf-8")
    with Alertmanager(folder / "server", file, ["--log.level=debug"]) as server:
        yield server


def quiet_hours(*days: datetime) -> list[dict[str, Any]]:
    """Quiet hours in a past year, and on these days."""
    per_year = groupby(sorted(day.date() for day in days), key=lambda day: day.year)
    announced = [Announcement(year, "a test", frozenset(off), frozenset()) for year, off in per_year]
    calendar = ChinaCalendar(announced)
    years = [each.year for each in announced] or [LONG_AGO]
    named = {each["name"]: each for each in build_time_intervals(calendar, years, "UTC")}
    named[NIGHT]["time_intervals"] = [{"years": [str(LONG_AGO)]}]
    return [named[NIGHT], named[DAYS_OFF]]


def alert(name: str, severity: str = "warning", **labels: str) -> dict[str, Any]:
    given = {"alertname": name, "severity": severity, "layer": "business", "audience": "bureau"}
    return {"labels": given | labels}


def silent(server: Alertmanager) -> set[str]:
    """The inhibited alerts, as name/severity."""
    held = [each for each in server.alerts() if each["status"]["inhibitedBy"]]
    return {f"{each['labels']['alertname']}/{each['labels']['severity']}" for each in held}


@pytest.fixture
def hook() -> Iterator[Hook]:
    with open_hook() as opened:
        yield opened


@pytest.fixture
def server(tmp_path: Path, hook: Hook) -> Iterator[Alertmanager]:
    with run_alertmanager(tmp_path, hook, quiet_hours()) as alertmanager:
        yield alertmanager


def test_a_stale_feed_silences_the_business_alerts_that_read_it_and_no_others(server: Alertmanager) -> None:
    feed = alert("FeedStale", layer="pipeline", audience="platform", family="refund")
    gaps = alert("FeedIncomplete", layer="pipeline", audience="platform", family="refund")
    reads, others = alert("RefundPayoutSlow", family="refund"), alert("AcceptanceFailing", family="payment")
    server.post([feed, gaps, reads, others])
    assert silent(server) == {"RefundPayoutSlow/warning"}


@pytest.mark.parametrize("blind", ["LedgerStalled", "ExporterDown", "ExporterStale"])
def test_missing_totals_silence_every_business_alert_and_none_about_the_pipeline(
    server: Alertmanager, blind: str
) -> None:
    cause = alert(blind, "critical", layer="pipeline", audience="platform")
    feed = alert("FeedStale", layer="pipeline", audience="platform", family="trade")
    server.post(
        [cause, feed, alert("AcceptanceFailing", "critical", family="payment"), alert("PortQueueLong")]
    )
    assert silent(server) == {"AcceptanceFailing/critical", "PortQueueLong/warning"}


def test_a_warning_about_a_stale_exporter_silences_nothing(server: Alertmanager) -> None:
    server.post([alert("ExporterStale", layer="pipeline"), alert("PortQueueLong")])
    assert silent(server) == set()


def test_the_more_severe_alert_silences_the_lesser_about_the_same_subject(server: Alertmanager) -> None:
    inside, outside = {"place": "mall.coco_park"}, {"place": "mall.one_avenue"}
    server.post(
        [
            alert("OccupancyHigh", "critical", window="1h", **inside),
            alert("OccupancyHigh", "warning", window="1d", **inside),
            alert("OccupancyHigh", "info", **outside),
        ]
    )
    assert silent(server) == {"OccupancyHigh/warning"}


@pytest.mark.parametrize(
    "label", ["place", "port", "indicator", "rail", "scheme", "family", "reason", "partition"]
)
def test_a_more_severe_alert_about_another_subject_silences_nothing(server: Alertmanager, label: str) -> None:
    server.post([alert("Any", "critical", **{label: "a"}), alert("Any", "warning", **{label: "b"})])
    assert silent(server) == set()


def test_an_alert_carries_the_secret_and_one_of_a_mall_reaches_its_operators_too(
    server: Alertmanager, hook: Hook
) -> None:
    server.post([alert("OccupancyHigh", "critical", audience="district", place="mall.coco_park")])
    hook.wait_until(lambda: len(hook.received) == 2)
    assert {received.receiver for received in hook.received} == {"mall.coco_park", "district.futian_cbd"}
    assert {received.authorization for received in hook.received} == {f"Bearer {SECRET}"}


def test_on_a_day_off_offices_receive_only_critical_alerts_and_ports_all(tmp_path: Path, hook: Hook) -> None:
    now = datetime.now(UTC)
    # Midnight may pass while the test runs.
    with run_alertmanager(tmp_path, hook, quiet_hours(now, now + timedelta(days=1))) as server:
        server.post([alert("Held"), alert("Grave", "critical"), alert("Queue", audience="port")])
        hook.wait_for("Grave", "Queue")
        hook.wait_until(lambda: MUTED in server.log.read_text("utf-8"))
    assert hook.names() == {"Grave", "Queue"}


def test_on_another_day_the_same_alert_is_delivered(server: Alertmanager, hook: Hook) -> None:
    server.post([alert("Held")])
    hook.wait_for("Held")
    assert MUTED not in server.log.read_text("utf-8")
