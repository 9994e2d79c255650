import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.readers import CIVIL, NOON_MS, TODAY, cell, head, page
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.published import Head, Kind, Row, add_vectors, encode_head
from tidemark.streams.families.footfall import FOOTFALL_PLACE, FOOTFALL_SENSOR
from tidemark.streams.families.port import PORT_CROSSINGS
from tidemark.streams.view.view import EVERYTHING, View

DAYS = range(TODAY - 2, TODAY + 1)
CROSSINGS = (PORT_CROSSINGS, Grain.DAY)

cell_keys = st.tuples(
    st.integers(0, 3), st.sampled_from(DAYS), st.sampled_from("AB"), st.sampled_from(["in", "out"])
)
totals = st.dictionaries(cell_keys, st.tuples(*[st.integers(-50, 50)] * 3), max_size=25)


def rows_of(cells):
    return [
        (partition, cell(PORT_CROSSINGS, Grain.DAY, day, (port, direction, "foreign"), vector))
        for (partition, day, port, direction), vector in cells.items()
    ]


def read_everything(view):
    return view.sums(CROSSINGS, DAYS, ("port", "direction", "group")), view.heads, view.latest_values


@given(totals, totals, st.data())
def test_any_order_and_repetition_of_pages_with_the_same_last_values_gives_the_same_view(before, after, data):
    last = {**before, **after}
    straight = View(CIVIL, EVERYTHING)
    straight.apply(page(1, *rows_of(last)))
    shuffled = View(CIVIL, EVERYTHING)
    stale = data.draw(st.permutations(rows_of(before)))
    final = data.draw(st.permutations(rows_of(last)))
    cut = data.draw(st.integers(0, len(final)))
    for version, rows in enumerate([stale, final[cut:], final[:cut], final[cut:]]):
        shuffled.apply(page(version, *rows))
    assert read_everything(shuffled) == read_everything(straight)


@given(totals, st.sampled_from([(), ("port",), ("direction", "port")]), st.sampled_from(["in", "out", None]))
def test_sums_equal_a_plain_sum(cells, by, direction):
    view = View(CIVIL, EVERYTHING)
    view.apply(page(1, *rows_of(cells)))
    where = {} if direction is None else {"direction": frozenset({direction})}
    expected: dict = {}
    for (_, _, port, way), vector in cells.items():
        if direction in (None, way):
            key = tuple({"port": port, "direction": way}[name] for name in by)
            expected[key] = [a + b for a, b in zip(expected.get(key, [0, 0, 0]), vector, strict=True)]
    assert view.sums(CROSSINGS, DAYS, by, where) == {k: tuple(v) for k, v in expected.items() if any(v)}


def test_a_new_value_of_a_partition_replaces_its_old_one_only():
    view = View(CIVIL, EVERYTHING)
    key = (PORT_CROSSINGS, Grain.DAY, TODAY, ("A", "in", "foreign"))
    view.apply(page(1, (0, cell(*key, (5, 1, 0))), (1, cell(*key, (7, 1, 0)))))
    view.apply(page(2, (0, cell(*key, (6, 2, 0)))))
    assert view.total(CROSSINGS, DAYS) == (13, 3, 0)


def test_another_generation_replaces_everything():
    view = View(CIVIL, EVERYTHING)
    latest = Row(Kind.LATEST, b'["registry","a"]', b"{}")
    view.apply(page(9, *rows_of({(0, TODAY, "A", "in"): (5, 1, 0)}), (0, latest), (0, head(position=3))))
    view.apply(page(1, *rows_of({(1, TODAY, "A", "in"): (2, 1, 0)}), generation=2))
    assert read_everything(view) == ({("A", "in", "foreign"): (2, 1, 0)}, {}, {})
    assert (view.generation, view.version) == (2, 1)


@given(st.permutations(range(3)))
def test_a_partition_past_a_periods_retention_loses_only_its_own_part(order):
    day = TODAY - 401
    key = (FOOTFALL_SENSOR, Grain.DAY, day, ("mall.a", "s1"))
    rows = [
        (0, cell(*key, (5, 0, 1, 60))),
        (1, cell(*key, (7, 0, 1, 60))),
        (0, Row(Kind.HEAD, b"head", encode_head(Head(fold_version=1, watermark_ms=NOON_MS)))),
    ]
    view = View(CIVIL, EVERYTHING)
    for version, at in enumerate(order):
        view.apply(page(version, rows[at]))
    assert view.total((FOOTFALL_SENSOR, Grain.DAY), range(day, day + 1)) == (7, 0, 1, 60)


def test_the_period_at_the_edge_of_its_retention_is_kept():
    day = TODAY - 400
    view = View(CIVIL, EVERYTHING)
    view.apply(page(1, (0, cell(FOOTFALL_SENSOR, Grain.DAY, day, ("a", "s"), (1, 0, 1, 60)))))
    view.apply(page(2, (0, head(watermark_ms=NOON_MS))))
    assert view.periods((FOOTFALL_SENSOR, Grain.DAY)) == [day]


