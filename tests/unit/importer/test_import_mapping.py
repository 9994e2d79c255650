"""A mapping that violates a rule is refused with the field and the remedy."""

from copy import deepcopy
from typing import Any

import msgspec
import pytest

from tests.support.imports import MAPPINGS
from tidemark.services.importer.errors import MappingInvalid
from tidemark.services.importer.loading import load_mapping

GOOD: dict[str, Any] = {
    "type": "tidemark.footfall.counted.v1",
    "input": {"format": "csv", "columns": ["at", "sensor", "in"]},
    "envelope": {
        "source": "/counters/a",
        "subject": "mall.a",
        "time": {"field": "data.window_start", "plus_s": "data.window_s"},
    },
    "data": {
        "sensor_id": "s-{sensor}",
        "window_start": {"column": "at", "as": "instant", "zone": "Asia/Shanghai"},
        "window_s": 60,
        "entered": {"column": "in", "as": "int"},
        "exited": 0,
    },
    "skip": [{"column": "in", "empty": True}],
    "log": {"zone": "Asia/Shanghai"},
}
ABSENT = object()


def toml(value: Any) -> str:
    """TOML as inline tables, which is enough for a mapping."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{msgspec.json.encode(k).decode()} = {toml(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return msgspec.json.encode(value).decode()


def write_mapping(mapping: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {toml(value)}" for name, value in mapping.items())


def change_mapping(path: str, value: Any) -> str:
    mapping = deepcopy(GOOD)
    *parents, last = path.split("/")
    place: Any = mapping
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if value is ABSENT:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return write_mapping(mapping)


def test_the_mapping_that_the_other_tests_change_is_valid() -> None:
    assert load_mapping(write_mapping(GOOD)).type == GOOD["type"]


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mapping_of_the_seeds_loads(path: Any) -> None:
    load_mapping(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "value", "field", "remedy"),
    [
        ("type", "tidemark.nothing.v1", "type", "tidemark schemas"),
        ("type", ABSENT, "type", "docs/guides/import.md"),
        ("colour", "red", "colour", "use one of data, envelope"),
        ("input/format", "xml", "input.format", "docs/guides"),
        ("input/quote", "'", "input", "docs/guides"),
        ("input/encoding", "klingon", "input.encoding", "gb18030"),
        ("input/delimiter", ";;", "input.delimiter", "for example"),
        ("input/columns", ["at", "at"], "input.columns", "its own name"),
        ("input/columns", ["at", "sensor"], "data.entered", "use one of at, sensor"),
        ("input/format", "ndjson", "input.columns", "NDJSON names"),
        ("envelope/op", "retract", "envelope.op", "only id, source, subject"),
        ("envelope/source", ABSENT, "envelope.source", "add it to [envelope]"),
        ("envelope/time", {"field": "data.nothing"}, "envelope.time", "like data.window_s"),
        ("envelope/time", {"field": "data.entered", "plus_s": 5}, "envelope.time", "refer to an instant"),
        ("envelope/time/plus_s", "data.sensor_id", "envelope.time", "number of seconds"),
        ("envelope/time/as", "instant", "envelope.time", "all keys except field and plus_s"),
        ("data/persons", 1, "data.persons", "use one of sensor_id"),
        ("data/exited", ABSENT, "data.exited", "requires it; add it to [data]"),
        ("data/exited", 0.5, "data.exited", "docs/guides"),
        ("data/sensor_id", "s-{}", "data.sensor_id", "correct it"),
        ("data/sensor_id", "s-{sensor", "data.sensor_id", "correct it"),
        ("data/sensor_id", "s-{sensor:>4}", "data.sensor_id", "correct it"),
        ("data/sensor_id", "s-{gate}", "data.sensor_id", "use one of at"),
        ("data/exited", {"column": "in", "template": "{in}"}, "data.exited", "give one of column"),
        ("data/exited", {"template": "{in}", "as": "json"}, "data.exited.as", "give column"),
        ("data/exited", {"field": "data.entered"}, "data.exited", "of [data] from [envelope] only"),
        ("data/entered/as", "float", "data.entered.as", "docs/guides"),
        ("data/entered/map", {"x": 1}, "data.entered.map", "remove one"),
        ("data/entered/zone", "Asia/Shanghai", "data.entered", 'as = "instant"'),
        ("data/entered/plus_s", 5, "data.entered.plus_s", 'as = "instant"'),
        ("data/entered/format", "%Y", "data.entered.format", "to date or instant"),
        ("data/window_start/zone", "Mars/Olympus", "data.window_start.zone", "Asia/Shanghai"),
        ("data/window_start/zone", "../etc", "data.window_start.zone", "Asia/Shanghai"),
        ("data/window_start/format", "%Q", "data.window_start.format", "strptime"),
        ("data/window_start/format", "%d %b", "data.window_start.format", "strptime"),
        ("data/window_start/fold", "first", "data.window_start.fold", "docs/guides"),
        ("data/window_start/default", "2026-01-01", "data.window_start.default", "remove it"),
        (
            "data/sensor_id",
            {"column": "in", "cumulative": {"key": []}},
            "data.sensor_id.cumulative",
            "int, yuan",
        ),
        ("data/entered/cumulative", {"key": ["door"]}, "data.entered", "use one of at"),
        ("skip", {"column": "in", "empty": True}, "skip", "[[skip]]"),
        ("skip/0/equals", "x", "skip[0]", "give one of"),
        ("skip/0", {"column": "in", "matches": "("}, "skip[0].matches", "correct it"),
        ("skip/0/column", "persons", "skip[0]", "use one of at"),
        ("log/zone", "Nowhere", "log.zone", "Asia/Shanghai"),
    ],
)
def test_a_violated_rule_is_refused_with_field_and_remedy(
    path: str, value: Any, field: str, remedy: str
) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        load_mapping(change_mapping(path, value))
    assert refusal.value.field == field
    assert remedy in str(refusal.value)


def test_text_that_is_not_toml_is_refused() -> None:
    with pytest.raises(MappingInvalid, match="is not TOML"):
        load_mapping("type =")
