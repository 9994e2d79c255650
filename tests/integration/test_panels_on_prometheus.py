"""Every query of every panel and rule on a real Prometheus that scrapes a simulated, live district.

The days before come from `tidemark history`.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.servers.ports import HOST
from tests.servers.prometheus import Prometheus
from tests.servers.require import program
from tests.support.commands import ROOT, succeed
from tests.support.gateways import footfall
from tests.support.live_district import LiveDistrict
from tests.support.panel_checks import Query, alert_queries, panel_queries, recording_queries, wrong
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.services.gateway.content import STRUCTURED

pytestmark = [
    pytest.mark.xdist_group("panels"),
    # Apprise looks for what Python 3.13 no longer has.
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]

DAYS = 100
"""As far back as rules and panels look: a quarter, and the 90 days that clawbacks are held against."""
PAST_DAYS = 2
SCRAPE_S = 2
STEADY_WITHIN_S = 120.0
INSTANCES = {"exporter": 9464, "gateway": 8080, "ledger": 9465, "notifier": 9466}
_LATELY = f"[{4 * SCRAPE_S}s]"
STEADY = (
    f"count(min_over_time(up{_LATELY}) == 1 and count_over_time(up{_LATELY}) >= 3) == {len(INSTANCES)} "
    "and count(tidemark:retail_gross_yi_yuan)"
)
"""Every target answered all scrapes lately, three at least, and the rules were evaluated after them."""
EXCLUDED = {
    r"tidemark_footfall_anomaly_score": "the past was counted in windows of two hours, by no quarter-hour",
    r"tidemark_footfall_full_seconds": "no place has to be filling at the moment",
    r'tidemark_refund_payout_time_seconds{rail="(cash|card)"': "fewer than 60 such payouts in 30 days",
    r'tidemark_(refund_\w+|ticket_pull)_ratio{period="today"}': "a formula of months and more",
    r'tidemark_footfall_spend_per_visit_yuan{period="today"}': "a formula of months and more",
    r'tidemark_service_trade_amount_usd{period="today"}': "reported by the month",
}
"""By pattern of a query, why it has no data here."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Scrapes every two seconds, has the rules, and blocks of the last days."""
    for name in ("prometheus", "promtool"):
        program(name)  # before the district is filled: where one is missing, nothing is made in vain
    folder = tmp_path_factory.mktemp("panels")
    with LiveDistrict(folder, DAYS).run() as district:
        prometheus = Prometheus(folder / "prometheus", config(district.ports))
        fill(prometheus, district.url)
        with prometheus:
            send_an_event(district.ports["gateway"])
            yield prometheus


@pytest.fixture(scope="module")
def moment(server: Prometheus) -> float:
    """A Unix time at which every target is up and every rule is evaluated; queries are evaluated then.

    On a busy machine a scrape now and then takes longer than its timeout, and until the next one the
    target's series have no value: what is asked at such a time has no data.
    """
    deadline = time.monotonic() + STEADY_WITHIN_S
    while time.monotonic() < deadline:
        at = time.time() - 2 * SCRAPE_S  # scrapes that began before this are over
        if server.query(STEADY, at):
            return at
        time.sleep(0.2)
    raise AssertionError(f"at no time in {STEADY_WITHIN_S:g} s was every target scraped three times in a row")


def config(ports: Mapping[str, int]) -> dict[str, Any]:
    """Targets go by the names that they have in a deployment, and in the history."""
    return {
        "global": {
            "scrape_interval": f"{SCRAPE_S}s",
            "scrape_timeout": f"{SCRAPE_S}s",
            "evaluation_interval": "1s",
        },
        "rule_files": [str(ROOT / "deploy" / "prometheus" / "rules" / "*.yml")],
        "scrape_configs": [
            {
                "job_name": job,
                "static_configs": [
                    {"targets": [f"{HOST}:{port}"], "labels": {"instance": f"{job}:{INSTANCES[job]}"}}
                ],
            }
            for job, port in ports.items()
        ],
    }


def fill(prometheus: Prometheus, log: str) -> None:
    """Blocks of the last days that are over."""
    file = prometheus.folder / "history.om"
    # Whichever day it is in the district's zone, one at least is over since then.
    first = datetime.now(UTC).date() - timedelta(days=PAST_DAYS)
    succeed("history", "--openmetrics", "--from", first.isoformat(), "--log", log, "--output", file)
    blocks = ("tsdb", "create-blocks-from", "openmetrics", file, prometheus.data)
    subprocess.run([program("promtool"), *blocks], capture_output=True, timeout=120, check=True)


def send_an_event(gateway: int) -> None:
    at = datetime.now(UTC).isoformat()
    body = json.dumps(footfall(time=at, window_start=at))
    headers = {"Content-Type": STRUCTURED}
    with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
        url = f"http://{HOST}:{gateway}/v1/events"
        client.post(url, content=body, headers=headers).raise_for_status()


def test_every_query_of_every_panel_has_data_and_at_most_200_series(server: Prometheus, moment: float):
    asked = panel_queries()
    assert len(asked) > 150
    faults = wrong(server, asked, EXCLUDED, at=moment)
    assert not faults, "\n".join(faults)


def test_every_number_that_an_alert_judges_has_data_and_at_most_200_series(server: Prometheus, moment: float):
    asked = list(alert_queries())
    assert len(asked) > 25
    faults = wrong(server, asked, EXCLUDED, at=moment)
    assert not faults, "\n".join(faults)


def test_every_recording_rule_has_data_and_stays_within_the_exporters_label_budget(
    server: Prometheus, moment: float
):
    budget = ExporterSettings().exporter_label_budget
    faults = wrong(server, recording_queries(), most=budget, at=moment)
    assert not faults, "\n".join(faults)


def test_every_rule_is_evaluated_without_an_error(server: Prometheus):
    rules = server.rules()
    assert rules
    assert [(rule["name"], rule["lastError"]) for rule in rules if rule["health"] != "ok"] == []


@pytest.mark.parametrize(
    ("expr", "fault"),
    [
        ("sum(tidemark_footfall_entered_person)", "no data"),
        ('{__name__=~"tidemark_.+"}', "series"),
        ("tidemark_footfall_entered_persons + on () tidemark_footfall_entered_persons", "matching"),
    ],
)
def test_a_panel_that_asks_wrongly_is_found_and_named(
    server: Prometheus, moment: float, expr: str, fault: str
):
    faults = wrong(server, [Query("footfall: Malls", expr)], EXCLUDED, at=moment)
    assert len(faults) == 1
    assert faults[0].startswith("footfall: Malls: ")
    assert faults[0].endswith(expr)
    assert fault in faults[0]


def test_the_days_before_come_from_the_history(server: Prometheus):
    assert server.query("count_over_time(tidemark_footfall_entered_persons[2d] offset 1h)")
