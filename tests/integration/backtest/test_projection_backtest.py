"""The backtest tells calibrated intervals from others, and writes the committed page."""

from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from tests.support.examples import ROOT
from tidemark.services.backtest.backtest import LIMIT, Result, backtest
from tidemark.services.backtest.cases import (
    HELD_OUT_SEEDS,
    STRANGE,
    TUNED,
    TUNING_SEEDS,
    Case,
    project_cases,
    simulate,
)
from tidemark.services.backtest.scores import bootstrap_errors, compute_reliability, score
from tidemark.services.backtest.tuning import compute_loss, descend
from tidemark.services.backtest.world import Almanac
from tidemark.services.cli.backtest import backtest as command
from tidemark.services.cli.backtest_page import SEEDS, format_command, format_page
from tidemark.streams.indicators.calendar.china import ChinaCalendar
from tidemark.streams.indicators.projection.constants import CONSTANTS, Constants
from tidemark.streams.indicators.projection.history import History
from tidemark.streams.indicators.projection.project import HORIZON, Projection, project_value
from tidemark.streams.indicators.targets.goal import Kind

pytestmark = pytest.mark.xdist_group("backtest")

ALMANAC = Almanac(ChinaCalendar())
APP = typer.Typer()
APP.command()(command)
FEW = 20


def run(seeds: int, factor: float = 1.0) -> Result:
    """A backtest whose model's intervals are `factor` times as wide."""
    table: dict[Kind, Constants] = {
        kind: replace(
            constants,
            once=constants.once * factor**2,
            monthly=constants.monthly * factor**2,
            breaks=constants.breaks * factor,
            usual=constants.usual * factor,
            unsure=constants.unsure * factor,
        )
        for kind, constants in CONSTANTS.items()
    }
    return backtest(HELD_OUT_SEEDS[:seeds], lambda: None, table)


def a_case(seed: int, probability: float, met: bool, inside: bool = True) -> Case:
    return Case(seed, "x", "stock", 6, (inside,) * 3, probability, met)


@pytest.fixture(scope="module")
def whole() -> Result:
    return backtest(HELD_OUT_SEEDS[:SEEDS], lambda: None)


def test_the_committed_page_is_what_the_command_writes(whole: Result) -> None:
    committed = (ROOT / "docs/reference/backtest.md").read_text("utf-8")
    assert committed == format_page(whole), f"run `{format_command(SEEDS)}` and commit what it changes"


def test_over_5000_held_out_cases_every_interval_is_calibrated_below_5_points(whole: Result) -> None:
    assert whole.overall.cases >= 5000
    assert max(whole.overall.errors) < LIMIT
    assert all(bounds.high < LIMIT for bounds in whole.errors)
    assert whole.calibrated
    assert (whole.overall.skill or 0) > 0.5


@pytest.mark.parametrize("factor", [0.6, 1.7])
def test_intervals_too_narrow_or_too_wide_are_caught(factor: float) -> None:
    assert not run(FEW, factor).calibrated


def test_held_out_seeds_are_not_used_for_tuning() -> None:
    assert not set(HELD_OUT_SEEDS) & set(TUNING_SEEDS)
    assert len(HELD_OUT_SEEDS) >= SEEDS


@pytest.mark.parametrize("indicator", [*TUNED, *STRANGE])
def test_a_history_depends_on_its_seed_alone_and_reaches_the_horizon(indicator: str) -> None:
    first, same, other = (simulate(seed, indicator, ALMANAC) for seed in (1, 1, 2))
    assert first == same
    assert first.history.values != other.history.values
    assert first.history.last == HORIZON
    past = first.cut_history(HORIZON - 12)
    assert list(past.values) == list(first.history.values[:-12])


def test_a_case_is_projected_from_its_past_alone() -> None:
    for case in project_cases(1, TUNED, ALMANAC, CONSTANTS):
        if isinstance(case, Case):
            simulated = simulate(case.seed, case.indicator, ALMANAC)
            values = simulated.history.values
            past = History(simulated.history.first, values[: len(values) - case.months])
            projected = project_value(simulated.goal, past)
            assert isinstance(projected, Projection)
            assert case.probability == projected.probability
            inside = [low <= simulated.outcome <= high for low, high in projected.ranges]
            assert list(case.covered) == inside


def test_perfect_foresight_scores_full_skill_and_the_base_rate_none() -> None:
    outcomes = [True, False, False, True, False]
    perfect = score([a_case(1, float(met), met) for met in outcomes])
    assert (perfect.brier, perfect.skill) == (0, 1)
    base = score([a_case(1, 0.4, met) for met in outcomes])
    assert base.skill == pytest.approx(0)
    assert score([a_case(1, 0.4, True)]).skill is None
    with pytest.raises(ValueError, match="cases"):
        score([])


def test_the_reliability_curve_holds_every_case_once() -> None:
    random = Random(7)
    some = [a_case(1, random.random(), random.random() < 0.5) for _ in range(500)] + [a_case(1, 1.0, True)]
    bins = compute_reliability(some)
    assert sum(bucket.cases for bucket in bins) == 501
    assert all(bucket.low <= bucket.forecast <= bucket.high for bucket in bins)


def test_the_bootstrap_draws_seeds_not_cases() -> None:
    """A hundred cases of one history are worth one: the range stays wide."""
    alike = [a_case(seed, 0.5, True, inside=seed % 2 == 0) for seed in range(10) for _ in range(100)]
    apart = [a_case(seed, 0.5, True, inside=seed % 2 == 0) for seed in range(1000)]
    wide, narrow = (bootstrap_errors(some, Random(1))[0] for some in (alike, apart))
    assert wide.high > 0.2
    assert narrow.high < 0.06


def test_tuning_makes_the_outcomes_likelier() -> None:
    histories = [simulate(seed, "registry", ALMANAC) for seed in TUNING_SEEDS[:3]]
    start = Constants(0.9, 0.5, 5.0, 5.0, 1.0, 0.01, 1.0, 2.0)
    before = compute_loss(histories, {"stock": start})
    tuned = descend(start, lambda constants: compute_loss(histories, {"stock": constants}))
    assert compute_loss(histories, {"stock": tuned}) < before - 0.1


def test_the_command_writes_the_page_and_prints_for_people_and_programs(tmp_path: Path) -> None:
    target = tmp_path / "backtest.md"
    shown = CliRunner().invoke(APP, ["--seeds", "2", "--write", str(target)])
    assert "cases of 2 seeds" in shown.output
    assert f"seeds {HELD_OUT_SEEDS[0]:,} to {HELD_OUT_SEEDS[1]:,}" in target.read_text("utf-8")
    printed = CliRunner().invoke(APP, ["--seeds", "2", "--json"])
    result = msgspec.json.decode(printed.stdout)
    assert (
        result["overall"]["cases"]
        + sum(number for reason, number in result["declined"].items() if reason.split()[0] in TUNED)
        == 2 * len(TUNED) * 5
    )
    assert CliRunner().invoke(APP, ["--write", str(tmp_path / "no" / "x.md")]).exit_code == 2


def test_the_command_fails_where_the_intervals_are_not_calibrated(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = run(3, 0.3)
    monkeypatch.setattr("tidemark.services.cli.backtest.run_backtest", lambda *_: narrow)
    assert CliRunner().invoke(APP, ["--seeds", "3"]).exit_code == 1
