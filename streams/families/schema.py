"""JSON Schema (2020-12) of every event type, generated from the types that decode events."""

import ast
from functools import cache
from inspect import cleandoc, getsource
from itertools import pairwise
from typing import Any

import msgspec

from tidemark.streams.contracts.family import DAY, HOUR, MINUTE, SECOND, SUBJECT, EventType, Family, Stream
from tidemark.streams.contracts.payload import Payload

from .table import CHANGED, CREATED, EVENT_TYPES, FAMILY_OF

Document = dict[str, Any]

LOCAL = "#/$defs/{name}"
"""Where a standalone schema keeps its parts."""

_ATTRIBUTES = {
    "type": "What happened, and the version of the payload",
    "specversion": "The version of CloudEvents",
    "id": "Unique within source; the pair (source, id) identifies the event",
    "source": "Who observed it, for example /shops/shop-0012",
    "time": "When it happened, not when it was sent; RFC 3339 with an offset",
    "subject": "The place, an id of the gazetteer such as mall.coco_park",
    "partitionkey": "Optional; any value other than the entity's key is refused",
    "simulated": "Whether a simulator generated it",
    "op": "create reports a fact; correct and retract change a fact reported before",
    "data": "The payload; {before, after} with correct, {before} with retract",
}
_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"))


def key_rule(kind: EventType) -> str:
    """The rule of the key that decides the partition, as names of fields: `{subject}+{direction}`."""
    return "+".join("{subject}" if part == SUBJECT else f"{{{part}}}" for part in kind.keyed_by)


def duration(span_ms: int | None) -> str:
    """90 min, 26 h or 7 d, in the largest unit that divides it; None is for ever."""
    if span_ms is None:
        return "for ever"
    size, unit = next((size, unit) for size, unit in _UNITS if span_ms % size == 0)
    return f"{span_ms // size} {unit}"


def acceptance(family: Family) -> str:
    """How far behind the newest event of its partition an entity's fact is still accepted."""
    return "not applicable" if family.stream is Stream.SIGNALS else duration(family.inactivity_gap_ms)


def describe_attributes() -> dict[str, str]:
    """The meaning of each attribute of the envelope, by name."""
    return dict(_ATTRIBUTES)


@cache
def read_meanings(payload: type[Payload]) -> dict[str, str]:
    """The meaning of each field that has one: the docstring below it, which exists only in the source.
    Raises OSError if the source is not installed."""
    body = next(node.body for node in ast.parse(getsource(payload)).body if isinstance(node, ast.ClassDef))
    return {
        field.target.id: " ".join(text.value.value.split()).removesuffix(".")
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def schema_documents() -> dict[str, Document]:
    """A standalone schema per event type, by the type's short name."""
    return {kind.name: _build_document(kind) for kind in EVENT_TYPES}


def event_schema(kind: EventType, ref_template: str) -> tuple[Document, dict[str, Document]]:
    """The schema of an event, and the parts to which it refers by `ref_template`.

    `op` decides the shape of `data`, by if and else rather than oneOf, so that a validator's
    error names the field at fault.
    """
    _, parts = msgspec.json.schema_components([CREATED[kind], CHANGED[kind]], ref_template=ref_template)
    payload = kind.payload.__name__
    parts[payload]["description"] = cleandoc(parts[payload]["description"])
    for name, meaning in read_meanings(kind.payload).items():
        parts[payload]["properties"][name]["description"] = meaning
    envelope = parts.pop(CREATED[kind].__name__)
    changed = parts.pop(CHANGED[kind].__name__)
    before = parts.pop(f"{payload}Change")["properties"]["before"]
    properties = envelope["properties"] | {
        "type": {"const": kind.type_name},
        "specversion": {"const": "1.0"},
        "op": {"enum": ["create", *changed["properties"]["op"]["enum"]], "default": "create"},
        "data": {},
    }
    parts[f"{payload}Correction"] = {
        "description": "What was reported, and what is right",
        **_build_strict_object({"before": before, "after": before}, ["before", "after"]),
    }
    parts[f"{payload}Retraction"] = {
        "description": "What was reported and did not happen",
        **_build_strict_object({"before": before, "after": {"type": "null"}}, ["before"]),
    }
    schema = {
        "title": kind.type_name,
        "description": f"{kind.meaning}.",
        "type": "object",
        "properties": {
            name: value | {"description": _ATTRIBUTES[name]} for name, value in properties.items()
        },
        "required": envelope["required"],
        **_build_data_branch("correct", ref_template.format(name=f"{payload}Correction")),
        "else": {
            **_build_data_branch("retract", ref_template.format(name=f"{payload}Retraction")),
            "else": {"properties": {"data": {"$ref": ref_template.format(name=payload)}}},
        },
    }
    return schema, parts


def _build_strict_object(properties: Document, required: list[str]) -> Document:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _build_data_branch(operation: str, ref: str) -> Document:
    return {
        "if": {"properties": {"op": {"const": operation}}, "required": ["op"]},
        "then": {"properties": {"data": {"$ref": ref}}},
    }


def _build_document(kind: EventType) -> Document:
    family = FAMILY_OF[kind]
    schema, parts = event_schema(kind, LOCAL)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:tidemark:schema:{kind.type_name}",
        **schema,
        "x-tidemark": {
            "family": family.name,
            "stream": family.stream.value,
            "key": key_rule(kind),
            "usual_lateness": duration(family.lateness_ms),
            "accepted_for": acceptance(family),
        },
        "$defs": dict(sorted(parts.items())),
    }
