from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import msgspec
import pytest

from tests.support.events import envelope
from tests.support.indicator_readings import CATALOGUE, figure, publish_figures, reading
from tests.support.readers import CIVIL, page
from tests.support.simulations import PARTITIONS, week
from tidemark.services.gazetteer import load_places
from tidemark.services.wording import explain_cause
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.families.retail import FAMILY as RETAIL
from tidemark.streams.families.retail import SalesReported
from tidemark.streams.indicators.assessment.measuring import Measured, choose_span, measure_indicator
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.official.nowcast import Nowcast
from tidemark.streams.indicators.reading.reach import build_indicators_reach
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.targets.loading import declare_meanings
from tidemark.streams.indicators.values.cause import Reason
from tidemark.streams.indicators.values.spans import since_plan, stock_at, year_to_date
from tidemark.streams.indicators.values.value import Absent, Value
from tidemark.streams.ledger.fold import PartitionFold
from tidemark.streams.view.view import View

pytestmark = pytest.mark.xdist_group("simulated-week")

IDENTITY = LogIdentity(partitions=PARTITIONS, content="simulated")
TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
RETAIL_TOTAL = CATALOGUE["retail_sales_total"]


def sales(number: int, at: datetime, hundred_million: int) -> object:
    data = SalesReported(at, 3600, "food", 1, hundred_million * 10**10, 0, 1, 1)
    return envelope(RETAIL.types[0], f"s{number}", at, "mall.a", data)


def retail_reading() -> Reading:
    """60, 70 and 40 of sales in January, February and March; January officially 120."""
    live = [(datetime(2026, month, 10, tzinfo=UTC), number) for month, number in ((1, 60), (2, 70), (3, 40))]
    events = [sales(n, at, number) for n, (at, number) in enumerate(live)]
    events += publish_figures(
        figure("2026-01", "120", date(2026, 2, 15), vintage="a"),
        figure("2026-01", "90", date(2026, 3, 15), vintage="b"),
    )
    return reading(sorted(events, key=lambda event: event.time), NOW)


def counts(measured: Measured) -> tuple[str, Fraction] | Reason:
    answer = measured.counting
    return answer.reason if isinstance(answer, Absent) else (answer[0], answer[1].amount)


def test_live_official_and_nowcast_stand_side_by_side_and_the_official_figure_counts():
    read = retail_reading()
    measured = measure_indicator(RETAIL_TOTAL, read, read.figures, TODAY)
    assert isinstance(measured.live, Value)
    assert isinstance(measured.official, Value)
    assert isinstance(measured.nowcast, Nowcast)
    assert (measured.live.amount, measured.official.amount) == (170, 90)
    assert measured.nowcast.amount == Fraction(170 * 90, 60)
    assert counts(measured) == ("official", 90)
    assert measured.official.origin.span.last == date(2026, 1, 31)


def test_where_the_catalogue_says_so_live_counts_before_official_figures():
    read = retail_reading()
    measured = measure_indicator(
        msgspec.structs.replace(RETAIL_TOTAL, authority="live"), read, read.figures, TODAY
    )
    assert counts(measured) == ("live", 170)


def test_a_later_vintage_has_no_effect_on_what_was_known_on_an_earlier_day():
    read = retail_reading()
    measured = measure_indicator(RETAIL_TOTAL, read, read.figures.as_of(date(2026, 3, 14)), TODAY)
    assert counts(measured) == ("official", 120)
    assert isinstance(measured.nowcast, Nowcast)
    assert measured.nowcast.calibration == 2


def test_without_official_figures_live_sales_count_and_the_reason_is_kept():
    read = retail_reading()
    measured = measure_indicator(RETAIL_TOTAL, read, Figures(()), TODAY)
    assert counts(measured) == ("live", 170)
    assert isinstance(measured.official, Absent)
    assert measured.official.reason is Reason.NO_FIGURE
    assert isinstance(measured.nowcast, Absent)


