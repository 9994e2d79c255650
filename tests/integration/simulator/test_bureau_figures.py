"""The simulated official figures, compared with the catalogue."""

from collections import Counter
from datetime import date

from tests.support.indicator_readings import CATALOGUE
from tests.support.simulations import select_accepted, sent_in
from tidemark.services.simulator.figures import load_targets
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import Run, Simulation
from tidemark.streams.contracts.envelope import Event

BACK_MONTHS = 24


def simulate_figures(days: float) -> list[Event]:
    """The official figures of the demo's first days, from New Year 2026."""
    simulation = Simulation(load_scenario("demo"), Run(7, date(2026, 1, 1), 0.01))
    return [event for event in select_accepted(sent_in(simulation, days)) if event.family.name == "official"]


def test_the_model_has_the_targets_that_official_figures_measure() -> None:
    official = [
        (target.id, target.unit, float(target.target), target.kind) for target in CATALOGUE if target.official
    ]
    assert [(target.id, target.unit, target.target, target.kind) for target in load_targets()] == official


def test_every_such_target_has_a_history_on_the_first_day_and_a_figure_each_month() -> None:
    published = simulate_figures(62)
    counts = Counter(event.data.indicator_id for event in published)
    for target in CATALOGUE:
        if target.official:
            assert counts[target.id] >= (BACK_MONTHS if target.kind != "cumulative" else 1), target.id
            of_it = [event.data for event in published if event.data.indicator_id == target.id]
            assert {data.unit for data in of_it} == {target.unit}
            assert {data.basis for data in of_it} == {"month" if target.kind == "annual_flow" else "stock"}
    assert set(counts) == {target.id for target in CATALOGUE if target.official}


def test_the_months_of_the_baseline_year_add_up_to_about_the_baseline() -> None:
    total = sum(
        float(event.data.value)
        for event in simulate_figures(2)
        if event.data.indicator_id == "goods_trade" and event.data.period.startswith("2025")
    )
    nine_months = 9491.8 * (1.02 + 0.86 + 0.97 + 0.95 + 1 + 0.99 + 0.98 + 0.98 + 1) / 12
    assert abs(total / nine_months - 1) < 0.02


def test_a_vintage_is_never_of_a_month_that_is_not_over() -> None:
    for event in simulate_figures(40):
        assert event.data.period < event.data.published_at.strftime("%Y-%m")
