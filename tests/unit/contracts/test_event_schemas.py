"""The JSON Schemas agree with the codec wherever a schema can express the rule."""

import json

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from tests.support.events import created_events
from tests.support.examples import ALL, broken_examples, name_of
from tidemark.streams.families.codec import InvalidEvent, decode, encode
from tidemark.streams.families.schema import key_rule, schema_documents
from tidemark.streams.families.table import EVENT_TYPES

DOCUMENTS = schema_documents()
VALIDATORS = {
    f"tidemark.{name}.v1": Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for name, document in DOCUMENTS.items()
}


def list_fields_at_fault(error: ValidationError) -> set[str]:
    """The fields that an error is about: the one at its path, or the missing or unknown ones below it."""
    path = [str(part) for part in error.absolute_path]
    names: set[str] = set()
    if error.validator == "required":
        names = {name for name in error.validator_value if name not in error.instance}
    elif error.validator == "additionalProperties":
        names = set(error.instance) - set(error.schema["properties"])
    return {".".join([*path, name]) for name in names} or {".".join(path)}


def test_there_is_a_schema_of_every_type():
    assert list(DOCUMENTS) == [kind.name for kind in EVENT_TYPES]
    assert len({document["$id"] for document in DOCUMENTS.values()}) == 18


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_valid_json_schema(name):
    Draft202012Validator.check_schema(DOCUMENTS[name])
    assert DOCUMENTS[name]["description"]


@pytest.mark.parametrize("example", ALL, ids=name_of)
def test_every_example_fits_its_schema(example):
    VALIDATORS[example["type"]].validate(example)


@given(event=created_events("e1", list(EVENT_TYPES)))
def test_what_the_codec_writes_fits_the_schema(event):
    raw = encode(event)
    assert decode(raw) == event
    VALIDATORS[event.kind.type_name].validate(json.loads(raw))


@given(case=broken_examples())
def test_codec_and_schema_refuse_the_same_events_and_name_the_field(case):
    schema_errors = list(VALIDATORS[case.event["type"]].iter_errors(case.event))
    assert case.field in set().union(*map(list_fields_at_fault, schema_errors))
    with pytest.raises(InvalidEvent) as refused:
        decode(json.dumps(case.event).encode())
    assert refused.value.field == case.field
    assert refused.value.remedy


@pytest.mark.parametrize("example", ALL, ids=name_of)
def test_another_operation_is_refused(example):
    wrong = example | {"op": "upsert"}
    assert not VALIDATORS[example["type"]].is_valid(wrong)
    with pytest.raises(InvalidEvent) as refused:
        decode(json.dumps(wrong).encode())
    assert (refused.value.reason, refused.value.field) == ("invalid", "op")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("footfall.counted", "{sensor_id}"),
        ("refund.form_verified", "{form_token}"),
        ("port.crossings_counted", "{subject}+{direction}"),
        ("retail.sales_reported", "{subject}+{category}"),
    ],
)
def test_the_key_is_given_as_names_of_fields(name, rule):
    kind = next(kind for kind in EVENT_TYPES if kind.name == name)
    assert key_rule(kind) == rule == DOCUMENTS[name]["x-tidemark"]["key"]
