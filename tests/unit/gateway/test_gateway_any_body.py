"""The gateway answers any bytes, and appends only valid events."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateways import footfall, gateway, limits, memory_log, read_stored
from tidemark.services.gateway.content import BATCH, BINARY, STRUCTURED
from tidemark.streams.contracts.family import Stream
from tidemark.streams.families.codec import decode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoilt_events(draw: st.DrawFn) -> dict[str, Any]:
    """A valid event with some attributes or fields of data replaced, removed or added."""
    event = footfall()
    names = st.sampled_from([*event, *event["data"], "op", "partitionkey", "simulated"]) | st.text()
    for name in draw(st.lists(names, max_size=2)):
        target = event.get("data") if name in footfall()["data"] else event
        if isinstance(target, dict):
            if draw(st.booleans()):
                target.pop(name, None)
            else:
                target[name] = draw(json_values)
    return event


@st.composite
def cut_bodies(draw: st.DrawFn) -> bytes:
    """The start of a valid body, and something after it."""
    body = json.dumps([footfall()]).encode()
    return body[: draw(st.integers(0, len(body)))] + draw(st.binary(max_size=8))


bodies = (
    st.binary(max_size=200)
    | cut_bodies()
    | json_values.map(lambda value: json.dumps(value).encode())
    | spoilt_events().map(lambda event: json.dumps(event).encode())
    | st.lists(spoilt_events(), max_size=4).map(lambda events: json.dumps(events).encode())
)
header_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@given(
    body=bodies,
    media_type=st.sampled_from([STRUCTURED, BATCH, BINARY, "text/plain"]),
    attributes=st.dictionaries(st.sampled_from([*footfall(), "x"]), header_values, max_size=3),
)
async def test_any_body_is_answered_and_only_valid_events_are_appended(
    body: bytes, media_type: str, attributes: dict[str, str]
) -> None:
    log = memory_log()
    headers = {"content-type": media_type} | {f"ce-{name}": value for name, value in attributes.items()}
    async with gateway(log, limits()) as client:
        answer = await client.post("/v1/events", content=body, headers=headers)
    assert answer.status_code < 500
    values = [value for stream in Stream for value in await read_stored(log, stream)]
    assert (answer.status_code in (202, 207)) == bool(values)
    for value in values:
        event = decode(value)
        assert not event.simulated
        assert json.loads(value)["id"] == event.id
