"""OpenMetrics of many moments, read by the client library's own parser."""

from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from tidemark.services.exporter.history_text import OpenMetricsText

OWN = {"job": "exporter"}


def gauge(name: str, **values: float) -> Metric:
    metric = Metric(name, "what it is", "gauge")
    metric.samples = [Sample(name, {"place": place}, value) for place, value in values.items()]
    return metric


def quantiles(window: str, low: float, high: float) -> Metric:
    metric = Metric("c", "a duration", "summary")
    metric.samples = [
        Sample("c", {"quantile": quantile, "window": window}, value)
        for quantile, value in (("0.5", low), ("0.9", high))
    ]
    return metric


def write_text(*moments: tuple[int, list[Metric]]) -> str:
    with OpenMetricsText(OWN) as text:
        for at_s, metrics in moments:
            text.add(metrics, at_s)
        return "".join(text.read_chunks())


def read(text: str) -> list[tuple[str, dict[str, str], float, float]]:
    return [
        (sample.name, sample.labels, sample.value, float(sample.timestamp))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]


def test_metrics_added_by_moment_are_read_by_family_and_series():
    text = write_text(
        (1, [gauge("a", x=1, y=2), gauge("b", x=3)]), (2, [gauge("a", y=5, x=4), gauge("b", x=6)])
    )
    assert read(text) == [
        ("a", {"place": "x", **OWN}, 1, 1),
        ("a", {"place": "x", **OWN}, 4, 2),
        ("a", {"place": "y", **OWN}, 2, 1),
        ("a", {"place": "y", **OWN}, 5, 2),
        ("b", {"place": "x", **OWN}, 3, 1),
        ("b", {"place": "x", **OWN}, 6, 2),
    ]


def test_the_quantiles_of_a_moment_stay_together():
    text = write_text((1, [quantiles("1h", 1, 2)]), (2, [quantiles("1h", 3, 4)]))
    assert read(text)  # the parser checks the order, but drops the second quantile of later moments
    lines = [line.split()[-2:] for line in text.splitlines() if not line.startswith("#")]
    assert lines == [["1.0", "1"], ["2.0", "1"], ["3.0", "2"], ["4.0", "2"]]


def test_a_later_family_is_written_and_one_without_series_is_not():
    text = write_text((1, [gauge("a", x=1), gauge("none")]), (2, [gauge("late", x=2)]))
    assert [name for name, *_ in read(text)] == ["a", "late"]
    assert "none" not in text


def test_names_of_recording_rules_keep_their_colons():
    assert read(write_text((1, [gauge("tidemark:a_wan_yuan", x=1)])))[0][0] == "tidemark:a_wan_yuan"


def test_labels_with_quotes_and_line_ends_are_read_as_they_were():
    metric = Metric("a", "what it is", "gauge")
    metric.samples = [Sample("a", {"name": 'a "b"\n\\c'}, 1)]
    assert read(write_text((1, [metric])))[0][1]["name"] == 'a "b"\n\\c'


def test_no_metrics_give_an_empty_but_complete_text():
    assert write_text() == "# EOF\n"
