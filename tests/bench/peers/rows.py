"""Decodes what each peer publishes into the name of a total and its value."""

import json


def bare(key: bytes, value: bytes) -> tuple[str, int]:
    """Text and digits."""
    return key.decode(), int(value)


def kafka_streams(key: bytes, value: bytes) -> tuple[str, int]:
    """A changelog of Serdes.String and Serdes.Long."""
    return key.decode(), int.from_bytes(value, signed=True)


def quix(key: bytes, value: bytes) -> tuple[str, int]:
    """A changelog of JSON, whose keys begin with the message's key: sensor-00000|"mall.a 2026-03-02"."""
    return json.loads(key.partition(b"|")[2]), int(value)


def faust(key: bytes, value: bytes) -> tuple[str, int]:
    """A changelog of JSON; our keys begin with the partition."""
    return json.loads(key).partition(" ")[2], int(value)
