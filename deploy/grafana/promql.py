"""Pieces of PromQL that panels are made of.

Every exporter of a district shows the same totals, so the largest of equals is taken before
anything is added up: a second exporter must not double a number.
"""

from tidemark.services.exporter.pipeline_metrics import REFRESH_AGE
from tidemark.services.exporter.recordings import RECORDINGS, WAN, YI
from tidemark.streams.contracts.family import Measure
from tidemark.streams.families.definitions import SUMS

from .page import Query

PERIOD = 'period="$period"'
TODAY = 'period="today"'
YEAR = 'period="year"'
PLACE = 'place=~"$place"'
PORT = 'port=~"$port"'
SCHEME = 'scheme=~"$scheme"'


def find_metric(measure: Measure, component: str) -> str:
    """What the exporter calls the sum. Raises StopIteration where it exports none."""
    return next(row.name for row in SUMS if row.measure is measure and row.component == component)


def find_wan_metric(measure: Measure, component: str) -> str:
    """The recorded metric of an amount of money in 万元. Raises StopIteration where none is recorded."""
    return _find_recording(measure, component, WAN)


def find_yi_metric(measure: Measure, component: str) -> str:
    """The recorded metric of an amount of money in 亿元. Raises StopIteration where none is recorded."""
    return _find_recording(measure, component, YI)


def _find_recording(measure: Measure, component: str, yuan: int) -> str:
    source = find_metric(measure, component)
    return next(row.name for row in RECORDINGS if (row.source, row.yuan) == (source, yuan))


def deduplicate(name: str, *matchers: str) -> str:
    """The series, once however many exporters show them."""
    return _merge_exporters(_select(name, matchers))


def select_daily(name: str, *matchers: str) -> str:
    """The same over many days, of which history may hold one sample each."""
    return _merge_exporters(f"last_over_time({_select(name, matchers)}[1d])")


def sum_series(series: str, *by: str) -> str:
    """Added up, by these labels."""
    return f"sum by ({', '.join(by)}) ({series})" if by else f"sum({series})"


def query_sum_by(label: str, series: str) -> Query:
    """Added up by a label, each sum called by the label's value."""
    return Query(sum_series(series, label), f"{{{{{label}}}}}")


def select_largest(most: int, series: str) -> str:
    """The largest of the series."""
    return f"topk({most}, {series})"


def divide(part: str, whole: str) -> str:
    """Part of the whole; nothing while the whole is nothing."""
    return f"{part} / ({whole} > 0)"


def sum_rate(counter: str, *by: str) -> str:
    """A counter's speed a second by these labels."""
    return sum_series(_merge_exporters(f"rate({counter}[$__rate_interval])"), *by)


def fill_zero(counted: str) -> str:
    """Zero in place of a counter that nothing was ever counted in, as long as the exporter answers."""
    return f"{counted} or 0 * {sum_series(deduplicate(REFRESH_AGE.name))}"


def _select(name: str, matchers: tuple[str, ...]) -> str:
    return f"{name}{{{', '.join(matchers)}}}" if matchers else name


def _merge_exporters(series: str) -> str:
    return f"max without (job, instance) ({series})"
