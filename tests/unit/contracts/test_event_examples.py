"""The example files: they cover every type, and each is the same after decoding and encoding."""

import json
import tomllib

import pytest

from tests.support.examples import ALL, BY_NAME, EXAMPLES, ROOT, name_of
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.families.table import EVENT_TYPES, FAMILY_OF

every_example = pytest.mark.parametrize("example", ALL, ids=name_of)


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.name)
def test_a_fact_is_shown_created_corrected_and_retracted_and_a_signal_created(kind):
    operations = [event.get("op", "create") for event in BY_NAME[kind.name]]
    is_fact = FAMILY_OF[kind].stream is Stream.FACTS
    assert operations == (["create", "correct", "retract"] if is_fact else ["create"])
    assert {event["type"] for event in BY_NAME[kind.name]} == {kind.type_name}


def test_no_example_file_is_left_over():
    assert len(list(EXAMPLES.glob("*.json"))) == len(ALL)


@every_example
def test_an_example_is_the_same_after_decoding_and_encoding(example):
    event = decode(json.dumps(example).encode())
    encoded = encode(event)
    assert json.loads(encoded) == example
    assert decode(encoded) == event
    assert encode(decode(encoded)) == encoded


@every_example
def test_an_example_changes_the_first_of_its_type(example):
    original = BY_NAME[decode(json.dumps(example).encode()).kind.name][0]
    for attribute in ("time", "subject", "source"):
        assert example[attribute] == original[attribute]
    if example is not original:
        assert example["id"] != original["id"]
        assert example["data"]["before"] == original["data"]
        assert example["data"].get("after") != original["data"]


@every_example
def test_an_example_accepts_its_own_key_as_partitionkey(example):
    event = decode(json.dumps(example).encode())
    assert decode(json.dumps(example | {"partitionkey": key_of(event)}).encode()).data == event.data


def test_ids_are_unique_within_their_source():
    assert len({(event["source"], event["id"]) for event in ALL}) == len(ALL)


def test_examples_name_places_of_the_gazetteer():
    gazetteer = tomllib.loads((ROOT / "seeds/places.toml").read_text("utf-8"))
    places = {place["id"] for place in gazetteer["place"]}
    assert {event["subject"] for event in ALL} <= places
