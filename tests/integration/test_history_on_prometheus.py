"""`tidemark history` of a simulated log: against the simulator's truth, and on a real Prometheus."""

import subprocess
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.servers.prometheus import Prometheus
from tests.servers.require import program
from tests.support.commands import succeed, tidemark
from tests.support.past_days import end_s, simulate_days, true_sums

pytestmark = pytest.mark.xdist_group("history")

FIRST, LAST, END = "2026-01-29", "2026-02-05", "2026-02-12"
DAYS = (FIRST, "2026-01-31", "2026-02-01", LAST)
OWN = {"job": "exporter", "instance": "exporter:9464"}
BLOCKS = ("tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=720h")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the log, its truth and its history from FIRST to LAST, within days before and after."""
    folder = tmp_path_factory.mktemp("history")
    url = simulate_days(folder, "2026-01-01", END)
    asked = ("--openmetrics", "--from", FIRST, "--to", LAST, "--log", url)
    succeed("history", *asked, "--output", folder / "history.om")
    return folder


@pytest.fixture(scope="module")
def samples(folder: Path) -> dict[int, dict]:
    """By time stamp, the values by name and labels without job and instance."""
    found: dict[int, dict] = {}
    for family in text_string_to_metric_families((folder / "history.om").read_text("utf-8")):
        for one in family.samples:
            labels = frozenset(one.labels.items())
            assert labels >= frozenset(OWN.items())
            key = one.name, labels - frozenset(OWN.items())
            found.setdefault(int(float(one.timestamp)), {})[key] = one.value
    return found


def of_names(values: dict, names: set[str]) -> dict:
    return {key: value for key, value in values.items() if key[0] in names and value}


def test_each_past_day_has_one_moment_its_last_second(samples):
    assert len(samples) == 8
    assert {end_s(day) for day in DAYS} <= samples.keys()


@pytest.mark.parametrize("day", DAYS)
def test_windows_of_a_past_day_hold_what_the_simulator_says_happened_up_to_its_end(folder, samples, day):
    truth = true_sums(folder / "truth.json", day)
    truth = {key: value for key, value in truth.items() if value}
    assert len(truth) > 200
    assert of_names(samples[end_s(day)], {name for name, _ in truth}) == pytest.approx(truth)


def test_a_past_day_that_held_the_next_one_would_be_found_out(folder, samples):
    later = {key: value for key, value in true_sums(folder / "truth.json", "2026-02-06").items() if value}
    assert of_names(samples[end_s(LAST)], {name for name, _ in later}) != pytest.approx(later)


def test_the_targets_and_the_refund_coverage_are_there_on_every_day(samples):
    for values in samples.values():
        names = [name for name, _ in values]
        assert names.count("tidemark_indicator_info") == 88
        assert names.count("tidemark_indicator_value") > 30
        assert "tidemark_refund_coverage_entities" in names


def test_prometheus_serves_the_blocks_that_promtool_makes(folder, samples, tmp_path):
    server = Prometheus(tmp_path, {"global": {"scrape_interval": "1h"}})
    made = subprocess.run(
        [program("promtool"), *BLOCKS, folder / "history.om", server.data],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with server:
        for day in DAYS:
            for name in ("tidemark_footfall_entered_persons", "tidemark_indicator_pace_index"):
                assert query_day(server, name, day) == of_name(samples[end_s(day)], name)
        week = server.query(
            'count_over_time(tidemark_footfall_entered_persons{period="year"}[8d])', end_s(LAST)
        )
        assert {number for _, number in week} == {8.0}
        yuan = query_day(server, "tidemark_retail_gross_yuan / 100000000", LAST)
        recorded = query_day(server, "tidemark:retail_gross_yi_yuan", LAST)
        assert yuan
        assert recorded == pytest.approx(yuan)


def query_day(server: Prometheus, expression: str, day: str) -> dict:
    found = server.query(expression, end_s(day))
    assert all(labels.items() >= OWN.items() for labels, _ in found)
    without = {"__name__", *OWN}
    return {
        frozenset((name, value) for name, value in labels.items() if name not in without): number
        for labels, number in found
    }


def of_name(values: dict, wanted: str) -> dict:
    return {labels: value for (name, labels), value in values.items() if name == wanted}


@pytest.mark.parametrize(
    ("arguments", "field", "remedy"),
    [
        ((), "--openmetrics", "the only format"),
        (("--openmetrics", "--to", "2999-01-01"), "--to", "is not complete"),
        (("--openmetrics", "--from", "2026-02-01", "--to", "2026-01-30"), "--from", "where the log begins"),
        (("--openmetrics", "--label", "job"), "--label", "job=exporter"),
    ],
)
def test_a_wrong_question_names_the_flag_and_the_remedy(folder, arguments, field, remedy):
    done = tidemark("history", *arguments, "--log", f"sqlite:///{folder}/x.db")
    said = " ".join(done.stderr.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert field in said
    assert remedy in said
