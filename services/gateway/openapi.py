"""The OpenAPI description of the routes as they behave; event schemas come from the event types."""

from collections.abc import Mapping
from typing import Any, Union

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from tidemark.services.http import PROBLEM_MEDIA_TYPE
from tidemark.streams.families.table import CHANGED, CREATED

from .content import BATCH, BINARY, STRUCTURED
from .names import ATTRIBUTE_PATTERN

Document = dict[str, Any]


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _describe_answer(
    description: str, media_type: str, schema: str, headers: Document | None = None
) -> Document:
    return {
        "description": description,
        "content": {media_type: {"schema": _ref(schema)}},
        "headers": headers or {},
    }


def _describe_problem(description: str, schema: str = "Problem", headers: Document | None = None) -> Document:
    return _describe_answer(description, PROBLEM_MEDIA_TYPE, schema, headers)


_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}}}

Responses = dict[int | str, Document]

EVENTS_RESPONSES: Responses = {
    202: _describe_answer("All events are durable", "application/json", "Receipt"),
    207: _describe_answer("Some events are durable; see the verdicts", "application/json", "BatchReceipt"),
    400: _describe_problem("The request is not valid HTTP, its body is not JSON, or a key is given twice"),
    401: _describe_problem("The token is missing, unknown or expired", headers=_CHALLENGE),
    403: _describe_problem("The sender may not send this, or only local requests are served"),
    408: _describe_problem("The body took too long to arrive"),
    413: _describe_problem("The body, an event or a batch is too large"),
    415: _describe_problem("The content type is not one of CloudEvents"),
    422: _describe_problem("The event, or every event of the batch, was rejected", "Rejection"),
    429: _describe_problem("Too many events are waiting to be appended", "Rejection", _RETRY_AFTER),
    500: _describe_problem("The gateway failed"),
    503: _describe_problem("The log did not append the events in time", "Rejection", _RETRY_AFTER),
    507: _describe_problem("The log has no space left", "Rejection", _RETRY_AFTER),
}
_STATUS_RESPONSES: Responses = {200: _describe_answer("Yes", "application/json", "Status")}
ENDPOINTS: Mapping[str, Document] = {
    "/health": {
        "summary": "Is the process alive?",
        "description": "Answers while the process runs.",
        "responses": _STATUS_RESPONSES,
    },
    "/ready": {
        "summary": "Can events be accepted?",
        "description": "Checks the committer, the log and the free space.",
        "responses": _STATUS_RESPONSES | {503: _describe_problem("No, and why")},
    },
    "/metrics": {
        "summary": "The gateway's own metrics",
        "description": "Prometheus text format; nothing here is a business value.",
        "responses": {
            200: {"description": "The metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}
        },
    },
}

_ATTRIBUTES = ("specversion", "type", "id", "source", "time", "subject", "partitionkey", "op", "simulated")

EVENTS_OPERATION: Document = {
    "security": [{}, {"token": []}],
    "parameters": [
        {
            "name": f"ce-{attribute}",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": f"Binary mode: the attribute {attribute}, percent-encoded",
        }
        for attribute in _ATTRIBUTES
    ],
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: {"schema": _ref("Event")},
            BATCH: {"schema": {"type": "array", "items": _ref("Event"), "minItems": 1}},
            BINARY: {"schema": {"description": "Binary mode: the event's data", "type": "object"}},
        },
    },
}

_PROBLEM: Document = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "remedy"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:tidemark:problem:"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string", "description": "What to do about it"},
        "field": {"type": "string", "description": "The field with the problem, such as data.entered"},
    },
}
_PLACE: Document = {"partition": {"type": "integer"}, "offset": {"type": "integer"}}
_VERDICTS: Document = {"verdicts": {"type": "array", "items": _ref("Verdict")}}
_VERDICT: Document = {
    "type": "object",
    "required": ["index", "id", "status"],
    "properties": {
        "index": {"type": "integer", "description": "The event's index in the batch, from 0"},
        "id": {"type": ["string", "null"]},
        "status": {"enum": ["accepted", "rejected"]},
        "problem": _ref("Problem"),
        **_PLACE,
    },
}
_SCHEMAS: Document = {
    "Problem": _PROBLEM,
    "Verdict": _VERDICT,
    "Rejection": {"allOf": [_ref("Problem")], "properties": _VERDICTS},
    "EventReceipt": {
        "type": "object",
        "required": ["accepted", "partition", "offset"],
        "properties": {"accepted": {"const": 1}, **_PLACE},
    },
    "BatchReceipt": {
        "type": "object",
        "required": ["accepted", "rejected", "verdicts"],
        "properties": {"accepted": {"type": "integer"}, "rejected": {"type": "integer"}, **_VERDICTS},
    },
    "Receipt": {"oneOf": [_ref("EventReceipt"), _ref("BatchReceipt")]},
    "Status": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
}


def describe(app: FastAPI) -> Document:
    """The OpenAPI document; built once, then cached."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        document["components"] = {
            "schemas": _SCHEMAS | _build_event_schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        }
        app.openapi_schema = document
    return app.openapi_schema


def _build_event_schemas() -> Document:
    kinds = (*CREATED.values(), *CHANGED.values())
    _, components = msgspec.json.schema_components(
        (Union[tuple(CREATED.values())], Union[tuple(CHANGED.values())]),  # noqa: UP007
        ref_template="#/components/schemas/{name}",
    )
    event = {
        "anyOf": [_ref(kind.__name__) for kind in kinds],
        "propertyNames": {"pattern": ATTRIBUTE_PATTERN},
    }
    return components | {"Event": event}
