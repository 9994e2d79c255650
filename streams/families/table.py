"""The tables of all families: event types and measures."""

from importlib import import_module

import msgspec

from tidemark.streams.contracts.civil import GRAIN_NAMES, Grain, parse_period
from tidemark.streams.contracts.envelope import Changed, Created, changed_type, created_type
from tidemark.streams.contracts.family import EventType, Family, Measure, Retention
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.contracts.published import CellKey

from . import NAMES

FAMILIES: tuple[Family, ...] = tuple(import_module(f"{__package__}.{name}").FAMILY for name in NAMES)
EVENT_TYPES: tuple[EventType, ...] = tuple(kind for family in FAMILIES for kind in family.types)
TYPE_BY_NAME: dict[str, EventType] = {kind.type_name: kind for kind in EVENT_TYPES}
TYPE_OF: dict[type[Payload], EventType] = {kind.payload: kind for kind in EVENT_TYPES}
FAMILY_OF: dict[EventType, Family] = {kind: family for family in FAMILIES for kind in family.types}

CREATED: dict[EventType, type[Created]] = {kind: created_type(kind, FAMILY_OF[kind]) for kind in EVENT_TYPES}
CHANGED: dict[EventType, type[Changed]] = {kind: changed_type(kind, FAMILY_OF[kind]) for kind in EVENT_TYPES}


def _reading_order(family: Family) -> tuple[bool, bool]:
    """Families with totals by the minute come first, those with an inactivity gap last."""
    return (
        family.inactivity_gap_ms is not None,
        all(measure.finest != Grain.MINUTE for measure in family.measures),
    )


MEASURES: tuple[Measure, ...] = tuple(
    measure for family in sorted(FAMILIES, key=_reading_order) for measure in family.measures
)
"""In the order in which cells are published, listed and exported."""

RETENTIONS: tuple[Retention, ...] = tuple(
    dict.fromkeys(retention for measure in MEASURES for retention in measure.retentions)
)
MEASURE_BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}

_texts = msgspec.json.Decoder(tuple[str, ...])


def decode_key(raw: bytes) -> CellKey:
    """The inverse of encode_key. Raises ValueError for a key that this version cannot read."""
    parts = _texts.decode(raw)
    if len(parts) < 3:
        raise ValueError("a cell's key has a measure, a grain, a period and the values of its dimensions")
    name, grain_name, period, *dimensions = parts
    measure = MEASURE_BY_NAME.get(name)
    if measure is None:
        raise ValueError(f"{name!r} is not a measure")
    if grain_name not in GRAIN_NAMES:
        raise ValueError(f"{grain_name!r} is not a grain; use one of {', '.join(GRAIN_NAMES)}")
    grain = Grain(GRAIN_NAMES.index(grain_name))
    return CellKey(measure, grain, parse_period(grain, period), tuple(dimensions))
