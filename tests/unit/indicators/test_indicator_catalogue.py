from decimal import Decimal

import pytest

from tests.support.indicator_readings import CATALOGUE, ROOT, plan_rows
from tidemark.services.gazetteer import load_places
from tidemark.streams.indicators.targets.catalogue import Catalogue, Indicator
from tidemark.streams.indicators.targets.loading import (
    CatalogueInvalid,
    declare_meanings,
    load_catalogue,
    load_declarations,
)

FOLDER = ROOT / "seeds" / "indicators"
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml"))}
CONSUMPTION = "3-consumption.toml"
COLUMNS = {
    "name_zh": "name_zh",
    "name_en": "name_en",
    "unit": "unit",
    "op": "op",
    "kind": "kind",
    "section": "source",
}


def format_ways(indicator: Indicator) -> str:
    """As in the plan's table: live:registry, official or live:retail+official."""
    live = "" if indicator.live is None else f"live:{indicator.live.family}"
    return "+".join(live if way == "live" else way for way in indicator.ways)


def find_differences(catalogue: Catalogue, rows: list[dict[str, str]]) -> list[str]:
    """Where the catalogue differs from the plan's table, as id and column."""
    differing = [indicator.id for indicator in catalogue if indicator.id not in {row["id"] for row in rows}]
    for row in rows:
        if row["id"] not in catalogue:
            differing.append(row["id"])
            continue
        indicator = catalogue[row["id"]]
        numbers = {
            "target_2030": indicator.target,
            "baseline": indicator.baseline,
            "baseline_year": indicator.baseline_year,
        }
        differing += [
            f"{indicator.id} {column}"
            for column, number in numbers.items()
            if number != (Decimal(row[column]) if row[column] else None)
        ]
        differing += [
            f"{indicator.id} {column}"
            for column, field in COLUMNS.items()
            if getattr(indicator, field) != row[column]
        ]
        differing += [f"{indicator.id} measured_by"] if format_ways(indicator) != row["measured_by"] else []
        differing += [f"{indicator.id} note"] if row["note"] and not indicator.note_en else []
    return differing


def test_every_target_of_the_plan_is_in_the_catalogue_with_the_same_numbers():
    assert len(plan_rows()) == len(CATALOGUE) == 88
    assert find_differences(CATALOGUE, plan_rows()) == []
    assert [indicator.id for indicator in CATALOGUE if not indicator.ways] == []


@pytest.mark.parametrize("column", ["target_2030", "baseline", "baseline_year", "op", "kind", "measured_by"])
def test_a_changed_number_is_caught(column):
    rows = plan_rows()
    row = next(row for row in rows if row["id"] == "refund_shops")
    row[column] = {"op": ">", "kind": "cumulative", "measured_by": "official"}.get(column, "44")
    assert find_differences(CATALOGUE, rows) == [f"refund_shops {column}"]


def test_a_missing_and_an_invented_target_are_caught():
    rows = plan_rows()
    gone = rows.pop(3)["id"]
    rows.append({**rows[0], "id": "invented"})
    assert set(find_differences(CATALOGUE, rows)) == {gone, "invented"}


def change_files(old: str, new: str, after: str = 'id = "refund_shops"') -> dict[str, str]:
    """The files with the first `old` that follows `after` replaced."""
    head, mark, tail = TEXTS[CONSUMPTION].partition(after)
    assert mark
    assert old in tail
    return {**TEXTS, CONSUMPTION: head + mark + tail.replace(old, new, 1)}


REFUSED = [
    ("target = 600", 'target = "many"', "target"),
    ("target = 600", "target = nan", "target"),
    ("target = 600", "target = 1e400", "target"),
    ("target = 600\n", "", "target"),
    ("target = 600", "target = 40", "baseline"),
    ("baseline = 43\n", "", "baseline_year"),
    ("baseline_year = 2025", "baseline_year = 1999", "baseline_year"),
    ('op = ">="', 'op = "=="', "op"),
    ('kind = "stock"', 'kind = "heap"', "kind"),
    ('kind = "stock"', 'kind = "rank"', "live"),
    ('unit = "count"', 'unit = "shops"', "unit"),
    ('authority = "live"', 'authority = "official"', "authority"),
    ('authority = "live"', 'authority = "live"\npath = "milestone"', "milestones"),
    ('authority = "live"', 'authority = "live"\nmeaning = "stock"', "meaning"),
    ('authority = "live"', 'authority = "live"\nconflicts_with = ["nothing"]', "conflicts_with"),
    ('authority = "live"', 'authority = "live"\nconflicts_with = ["luxury_district"]', "conflicts_with"),
    ('authority = "live"', 'authority = "live"\ncolour = "red"', "colour"),
    ("note_zh", "# note_zh", "note_en"),
    ('formula = "registered"', 'formula = "guessed"', "live.formula"),
    ('entity_class = "refund_shop"', 'entity_class = "kiosk"', "live.entity_class"),
    ('entity_class = "refund_shop"', 'class = "refund_shop"', "live.class"),
]


