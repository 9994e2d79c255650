"""The AsyncAPI document by the rules of version 3.0 that can be checked without its own schema."""

import re

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from tests.support.examples import ALL, BY_NAME, name_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.asyncapi import asyncapi_document
from tidemark.streams.families.table import EVENT_TYPES, FAMILY_OF

DOCUMENT = asyncapi_document(BY_NAME)
FIXED_FIELDS = {
    "document": "asyncapi id info servers defaultContentType channels operations components",
    "info": "title version description termsOfService contact license tags externalDocs",
    "server": "host protocol protocolVersion pathname description title summary variables security tags "
    "externalDocs bindings",
    "channel": "address messages title summary description servers parameters tags externalDocs bindings",
    "operation": "action channel title summary description security tags externalDocs bindings traits "
    "messages reply",
    "message": "headers payload correlationId contentType name title summary description tags externalDocs "
    "bindings examples traits",
    "example": "name summary headers payload",
}
"""The fixed fields of the objects in the specification; others need the prefix x-."""


def resolve(ref):
    value = DOCUMENT
    for part in ref.removeprefix("#/").split("/"):
        value = value[part]
    return value


def list_references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from list_references(part)
    elif isinstance(value, list):
        for part in value:
            yield from list_references(part)


def list_objects():
    yield "document", DOCUMENT
    yield "info", DOCUMENT["info"]
    for kind in ("server", "channel", "operation"):
        for value in DOCUMENT[f"{kind}s"].values():
            yield kind, value
    for message in DOCUMENT["components"]["messages"].values():
        yield "message", message
        for shown in message["examples"]:
            yield "example", shown


def test_it_has_a_title_and_versions_of_itself_and_its_specification():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"]["title"]
    assert DOCUMENT["info"]["version"]


def test_its_objects_have_no_fields_that_the_specification_does_not_define():
    for kind, value in list_objects():
        assert set(value) <= set(FIXED_FIELDS[kind].split()), kind


def test_every_reference_resolves():
    references = list(list_references(DOCUMENT))
    assert references
    for ref in references:
        assert isinstance(resolve(ref), dict), ref


def test_component_names_are_plain():
    for components in DOCUMENT["components"].values():
        for name in components:
            assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


@pytest.mark.parametrize("stream", Stream)
def test_a_channel_carries_the_types_of_its_stream(stream):
    channel = DOCUMENT["channels"][stream.value]
    assert channel["address"] == f"tidemark.{stream.value}"
    assert set(channel["messages"]) == {k.name for k in EVENT_TYPES if FAMILY_OF[k].stream is stream}


def test_operations_send_and_receive_messages_of_their_own_channel():
    done = set()
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        done.add((operation["action"], channel))
        assert all(message["$ref"].startswith(f"{channel}/messages/") for message in operation["messages"])
        assert len(operation["messages"]) == len(resolve(channel)["messages"])
    assert done == {(a, f"#/channels/{s.value}") for a in ("send", "receive") for s in Stream}


def test_every_variable_of_a_server_is_described():
    for server in DOCUMENT["servers"].values():
        assert set(re.findall(r"{(\w+)}", server["host"])) == set(server["variables"])


def test_no_two_types_share_a_part():
    parts = [kind.payload.__name__ for kind in EVENT_TYPES]
    assert len(set(parts)) == len(parts)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_its_schemas_are_valid_in_both_drafts(name):
    schema = DOCUMENT["components"]["schemas"][name]
    Draft7Validator.check_schema(schema)
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("example", ALL, ids=name_of)
def test_an_example_fits_its_message(example):
    name = example["type"][9:-3]
    message = DOCUMENT["components"]["messages"][name]
    assert example in [shown["payload"] for shown in message["examples"]]
    Draft202012Validator({**message["payload"], "components": DOCUMENT["components"]}).validate(example)
