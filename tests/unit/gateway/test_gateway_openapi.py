"""The OpenAPI document describes what the gateway does; schemathesis compares the two."""

import hashlib
from typing import Any

import jsonschema
import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.support.gateways import clock, density, footfall, gateway, limits, memory_log, send, send_batch
from tidemark.services.gateway.app import create_app
from tidemark.services.gateway.sources import FAMILY_NAMES, Source, Sources
from tidemark.streams.families.table import TYPE_BY_NAME

TOKEN = "a-token-of-this-test"  # noqa: S105


def describe_api() -> Any:
    sources = Sources([Source("/", FAMILY_NAMES, hashlib.sha256(TOKEN.encode()).hexdigest())])
    app = create_app(memory_log(), limits(), sources, clock)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/v1/events", "POST"), ("/health", "GET"), ("/ready", "GET"), ("/metrics", "GET")],
)
def test_the_answers_are_as_described(path: str, method: str) -> None:
    operation = describe_api()[path][method]

    @settings(max_examples=25)
    @given(operation.as_strategy())
    def check(case: schemathesis.Case) -> None:
        # A schema cannot express every rule, such as that time is not in the future.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {TOKEN}"}, excluded_checks=[positive_data_acceptance]
        )

    check()


def document() -> dict[str, Any]:
    return create_app(memory_log(), limits(), Sources(), clock).openapi()


@pytest.mark.parametrize("event", [footfall(), density()])
def test_the_described_event_is_what_is_taken(event: dict[str, Any]) -> None:
    shape = document() | {"$ref": "#/components/schemas/Event"}
    jsonschema.validate(event, shape)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(event | {"data": {}}, shape)
    jsonschema.validate(event | {"traceparent": "00-1"}, shape)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(event | {"Simulated": True}, shape)


def test_every_type_is_described() -> None:
    schemas = document()["components"]["schemas"]
    names = {
        name for s in schemas.values() for name in s.get("properties", {}).get("type", {}).get("enum", [])
    }
    assert set(TYPE_BY_NAME) <= names


@pytest.mark.parametrize(
    ("batch", "events", "status"),
    [
        (False, footfall(), 202),
        (True, [footfall()], 202),
        (True, [footfall(), footfall(entered=-1)], 207),
        (True, [footfall(entered=-1)], 422),
        (False, footfall(entered=-1), 422),
    ],
)
async def test_answers_to_good_and_mixed_events_are_as_described(
    batch: bool, events: Any, status: int
) -> None:
    async with gateway(memory_log()) as client:
        answer = await (send_batch if batch else send)(client, events)
    shape = document()
    content = shape["paths"]["/v1/events"]["post"]["responses"][str(answer.status_code)]["content"]
    assert answer.status_code == status
    jsonschema.validate(answer.json(), shape | content[answer.headers["content-type"]]["schema"])