def test_an_ambiguous_target_has_no_value_until_it_is_declared():
    read = retail_reading()
    assert (
        counts(measure_indicator(CATALOGUE["key_district_sales"], read, read.figures, TODAY))
        is Reason.UNDECLARED
    )
    declared = declare_meanings(CATALOGUE, {"key_district_sales": "annual_2030"})["key_district_sales"]
    assert counts(measure_indicator(declared, read, read.figures, TODAY)) == ("live", 0)


def test_an_official_only_target_takes_figures_of_any_fitting_basis():
    events = publish_figures(
        figure("2026-02", "57.5", date(2026, 3, 9), indicator_id="wealth_city_share", unit="percent"),
        figure("2026-02", "19", date(2026, 3, 9), indicator_id="wealth_aum", unit="CNY_trn", basis="month"),
    )
    read = reading(events, NOW)
    share = measure_indicator(CATALOGUE["wealth_city_share"], read, read.figures, TODAY)
    assert counts(share) == ("official", Fraction("57.5"))
    assert share.live is None
    assert counts(measure_indicator(CATALOGUE["wealth_aum"], read, read.figures, TODAY)) is Reason.NO_FIGURE


@pytest.mark.parametrize(
    ("indicator_id", "span"),
    [
        ("refund_shops", stock_at(TODAY)),
        ("goods_trade", year_to_date(TODAY)),
        ("instant_refund_complexes", since_plan(TODAY)),
        ("card_acceptance", year_to_date(TODAY)),
    ],
)
def test_the_kind_of_a_target_decides_the_span(indicator_id, span):
    assert choose_span(CATALOGUE[indicator_id], TODAY) == span


@pytest.fixture(scope="module")
def simulated() -> Reading:
    """A simulated week, folded, as a reader holds it."""
    simulation, records = week("none")
    folds = [PartitionFold(IDENTITY, partition) for partition in range(PARTITIONS)]
    for partition, fold in enumerate(folds):
        facts = [sent for sent in records if sent.stream is Stream.FACTS and sent.partition == partition]
        fold.fold([(n, sent.arrival_ms, sent.raw) for n, sent in enumerate(facts)])
    view = View(CIVIL, build_indicators_reach())
    rows: list[tuple[int, Row]] = [
        (partition, row) for partition, fold in enumerate(folds) for row in fold.drain_changes()
    ]
    view.apply(page(1, *[(at, row) for at, row in rows if row.kind in (Kind.HEAD, Kind.CELL, Kind.LATEST)]))
    parents = {place.id: place.parent for place in load_places() if place.parent is not None}
    now_ms = simulation.start_ms + int(timedelta(days=7).total_seconds() * 1000)
    return Reading(Register(view), build_indicators_reach(), parents, now_ms)


def test_every_target_has_a_value_or_says_in_two_languages_why_not(simulated):
    counting = {
        indicator.id: measure_indicator(indicator, simulated, simulated.figures, simulated.today).counting
        for indicator in CATALOGUE
    }
    assert len(counting) == 88
    for absent in (answer for answer in counting.values() if isinstance(answer, Absent)):
        assert explain_cause(absent).zh
        assert explain_cause(absent).en
        assert explain_cause(absent).zh != explain_cause(absent).en
    with_value = {name for name, answer in counting.items() if not isinstance(answer, Absent)}
    assert with_value >= {
        "refund_shops",
        "debut_spaces",
        "retail_sales_total",
        "goods_trade",
        "circular_revenue",
    }
    reasons = {answer.reason for answer in counting.values() if isinstance(answer, Absent)}
    assert reasons <= {Reason.NO_EVENTS, Reason.NO_FIGURE, Reason.UNDECLARED, Reason.ZERO_DENOMINATOR}


def test_values_come_in_the_unit_of_their_target(simulated):
    meanings = {indicator.id: "annual_2030" for indicator in CATALOGUE if indicator.kind == "ambiguous"}
    for indicator in declare_meanings(CATALOGUE, meanings):
        answer = measure_indicator(indicator, simulated, simulated.figures, simulated.today).live
        if isinstance(answer, Value):
            assert answer.unit == indicator.unit, indicator.id
            assert answer.origin.families[0] == families_of(indicator)


def families_of(indicator: Indicator) -> str:
    assert indicator.live is not None
    return indicator.live.family
