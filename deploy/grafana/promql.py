"""PromQL expressions that panels share.

Every exporter of a district shows the same totals. The series of several exporters are therefore merged
before anything is added up: a second exporter must not double a number.
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
    """The exporter's metric of a component. Raises StopIteration if it is not exported."""
    return next(row.name for row in SUMS if row.measure is measure and row.component == component)


def find_wan_metric(measure: Measure, component: str) -> str:
    """The recorded metric of an amount in 万元. Raises StopIteration if none is recorded."""
    return _find_recording(measure, component, WAN)


def find_yi_metric(measure: Measure, component: str) -> str:
    """The recorded metric of an amount in 亿元. Raises StopIteration if none is recorded."""
    return _find_recording(measure, component, YI)


def _find_recording(measure: Measure, component: str, yuan: int) -> str:
    source = find_metric(measure, component)
    return next(row.name for row in RECORDINGS if (row.source, row.yuan) == (source, yuan))


def deduplicate(name: str, *matchers: str) -> str:
    """The series, each once regardless of the number of exporters."""
    return _merge_exporters(_select(name, matchers))


def select_daily(name: str, *matchers: str) -> str:
    """The series over many days, for which history may contain one sample a day; each once."""
    return _merge_exporters(f"last_over_time({_select(name, matchers)}[1d])")


def sum_series(series: str, *by: str) -> str:
    """The sum of the series, by these labels."""
    return f"sum by ({', '.join(by)}) ({series})" if by else f"sum({series})"


def query_sum_by(label: str, series: str) -> Query:
    """A query of the sums by a label, with the label's value as legend."""
    return Query(sum_series(series, label), f"{{{{{label}}}}}")


def select_largest(most: int, series: str) -> str:
    """The largest of the series."""
    return f"topk({most}, {series})"


def divide(part: str, whole: str) -> str:
    """The share of the part in the whole; no series while the whole is 0."""
    return f"{part} / ({whole} > 0)"


def sum_rate(counter: str, *by: str) -> str:
    """The rate of a counter per second, by these labels."""
    return sum_series(_merge_exporters(f"rate({counter}[$__rate_interval])"), *by)


def fill_zero(counted: str) -> str:
    """The series, or 0 for a counter without any series while the exporter answers."""
    return f"{counted} or 0 * {sum_series(deduplicate(REFRESH_AGE.name))}"


def _select(name: str, matchers: tuple[str, ...]) -> str:
    return f"{name}{{{', '.join(matchers)}}}" if matchers else name


def _merge_exporters(series: str) -> str:
    return f"max without (job, instance) ({series})"
