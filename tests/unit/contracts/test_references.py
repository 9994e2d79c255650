"""The committed references match the contracts, and their commands work."""

import json

import pytest
from typer.testing import CliRunner

from tests.support.examples import BY_NAME, ROOT
from tidemark.services.cli.markdown import REFRESH
from tidemark.services.cli.references import build_references, find_stale, write_files
from tidemark.services.cli.schemas import app
from tidemark.services.resources import INDICATORS
from tidemark.streams.families.footfall import FootfallCounted
from tidemark.streams.families.schema import read_meanings
from tidemark.streams.families.table import EVENT_TYPES, MEASURES
from tidemark.streams.indicators.targets.loading import read_catalogue

TEXTS = build_references(BY_NAME)
CATALOGUE = read_catalogue(INDICATORS)
run = CliRunner().invoke


def test_the_committed_references_are_fresh():
    assert find_stale(ROOT / "docs/reference", TEXTS) == [], f"run `{REFRESH}` and commit what it changes"


def test_a_changed_a_missing_and_a_left_over_file_are_stale_until_written_again(tmp_path):
    write_files(tmp_path, TEXTS)
    assert find_stale(tmp_path, TEXTS) == []
    (tmp_path / "measures.md").write_text("old")
    (tmp_path / "asyncapi.json").unlink()
    (tmp_path / "schemas/gone.schema.json").write_text("{}")
    assert find_stale(tmp_path, TEXTS) == ["asyncapi.json", "measures.md", "schemas/gone.schema.json"]
    write_files(tmp_path, TEXTS)
    assert find_stale(tmp_path, TEXTS) == []


def test_every_measure_and_type_has_its_line():
    for measure in MEASURES:
        assert f"| `{measure.name}` |" in TEXTS["measures.md"]
    for kind in EVENT_TYPES:
        assert f"\n### {kind.type_name}\n\n{kind.meaning}. " in TEXTS["events.md"]
        assert f"[Schema](schemas/{kind.name}.schema.json)" in TEXTS["events.md"]


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.name)
def test_every_field_has_a_meaning_in_the_catalogue_and_in_its_schema(kind):
    section = TEXTS["events.md"].partition(f"### {kind.type_name}\n")[2].partition("\n#")[0]
    schema = json.loads(TEXTS[f"schemas/{kind.name}.schema.json"])["$defs"][kind.payload.__name__]
    for field in kind.payload.__struct_fields__:
        meaning = schema["properties"][field]["description"]
        assert f"| `{field}` | {meaning} |" in section


def test_the_meaning_of_a_field_is_the_docstring_that_follows_it():
    assert read_meanings(FootfallCounted)["line_id"] == "The counting line, where a sensor has several"
    assert "window_s" not in read_meanings(FootfallCounted)


def test_every_target_has_its_row():
    rows = [line for line in TEXTS["targets.md"].splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [indicator.id for indicator in CATALOGUE]
    assert len(rows) == 88
    assert (
        "| `refund_shops` | 离境退税商户 · Departure tax-refund shops | 个 · count | 43 (2025) |"
        in TEXTS["targets.md"]
    )


def test_private_dimensions_are_in_italics():
    assert "| `refund.shop` | place, *shop* |" in TEXTS["measures.md"]


def test_schemas_lists_every_type():
    listed = json.loads(run(app, ["--json"]).stdout)
    assert [row["type"] for row in listed] == [kind.type_name for kind in EVENT_TYPES]
    assert {"family", "stream", "key", "meaning"} <= set(listed[0])
    table = run(app, [])
    assert table.exit_code == 0
    assert all(kind.name in table.stdout for kind in EVENT_TYPES)


@pytest.mark.parametrize("name", ["footfall.counted", "tidemark.footfall.counted.v1"])
def test_show_prints_the_schema_that_is_committed(name):
    shown = run(app, ["show", name])
    assert json.loads(shown.stdout) == json.loads(TEXTS["schemas/footfall.counted.schema.json"])


def test_showing_an_unknown_type_is_a_usage_error():
    assert run(app, ["show", "footfall.guessed"]).exit_code == 2


def test_check_exits_with_one_and_names_what_is_stale_until_it_is_written(tmp_path):
    assert run(app, ["write", str(tmp_path)]).exit_code == 0
    assert run(app, ["check", str(tmp_path)]).exit_code == 0
    (tmp_path / "events.md").write_text("old")
    checked = run(app, ["check", str(tmp_path)])
    assert checked.exit_code == 1
    assert "events.md" in checked.stdout
    assert REFRESH in checked.stdout
    assert json.loads(run(app, ["check", str(tmp_path), "--json"]).stdout) == {"stale": ["events.md"]}
