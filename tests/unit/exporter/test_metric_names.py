"""A metric seen in Prometheus can be found in the code by searching for its name.

The name searched for is the one in the `# TYPE` line: a histogram's `_bucket`, `_sum` and `_count` are added
by prometheus-client. Recorded metrics are searched for whole.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from tests.support.metric_names import exporter_names
from tests.support.readers import NOON_MS, at_once, exposition_of, follower_of, publish_updates
from tidemark.services.exporter.rendering import build_exporter_reach
from tidemark.services.gateway.load import Load
from tidemark.services.gateway.metrics import Metrics as GatewayMetrics
from tidemark.services.ledger.metrics import LedgerMetrics
from tidemark.services.notifier.metrics import Metrics as NotifierMetrics
from tidemark.services.plan import read_plan

ROOT = Path(__file__).parents[3]
FOLDERS = ("services", "streams")
QUOTED = re.compile(r'"([a-z][\w:]*)"')
TYPED = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)
RECORDED = re.compile(r"^ *- record: (\S+)$", re.MULTILINE)


def find_literals(sources: Iterable[str]) -> set[str]:
    """The words that any of the sources contains as a whole string literal."""
    return {word for source in sources for word in QUOTED.findall(source)}


def read_sources() -> Iterable[str]:
    return (path.read_text("utf-8") for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def list_exposed(registry: CollectorRegistry) -> set[str]:
    """Names of the metrics that the registry's process exposes; not those with the time of their creation."""
    return {
        name for name in TYPED.findall(generate_latest(registry).decode()) if not name.endswith("_created")
    }


async def list_exporter_metrics() -> set[str]:
    follower = follower_of(await publish_updates(), build_exporter_reach(), lambda: NOON_MS)
    await follower.refresh(at_once)
    exposition = exposition_of(follower, read_plan(), lambda: NOON_MS)
    return set(TYPED.findall(exposition.render().decode()))


def find_recorded(folder: Path) -> set[str]:
    return {name for path in folder.glob("*.yml") for name in RECORDED.findall(path.read_text("utf-8"))}


async def test_every_metric_of_the_exporter_is_a_literal_in_the_code() -> None:
    names = await list_exporter_metrics()
    assert names == exporter_names()
    assert names - find_literals(read_sources()) == set()


def test_every_metric_of_a_service_itself_is_a_literal_in_the_code() -> None:
    for metrics in (GatewayMetrics(Load(1, 1)), LedgerMetrics(), NotifierMetrics(["duty"])):
        names = list_exposed(metrics.registry)
        assert names
        assert names - find_literals(read_sources()) == set()


def test_every_recorded_metric_is_a_literal_in_the_code() -> None:
    names = find_recorded(ROOT / "deploy" / "prometheus" / "rules")
    assert names
    assert names - find_literals(read_sources()) == set()


def test_a_name_that_is_built_from_pieces_would_not_be_found() -> None:
    built = [
        'Gauge(f"tidemark_gateway_{name}_events")',
        'gauge("tidemark_gateway_" "queue_events")',
        'gauge(PREFIX + "gateway_queue_events")',
        "# tidemark_gateway_queue_events, in a comment",
    ]
    assert "tidemark_gateway_queue_events" not in find_literals(built)
    assert "tidemark_gateway_queue_events" in find_literals(['Gauge("tidemark_gateway_queue_events")'])
