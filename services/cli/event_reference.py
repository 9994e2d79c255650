"""The page docs/reference/events.md: the envelope, and every event type with its fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tidemark.services.markdown import join_table
from tidemark.streams.contracts.definition import Addition, EntityReducer
from tidemark.streams.contracts.family import EventType, Family, Stream
from tidemark.streams.families.definitions import DEFINITIONS
from tidemark.streams.families.schema import (
    Document,
    acceptance,
    describe_attributes,
    duration,
    key_rule,
    schema_documents,
)
from tidemark.streams.families.table import EVENT_TYPES, FAMILIES
from tidemark.streams.indicators.targets.catalogue import Catalogue

from .markdown import join_page

SCHEMA_PATH = "schemas/{name}.schema.json"

_INTRO = """\
Every event is a CloudEvents 1.0 message in JSON. Types that are computed together form a family. Facts are \
added up and kept for ever; signals say how things stand now, are kept for 7 days and feed no total.

The **key** names the entity whose events share a partition; its parts are fields of the payload, or the \
event's subject. An event that is further than the **usual lateness** behind the newest event of its family \
and partition is counted as late and still added. Facts of an entity are **accepted** while they lie no \
further behind the newest event of their partition than the time given.

Money is a whole number of fen (100 fen = CNY 1) or US cents, counts are whole numbers. Personal identifiers \
never enter: tokens are made by the data holder (HMAC-SHA256, base32, one key per domain, so that refund, \
ticket and payment identities cannot be joined). Rules between fields are checked on arrival and are not in \
the JSON Schema. Examples of every type are in [`seeds/examples`](../../seeds/examples)."""

_UNITS = (
    ("_usd_cents", "US cents"),
    ("_fen", "fen"),
    ("_millipersons_m2", "persons per 1000 m²"),
    ("_cm2", "cm²"),
    ("_m2", "m²"),
    ("_bp", "1/100 %"),
    ("_ms", "ms"),
    ("_s", "s"),
    ("_per_min", "persons per minute"),
)
_FORMATS = {"date-time": "date and time with offset", "date": "date"}


def format_events(examples: Mapping[str, Sequence[Document]], catalogue: Catalogue) -> str:
    """The page, with values of the example events and the targets that each family feeds."""
    sections = [
        "## Envelope",
        join_table(("attribute", "required", "meaning"), _envelope_rows()),
        "## Types",
        join_table(("type", "family", "stream", "key", "usual lateness", "accepted for"), _overview_rows()),
    ]
    for family in FAMILIES:
        sections += [f"## {family.name}", _describe_family(family, catalogue)]
        for kind in family.types:
            sections += _describe_type(kind, family, examples.get(kind.name, ()))
    return join_page("Event catalogue", _INTRO, "\n\n".join(sections))


def _envelope_rows() -> Iterator[tuple[str, ...]]:
    required = schema_documents()[EVENT_TYPES[0].name]["required"]
    for name, meaning in describe_attributes().items():
        yield f"`{name}`", "yes" if name in required else "no", meaning


def _overview_rows() -> Iterator[tuple[str, ...]]:
    for family in FAMILIES:
        for kind in family.types:
            yield (
                f"[`{kind.type_name}`](#{_anchor(kind.type_name)})",
                family.name,
                family.stream.value,
                f"`{key_rule(kind)}`",
                duration(family.lateness_ms),
                acceptance(family),
            )


def _anchor(heading: str) -> str:
    """As GitHub makes it: lower case, dots removed."""
    return heading.lower().replace(".", "")


def _describe_family(family: Family, catalogue: Catalogue) -> str:
    """Its name in Chinese, its staleness, and the targets it feeds."""
    definition = DEFINITIONS[family.name]
    sentences = [f"{definition.name.zh} · {definition.name.en}."]
    if definition.stale_after_ms is not None:
        alert = ", and FeedStale fires" if definition.stale_alert else ""
        limit = duration(definition.stale_after_ms)
        sentences.append(f"Its numbers count as stale {limit} after the newest event{alert}.")
    elif family.stream is Stream.SIGNALS:
        sentences.append("A signal: it feeds no total.")
    targets = [
        f"`{indicator.id}`"
        for indicator in catalogue
        if indicator.live is not None and indicator.live.family == family.name
    ]
    if targets:
        sentences.append(f"[Targets](targets.md) measured from it: {', '.join(targets)}.")
    return " ".join(sentences)


def _describe_type(kind: EventType, family: Family, examples: Sequence[Document]) -> Iterator[str]:
    yield f"### {kind.type_name}"
    schema = SCHEMA_PATH.format(name=kind.name)
    yield f"{kind.meaning}. [Schema]({schema}). {_describe_feeds(family)}".rstrip()
    additions = _additions_of(kind, family)
    head = ("field", "meaning", "type and unit", "example", *(("added to",) if additions else ()))
    yield join_table(head, _field_rows(kind, examples, additions))
    if kind.payload.rules:
        yield "Rules between fields: " + "; ".join(f"*{rule.problem}*" for rule in kind.payload.rules) + "."


def _describe_feeds(family: Family) -> str:
    adds = DEFINITIONS[family.name].adds
    if not isinstance(adds, EntityReducer):
        return ""
    entity = ", ".join(f"`{name}`" for name in adds.identified_by)
    feeds = [f"the [measures](measures.md#{family.name}) of its family"] if family.measures else []
    if adds.latest_value is not None:
        feeds.append(f"the latest value by {entity}")
    return f"Feeds {' and '.join(feeds)}, from all facts with the same {entity}."


def _additions_of(kind: EventType, family: Family) -> tuple[Addition, ...]:
    adds = DEFINITIONS[family.name].adds
    if not isinstance(adds, tuple):
        return ()
    return tuple(
        addition for declared in adds if declared.payload is kind.payload for addition in declared.to
    )


def _field_rows(
    kind: EventType, examples: Sequence[Document], additions: Sequence[Addition]
) -> Iterator[tuple[str, ...]]:
    document = schema_documents()[kind.name]["$defs"][kind.payload.__name__]
    values = _example_values(examples)
    for name, schema in document["properties"].items():
        optional = "" if name in document["required"] else "optional; "
        row = (
            f"`{name}`",
            schema.get("description", ""),
            optional + _describe_values(name, schema),
            _show(values.get(name, schema.get("default"))),
        )
        measures = (f"`{addition.measure.name}`" for addition in additions if name in addition.fields())
        yield (*row, ", ".join(measures)) if additions else row


def _example_values(examples: Sequence[Document]) -> dict[str, Any]:
    """A value by field: of the created event, else of its correction."""
    values: dict[str, Any] = {}
    for event in examples:
        data = event["data"]
        payloads = (data["after"], data["before"]) if "after" in data else (data.get("before", data),)
        for payload in payloads:
            values = payload | values
    return values


def _show(value: Any) -> str:
    if value is None:
        return "–"
    return f"`{value if isinstance(value, str) else msgspec.json.encode(value).decode()}`"


def _describe_values(name: str, schema: Document) -> str:
    """Its type, limits and unit: `whole number, fen`."""
    inner = next((part for part in schema.get("anyOf", ()) if part.get("type") != "null"), schema)
    if "enum" in inner:
        return ", ".join(f"`{value}`" for value in inner["enum"])
    kind = inner["type"]
    if kind == "string":
        return _describe_text(inner)
    if kind == "array":
        return f"list of {_describe_values(name, inner['items'])}"
    if kind != "integer":
        return str(kind)
    unit = next((f", {unit}" for suffix, unit in _UNITS if name.endswith(suffix)), "")
    return f"whole number{unit}"


def _describe_text(schema: Document) -> str:
    if "format" in schema:
        return _FORMATS[schema["format"]]
    if "pattern" in schema:
        return f"text, `{schema['pattern'].replace('|', chr(92) + '|')}`"
    return f"text of at most {schema['maxLength']} characters"
