"""The AsyncAPI 3.0 document: two channels, their messages, and who sends and receives them."""

from collections.abc import Mapping, Sequence

from tidemark.streams.contracts.family import EventType, Stream

from .schema import Document, duration, event_schema, key_rule
from .table import EVENT_TYPES, FAMILY_OF

_SHARED = "#/components/schemas/{name}"
_STREAM_MEANING = {
    Stream.FACTS: "Events that add up to totals; kept for ever",
    Stream.SIGNALS: "Events that report the current situation; kept for 7 days, part of no total",
}
_DESCRIPTION = (
    "Events of a business district as CloudEvents 1.0 in JSON. The gateway accepts the same messages "
    "over HTTP (POST /v1/events). The partition of a message is murmur2(key) modulo the number of "
    "partitions, as Kafka's own clients compute it."
)


def asyncapi_document(examples: Mapping[str, Sequence[Document]]) -> Document:
    """The whole document; `examples` are events by their type's short name."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:tidemark:events",
        "info": {
            "title": "Tidemark events",
            "version": "1.0.0",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"kafka": _describe_server()},
        "channels": {stream.value: _describe_channel(stream) for stream in Stream},
        "operations": {
            f"{action}{stream.value.title()}": _describe_operation(action, stream)
            for action in ("send", "receive")
            for stream in Stream
        },
        "components": {
            "messages": {
                kind.name: _describe_message(kind, examples.get(kind.name, ())) for kind in EVENT_TYPES
            },
            "schemas": _build_schemas(),
        },
    }


def _describe_server() -> Document:
    return {
        "host": "{broker}",
        "protocol": "kafka",
        "description": "The deployment's Kafka cluster",
        "variables": {"broker": {"default": "localhost:9092", "description": "Host and port of a broker"}},
    }


def _list_kinds(stream: Stream) -> list[EventType]:
    return [kind for kind in EVENT_TYPES if FAMILY_OF[kind].stream is stream]


def _describe_channel(stream: Stream) -> Document:
    return {
        "address": f"tidemark.{stream.value}",
        "description": _STREAM_MEANING[stream],
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {
            kind.name: {"$ref": f"#/components/messages/{kind.name}"} for kind in _list_kinds(stream)
        },
    }


def _describe_operation(action: str, stream: Stream) -> Document:
    who = "Producers and the gateway send" if action == "send" else "The ledger and the watch receive"
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{stream.value}"},
        "summary": f"{who} {stream.value}",
        "messages": [
            {"$ref": f"#/channels/{stream.value}/messages/{kind.name}"} for kind in _list_kinds(stream)
        ],
    }


def _describe_message(kind: EventType, examples: Sequence[Document]) -> Document:
    family = FAMILY_OF[kind]
    return {
        "name": kind.type_name,
        "title": kind.name,
        "summary": kind.meaning,
        "description": f"Family {family.name}. Usually at most {duration(family.lateness_ms)} late.",
        "contentType": "application/cloudevents+json",
        "payload": {"$ref": _SHARED.format(name=kind.name)},
        "bindings": {"kafka": {"key": {"type": "string", "description": key_rule(kind)}}},
        "examples": [{"name": event.get("op", "create"), "payload": event} for event in examples],
    }


def _build_schemas() -> dict[str, Document]:
    schemas: dict[str, Document] = {}
    for kind in EVENT_TYPES:
        schemas[kind.name], parts = event_schema(kind, _SHARED)
        schemas.update(parts)
    return dict(sorted(schemas.items()))
