"""Troubles of the demo become alerts, reach people in both languages, and are told to be over."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.servers.prometheus import Prometheus
from tests.servers.require import program
from tests.support.channels import Heard, open_channel
from tests.support.demos import Demo, shorten_scenario
from tests.support.notifying import Notifier, alertmanager, prometheus

LIMIT_S = 180.0


class Case(NamedTuple):
    """A scenario, its alert and what people read; how much shorter, and the scenario's times in seconds.

    `holds`: the alert is pending at first.
    """

    scenario: str
    alert: str
    summary: tuple[str, str]
    scale: float
    lasts_s: int
    past_days: int | None
    holds: bool = True


CASES = [
    Case(
        "refund-coverage-lags",
        "RefundCoverageLagging",
        ("离境退税商店建设进度落后", "Tax refund shops are behind the planned path"),
        scale=1e-5,
        lasts_s=40,
        past_days=None,  # coverage is measured against the path, which the whole year led up to
    ),
    Case(
        "port-queue-long",
        "PortQueueLong",
        ("口岸退税验核排队过长", "Long queue for refund verification"),
        scale=0.005,
        lasts_s=40,
        past_days=2,
    ),
    Case("feed-stale", "FeedStale", ("footfall", "footfall"), scale=0.15, lasts_s=50, past_days=2),
    Case(
        "dead-letters",
        "DeadLettersGrowing",
        ("出现拒收记录", "Records were refused"),
        scale=0.02,
        lasts_s=45,
        past_days=2,
        holds=False,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alert)
def test_a_trouble_is_told_in_both_languages_and_so_is_its_end(case: Case, tmp_path: Path) -> None:
    program("prometheus")
    demo = Demo(tmp_path, shorten_scenario(tmp_path, case.scenario, 5, case.lasts_s, case.past_days))
    with open_channel() as heard, Notifier(tmp_path / "notifier", heard.url) as notifier:
        routing = alertmanager(tmp_path / "alertmanager", notifier)
        rules = prometheus(tmp_path / "prometheus", demo.port, case.alert, case.scale, routing)
        with routing, rules:
            demo.start()
            try:
                demo.wait_until_live()
                _, body = wait_for_message(heard, case.summary, over=False)
                assert "处理：" in body
                assert "What to do:" in body
                assert f"/runbooks/{case.alert}" in body
                wait_for_message(heard, case.summary, over=True)
                states = list_states(rules, case.alert)
            finally:
                said = demo.end()
    assert states == ({"pending", "firing"} if case.holds else {"firing"})
    assert " 0 differences" in said


def wait_for_message(heard: Heard, summary: tuple[str, str], over: bool) -> tuple[str, str]:
    """The first message with this summary in both languages, about the trouble or about its end."""

    def find_message() -> tuple[str, str] | None:
        for title, body in heard.messages:
            if title.startswith("【已恢复】") is over and summary[0] in title and summary[1] in body:
                return title, body
        return None

    with heard.changed:
        message = heard.changed.wait_for(find_message, LIMIT_S)
    assert message, f"of {summary[1]!r} nobody was told; heard: {heard.messages}"
    return message


def list_states(server: Prometheus, alert: str) -> set[str]:
    """Every state the alert has been in."""
    series = server.query(f'count by (alertstate) (last_over_time(ALERTS{{alertname="{alert}"}}[10m]))')
    return {labels["alertstate"] for labels, _ in series}
