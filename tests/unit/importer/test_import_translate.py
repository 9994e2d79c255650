"""A row becomes the event that the mapping describes, or is rejected with its line and field."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.imports import seed_mapping, translate_file
from tidemark.services.importer.loading import load_mapping

HEAD = "Day;Hour;Category;Orders;Gross;Returned;Online;Reporting;Expected\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def test_sales_in_yuan_become_fen_and_words_become_codes(tmp_path: Path) -> None:
    text = HEAD + "2026-01-01;09;餐饮;12;1234.5;;0.05;3;4\n2026-01-01;09;合计;12;1234.5;;0.05;3;4\n"
    events, rejected = translate_file(write(tmp_path / "f", text, "gb18030"), seed_mapping("mall-sales"))
    assert rejected == []
    (event,) = events
    assert event.id == "2026-01-01T09-餐饮"
    assert event.time.isoformat() == "2026-01-01T02:00:00+00:00"
    assert event.data.window_start.isoformat() == "2026-01-01T01:00:00+00:00"
    assert (event.data.category, event.data.gross_fen, event.data.returned_fen, event.data.online_fen) == (
        "catering",
        123450,
        0,
        5,
    )


@pytest.mark.parametrize(
    ("row", "field", "problem"),
    [
        ("2026-01-01;09;餐饮;12;1234.555;;;3;4", "data.gross_fen", "'1234.555' has a fraction of a fen"),
        ("2026-01-01;09;餐饮;x;1;;;3;4", "data.orders", "'x' is not a whole number"),
        ("2026-01-01;09;餐饮;-1;1;;;3;4", "data.orders", "Expected `int` >= 0"),
        ("2026-01-01;09;玩具;1;1;;;3;4", "data.category", "'玩具' is not in the field's map"),
        ("2026-01-01;25;餐饮;1;1;;;3;4", "data.window_start", "'2026-01-01 25' is not a time"),
        ("2026-01-01;;餐饮;1;1;;;3;4", "data.window_start", "is empty in this row"),
        ("2026-01-01;09;餐饮;1;1;0;2;3;4", "data.online_fen", "more than gross_fen"),
        ("2026-01-01;09;餐饮;1", "", "has 4 columns instead of 9"),
    ],
)
def test_a_row_that_fails_is_rejected_with_line_field_and_problem(
    tmp_path: Path, row: str, field: str, problem: str
) -> None:
    good = "2026-01-01;10;餐饮;1;1;;;3;4\n"
    path = write(tmp_path / "f", HEAD + good + row + "\n" + good, "gb18030")
    events, rejected = translate_file(path, seed_mapping("mall-sales"))
    assert len(events) == 2
    ((line, rejected_field, message),) = rejected
    assert (line, rejected_field) == (3, field)
    assert message.startswith(problem)


def door(at: int, entered: int, left: int, device: Any = "d7") -> str:
    return json.dumps(
        {"device": {"id": device, "mall": "coco_park"}, "at": at, "total": {"in": entered, "out": left}}
    )


def test_nested_cumulative_counters_become_the_increase_of_each_minute(tmp_path: Path) -> None:
    lines = [
        door(1767225600, 1000, 900),
        door(1767225600, 7, 7, device=8),
        door(1767225660, 1010, 905),
        '{"device": {}}',
        door(1767225720, 4, 906),
        door(1767225720, 8, 9, device=8),
    ]
    path = write(tmp_path / "f", "\n".join(lines))
    events, rejected = translate_file(path, seed_mapping("door-counters-cumulative"))
    assert [(e.data.sensor_id, e.data.entered, e.data.exited) for e in events] == [
        ("d7", 10, 5),
        ("d7", 4, 1),
        ("8", 1, 2),
    ]
    assert events[0].time.timestamp() == 1767225660
    assert events[0].data.window_start.timestamp() == 1767225600
    assert rejected == [(4, "data.sensor_id", "is empty in this row")]


REGISTRY = """
type = "tidemark.registry.entity_changed.v1"
[input]
format = "{format}"
[envelope]
source = "/malls/a"
subject = "mall.a"
time = {{ column = "at", as = "instant", zone = "Asia/Shanghai" }}
[data]
entity_class = "merchant"
entity_id = "{{id}}"
status = {{ column = "open", map = {{ "true" = "active", "false" = "closed" }} }}
valid_from = {{ column = "from", as = "date", format = "%d.%m.%Y", default = "2026-01-01" }}
capabilities = {{ column = "takes", as = "json", default = [] }}
capacity = {{ column = "seats", as = "int" }}
"""


def test_lists_booleans_dates_and_missing_optional_fields(tmp_path: Path) -> None:
    rows = [
        {
            "id": 1,
            "at": "2026-01-02T00:00",
            "open": True,
            "from": "05.02.2026",
            "takes": ["visa"],
            "seats": 12.0,
        },
        {"id": "m2", "at": "2026-01-02T00:00", "open": False},
        {"id": "m3", "at": "2026-01-02T00:00", "open": True, "takes": ["gold"]},
    ]
    path = write(tmp_path / "f", "\n".join(json.dumps(row) for row in rows))
    mapping = load_mapping(REGISTRY.format(format="ndjson").replace(", default = []", ""))
    events, rejected = translate_file(path, mapping)
    first, second = (event.data for event in events)
    assert (first.entity_id, first.status, first.capabilities, first.capacity) == (
        "1",
        "active",
        ("visa",),
        12,
    )
    assert (first.valid_from.isoformat(), second.valid_from.isoformat()) == ("2026-02-05", "2026-01-01")
    assert (second.status, second.capabilities, second.capacity) == ("closed", (), None)
    assert [(line, field) for line, field, _ in rejected] == [(3, "data.capabilities[0]")]


COUNTS = """
type = "tidemark.port.crossings_counted.v1"
[input]
format = "csv"
[envelope]
source = "/ports/a"
subject = "port.a"
time = {{ field = "data.window_start", plus_s = 3600 }}
[data]
window_start = {{ column = "at", as = "instant", zone = "Asia/Shanghai" }}
window_s = 3600
direction = "{direction}"
group = "foreign"
persons = {{ column = "{direction}", as = "int" }}
"""


def ids(path: Path, direction: str, comment: str = "") -> list[str]:
    events, rejected = translate_file(path, load_mapping(comment + COUNTS.format(direction=direction)))
    assert rejected == []
    return [event.id for event in events]


def test_ids_are_the_same_for_every_run_and_differ_between_rows_and_events(tmp_path: Path) -> None:
    row = "2026-01-01 09:00,5,5\n"
    path = write(tmp_path / "f", "at,in,out\n" + row + row)
    assert ids(path, "in") == ids(path, "in", comment="# better explained\n")
    everything = ids(path, "in") + ids(path, "out")
    assert len(set(everything)) == len(everything) == 4


@pytest.mark.parametrize(
    ("rule", "left"),
    [('equals = "3"', ["1", "", "13"]), ("empty = true", ["1", "3", "13"]), ('matches = "3$"', ["1", ""])],
)
def test_rows_are_skipped_by_value_emptiness_or_pattern(tmp_path: Path, rule: str, left: list[str]) -> None:
    path = write(tmp_path / "f", "at,in,out\n" + "".join(f"2026-01-01,{n},0\n" for n in ("1", "3", "", "13")))
    skip = f'\n[[skip]]\ncolumn = "in"\n{rule}\n'
    mapping = COUNTS.format(direction="in").replace('as = "int"', 'as = "int", default = 0') + skip
    events, rejected = translate_file(path, load_mapping(mapping))
    assert rejected == []
    assert [event.data.persons for event in events] == [int(n or 0) for n in left]
