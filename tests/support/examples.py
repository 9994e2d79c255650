"""The example events of seeds/examples, and ways to break them."""

import copy
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from tidemark.services.cli.references import load_examples
from tidemark.services.resources import EXAMPLES
from tidemark.streams.families.table import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
BY_NAME = load_examples(EXAMPLES)
ALL = [event for events in BY_NAME.values() for event in events]
ENVELOPE = ("specversion", "id", "source", "time", "subject", "data")


class Broken(NamedTuple):
    """An event that breaks one rule, and the field that an error must name."""

    event: dict[str, Any]
    field: str


def name_of(event: dict[str, Any]) -> str:
    """footfall.counted-correct, for the ids of tests."""
    return f"{event['type'][9:-3]}-{event.get('op', 'create')}"


@st.composite
def broken_examples(draw: st.DrawFn) -> Broken:
    """An example with one thing wrong."""
    event = copy.deepcopy(draw(st.sampled_from(ALL)))
    path, payload = draw(st.sampled_from(_payloads(event)))
    fault = draw(st.sampled_from([_drop, _drop_attribute, _add, _negate, _mistype, _mistype_attribute]))
    return fault(draw, event, path, payload)


def _payloads(event: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The paths of the payloads in an event, and the payloads."""
    if event.get("op", "create") == "create":
        return [("data", event["data"])]
    return [(f"data.{part}", payload) for part, payload in event["data"].items()]


def _struct_fields(event: dict[str, Any]) -> tuple[msgspec.structs.FieldInfo, ...]:
    kind = next(kind for kind in EVENT_TYPES if kind.type_name == event["type"])
    return msgspec.structs.fields(kind.payload)


def _drop(draw, event, path, payload) -> Broken:
    name = draw(st.sampled_from([field.name for field in _struct_fields(event) if field.required]))
    del payload[name]
    return Broken(event, f"{path}.{name}")


def _drop_attribute(draw, event, _path, _payload) -> Broken:
    name = draw(st.sampled_from(ENVELOPE))
    del event[name]
    return Broken(event, name)


def _add(draw, event, path, payload) -> Broken:
    name = draw(st.sampled_from(["enterd", "note", "op"]))
    payload[name] = draw(st.sampled_from([None, 1, "x"]))
    return Broken(event, f"{path}.{name}")


def _negate(draw, event, path, payload) -> Broken:
    names = [name for name, value in payload.items() if type(value) is int and name != "clock_offset_ms"]
    if not names:
        return _mistype(draw, event, path, payload)
    name = draw(st.sampled_from(names))
    payload[name] = -draw(st.integers(1, 10**18))
    return Broken(event, f"{path}.{name}")


def _mistype(draw, event, path, payload) -> Broken:
    name = draw(st.sampled_from([field.name for field in _struct_fields(event)]))
    payload[name] = {}
    return Broken(event, f"{path}.{name}")


def _mistype_attribute(draw, event, _path, _payload) -> Broken:
    name = draw(st.sampled_from(ENVELOPE))
    event[name] = draw(st.sampled_from([[], 7, None]))
    return Broken(event, name)