def test_only_cells_within_reach_are_held():
    view = View(CIVIL, {(FOOTFALL_PLACE, Grain.DAY): DAY})
    view.advance(NOON_MS)
    for grain, period in ((Grain.DAY, TODAY), (Grain.DAY, TODAY - 5), (Grain.MONTH, TODAY // 30)):
        view.apply(page(1, (0, cell(FOOTFALL_PLACE, grain, period, ("a",), (1, 0, 1, 60)))))
    assert len(view) == 1
    view.advance(NOON_MS + 2 * DAY)
    assert len(view) == 0


def test_a_clock_that_goes_back_makes_the_view_ask_for_everything():
    view = View(CIVIL, {(FOOTFALL_PLACE, Grain.DAY): DAY})
    view.advance(NOON_MS + 30 * DAY)
    row = (0, cell(FOOTFALL_PLACE, Grain.DAY, TODAY, ("a",), (1, 0, 1, 60)))
    view.apply(page(4, row))
    view.advance(NOON_MS)
    assert (view.generation, view.version) == (0, 0)
    view.apply(page(4, row))
    assert view.total((FOOTFALL_PLACE, Grain.DAY), DAYS) == (1, 0, 1, 60)


def test_a_measure_of_a_newer_version_is_ignored():
    view = View(CIVIL, EVERYTHING)
    view.apply(page(1, (0, Row(Kind.CELL, b'["weather.rain","day","2026-11-23","a"]', b"[1]"))))
    assert len(view) == 0


def test_a_revision_rises_when_the_measures_cells_change():
    view = View(CIVIL, EVERYTHING)
    before = view.revision(PORT_CROSSINGS), view.revision(FOOTFALL_PLACE)
    view.apply(page(1, *rows_of({(0, TODAY, "A", "in"): (1, 1, 0)})))
    assert view.revision(PORT_CROSSINGS) > before[0]
    assert view.revision(FOOTFALL_PLACE) == before[1]


@given(totals)
def test_all_cells_are_listed_each_once_summed_over_partitions(cells):
    view = View(CIVIL, EVERYTHING)
    view.apply(page(1, *rows_of(cells)))
    expected: dict = {}
    for (_, day, port, way), vector in cells.items():
        before = expected.get((day, port, way), (0, 0, 0))
        expected[day, port, way] = tuple(a + b for a, b in zip(before, vector, strict=True))
    listed = list(view.list_cells())
    assert {(key.period, *key.dimensions[:2]): vector for key, vector in listed} == expected
    assert len(listed) == len(expected)
    assert not list(view.find_missing_cells(page(1, *rows_of(cells))))


def test_a_published_cell_that_no_view_holds_is_missing():
    old = cell(FOOTFALL_SENSOR, Grain.MINUTE, 0, ("a", "b"), (1,) * len(FOOTFALL_SENSOR.components))
    strange = old._replace(key=b'["weather","day","2026-01-01"]')
    spaced = cell(PORT_CROSSINGS, Grain.DAY, TODAY, ("a", "in", "foreign"), (1, 1, 1))
    spaced = spaced._replace(key=spaced.key.replace(b",", b", ", 3))
    held = cell(PORT_CROSSINGS, Grain.DAY, TODAY, ("a", "in", "foreign"), (1, 1, 1))
    published = page(1, (0, head(watermark_ms=NOON_MS)), (0, old), (0, strange), (1, spaced), (1, held))
    view = View(CIVIL, EVERYTHING)
    view.apply(published)
    assert list(view.find_missing_cells(published)) == [old, strange, spaced]


def test_a_sum_of_zero_is_returned_only_on_request():
    view = View(CIVIL, EVERYTHING)
    rows = [
        (partition, cell(PORT_CROSSINGS, Grain.DAY, TODAY, ("a", "in", "foreign"), vector))
        for partition, vector in enumerate([(1, 2, 0), (-1, -2, 0)])
    ]
    view.apply(page(1, *rows))
    assert view.sums(CROSSINGS, DAYS, ("port",)) == {}
    assert view.sums(CROSSINGS, DAYS, ("port",), zeros=True) == {("a",): (0, 0, 0)}


vectors = st.integers(1, 5).flatmap(lambda size: st.lists(st.tuples(*[st.integers()] * size)))


@given(vectors)
def test_vectors_add_component_by_component(rows):
    assert add_vectors(rows) == tuple(sum(column) for column in zip(*rows, strict=True))


def test_vectors_of_two_lengths_do_not_add():
    with pytest.raises(ValueError, match="zip"):
        add_vectors([(1, 2), (1,)])