@pytest.mark.parametrize(("old", "new", "field"), REFUSED)
def test_a_faulty_entry_is_refused_with_its_file_id_and_field(old, new, field):
    with pytest.raises(CatalogueInvalid) as refused:
        load_catalogue(change_files(old, new))
    assert str(refused.value).startswith(f"{CONSUMPTION}: refund_shops: {field}: ")
    assert refused.value.field == field
    assert ";" in str(refused.value)


def test_faulty_files_are_refused():
    with pytest.raises(CatalogueInvalid, match=r"3-consumption\.toml: file: is not TOML"):
        load_catalogue(change_files("target = 600", "target = "))
    with pytest.raises(CatalogueInvalid, match=r"refund_shops: id: is in 3-consumption\.toml too"):
        load_catalogue(change_files('id = "instant_refund_complexes"', 'id = "refund_shops"'))
    with pytest.raises(CatalogueInvalid, match="indicator: is not a list of tables"):
        load_catalogue({"x.toml": 'number = "x"\nzh = "x"\nen = "x"'})
    with pytest.raises(CatalogueInvalid, match="files: there are none"):
        load_catalogue({})


def test_a_milestone_path_ends_at_its_target_in_time():
    after = 'id = "luxury_district"'
    for old, new in (("value = 1", "value = 2"), ("2030-12-31", "2031-01-01")):
        with pytest.raises(CatalogueInvalid, match="luxury_district: milestones"):
            load_catalogue(change_files(old, new, after))


def test_conflicting_targets_name_each_other():
    assert CATALOGUE["debut_spaces"].conflicts_with == ("debut_spaces_text",)
    assert CATALOGUE["debut_spaces_text"].conflicts_with == ("debut_spaces",)
    with pytest.raises(CatalogueInvalid, match="debut_spaces does not name debut_spaces_text"):
        load_catalogue(
            {**TEXTS, "2-targets.toml": TEXTS["2-targets.toml"].replace("conflicts_with", "# ", 1)}
        )


def test_an_ambiguous_target_means_nothing_until_it_is_declared():
    ambiguous = [indicator.id for indicator in CATALOGUE if indicator.kind == "ambiguous"]
    assert {CATALOGUE[indicator_id].reads_as for indicator_id in ambiguous} == {"ambiguous"}
    text = (FOLDER / "declarations" / "example.toml").read_text("utf-8")
    assert load_declarations("example.toml", text) == {}
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line]
    meanings = load_declarations("example.toml", "\n".join(lines))
    assert sorted(meanings) == sorted(ambiguous)
    declared = declare_meanings(CATALOGUE, meanings)
    assert {declared[indicator_id].reads_as for indicator_id in ambiguous} == {"annual_flow", "cumulative"}
    assert [indicator.id for indicator in declared] == [indicator.id for indicator in CATALOGUE]
    assert all(declared[row["id"]].kind == row["kind"] for row in plan_rows())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('refund_shops = "stock"', "refund_shops: is not an ambiguous target"),
        ('key_district_visits = "stock"', "key_district_visits: is a flow"),
        ('cultural_events = "weekly"', "cultural_events: 'weekly' is not a meaning"),
    ],
)
def test_an_invalid_meaning_is_refused(text, message):
    with pytest.raises(CatalogueInvalid, match=message):
        declare_meanings(CATALOGUE, load_declarations("mine.toml", text))


def test_every_target_can_be_read_as_a_goal():
    assert all(indicator.goal.target == float(indicator.target) for indicator in CATALOGUE)


def test_every_place_that_a_formula_names_is_in_the_gazetteer():
    gazetteer = {place.id for place in load_places()}
    named = {
        place
        for indicator in CATALOGUE
        for field in ("districts", "venues_within")
        for place in getattr(indicator.live, field, ())
    }
    assert named
    assert named <= gazetteer


@pytest.mark.parametrize(
    ("indicator_id", "old", "new"),
    [
        ("card_acceptance", '["visa", "mastercard"]', '["visa", "master"]'),
        ("card_acceptance", '["visa", "mastercard"]', "[]"),
        ("sports_shows_added", '"concert"', '"conzert"'),
        ("sports_shows_added", "activities_held", "activities_help"),
    ],
)
def test_a_parameter_that_would_count_nothing_is_refused(indicator_id, old, new):
    with pytest.raises(CatalogueInvalid, match=f"{indicator_id}: live"):
        load_catalogue(change_files(old, new, f'id = "{indicator_id}"'))
