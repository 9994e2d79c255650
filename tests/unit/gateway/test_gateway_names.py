"""Keys given twice, and names of attributes, in all three content modes."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateways import footfall, gateway, memory_log, read_stored, send, send_batch
from tidemark.services.gateway.content import BINARY
from tidemark.services.gateway.names import check_names, may_hide
from tidemark.services.http import Problem
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.families.table import CHANGED, CREATED

EXAMPLES = [path.read_bytes() for path in sorted(Path("seeds/examples").glob("*.json"))]
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def correction() -> dict[str, Any]:
    data = footfall()["data"]
    return footfall() | {"op": "correct", "data": {"before": data, "after": data | {"entered": 13}}}


def give_twice(event: dict[str, Any], old: str, new: str) -> bytes:
    """The event's JSON with the first text `old` replaced."""
    text = json.dumps(event)
    assert old in text
    return text.replace(old, new, 1).encode()


REPEATED = [
    (give_twice(footfall(), '"id": "e1"', '"id": "e0", "id": "e1"'), "id"),
    (give_twice(footfall(), '"id": "e1"', '"id": "e1", "id": "e1"'), "id"),
    (give_twice(footfall(), '"id": "e1"', '"\\u0069d": "e0", "id": "e1"'), "id"),
    (give_twice(footfall(), '"id": "e1"', '"id": "e0", "id": "a\\u002Cb"'), "id"),
    (give_twice(footfall(), '"id": "e1"', '"id": 7, "id": "e1"'), "id"),
    (give_twice(footfall(), '"id": "e1"', '"trace": "a", "trace": "b", "id": "e1"'), "trace"),
    (give_twice(footfall(), '"id": "e1"', '"x": [{"y": 1, "y": 2}], "id": "e1"'), "x[0].y"),
    (give_twice(footfall(), '"data"', '"data": {"a": 1}, "data"'), "data"),
    (give_twice(footfall(), '"entered": 12', '"entered" :99,\n"entered": 12'), "data.entered"),
    (give_twice(footfall(), '"entered": 12', '"entered": 12, "entered": -1'), "data.entered"),
    (give_twice(correction(), '"entered": 12', '"entered": 1, "entered": 12'), "data.before.entered"),
    (give_twice(correction(), '"entered": 13', '"entered": 1, "entered": 13'), "data.after.entered"),
    (give_twice(correction(), '"after"', '"after": null, "after"'), "data.after"),
]


def check_repeated(status: int, problem: dict[str, Any], field: str) -> None:
    assert (status, problem["status"]) == (400, 400)
    assert problem["type"] == "urn:tidemark:problem:duplicate-key"
    assert problem["field"] == field
    assert repr(field.rpartition(".")[2]) in problem["detail"]
    assert problem["remedy"] == "send each key once"


@pytest.mark.parametrize(("raw", "field"), REPEATED)
async def test_a_key_given_twice_is_refused_and_named(raw: bytes, field: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send(client, raw)
    check_repeated(answer.status_code, answer.json(), field)
    assert await read_stored(log) == []


@pytest.mark.parametrize(("raw", "field"), REPEATED)
async def test_in_a_batch_only_the_event_with_the_repeated_key_is_refused(raw: bytes, field: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_batch(client, b"[%b,%b]" % (raw, json.dumps(footfall("good")).encode()))
    assert answer.status_code == 207
    refused, accepted = answer.json()["verdicts"]
    check_repeated(refused["problem"]["status"], refused["problem"], field)
    assert accepted["status"] == "accepted"
    assert len(await read_stored(log)) == 1


async def send_binary(client: httpx.AsyncClient, data: bytes, **attributes: Any) -> httpx.Response:
    event = {name: value for name, value in footfall().items() if name != "data"} | attributes
    headers = {f"ce-{name}": str(value) for name, value in event.items()} | {"content-type": BINARY}
    return await client.post("/v1/events", content=data, headers=headers)


@pytest.mark.parametrize(
    ("event", "old", "new", "field"),
    [
        (footfall(), '"entered": 12', '"entered": 1, "entered": 12', "data.entered"),
        (correction(), '"entered": 13', '"entered": 1, "entered": 13', "data.after.entered"),
    ],
)
async def test_in_binary_mode_a_key_given_twice_in_data_is_refused(
    event: dict[str, Any], old: str, new: str, field: str
) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client, give_twice(event["data"], old, new), op=event.get("op", "create"))
    check_repeated(answer.status_code, answer.json(), field)
    assert await read_stored(log) == []


def test_what_decodes_an_event_from_the_log_keeps_the_last_of_two_keys() -> None:
    """The ledger's behaviour, which must not change; and why the gateway needs a check of its own."""
    assert decode(REPEATED[0][0]).id == "e1"
    assert decode(REPEATED[8][0]).payload == decode(json.dumps(footfall()).encode()).payload


names = st.sampled_from(["a", "b", "A", "\\u0061", ",", '\\"', "\\u002c", ""]) | st.text("xyz", max_size=2)
spaces = st.sampled_from(["", " ", "\n\t"])


def write_object(members: list[tuple[str, str]], space: str) -> str:
    return "{" + f"{space},{space}".join(f'"{n}"{space}:{space}{v}' for n, v in members) + "}"


texts = st.recursive(
    st.sampled_from(["1", "null", "true", '","', '"\\u002C"', '"\\\\"', "1.5", "{}", "[]"]),
    lambda inner: (
        st.builds(write_object, st.lists(st.tuples(names, inner), max_size=4), spaces)
        | st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]")
    ),
    max_leaves=12,
)


def has_repeated(text: str) -> bool:
    repeated = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        repeated |= len({name for name, _ in pairs}) < len(pairs)

    json.loads(text, object_pairs_hook=look)
    return repeated


@given(texts)
def test_a_repeated_key_is_found_exactly_where_there_is_one(text: str) -> None:
    raw = b'{"ext":%b}' % text.encode()
    if has_repeated(text):
        with pytest.raises(Problem, match="given twice"):
            check_names(raw)
    else:
        check_names(raw)


@given(st.sampled_from(EXAMPLES), st.data())
def test_the_quick_check_misses_no_member_given_twice(raw: bytes, data: st.DataObject) -> None:
    event = json.loads(raw)
    target = data.draw(st.sampled_from([event, event["data"]]))
    name = data.draw(st.sampled_from(sorted(target)))
    target["marked"] = target[name]
    twice = json.dumps(event).replace('"marked"', json.dumps(name)).encode()
    assert encode(decode(twice)) == encode(decode(raw))
    assert may_hide(twice, encode(decode(twice)))


@pytest.mark.parametrize("raw", EXAMPLES)
def test_the_quick_check_suffices_for_events_without_defaults(raw: bytes) -> None:
    compact = encode(decode(raw))
    assert not may_hide(json.dumps(json.loads(compact), ensure_ascii=False).encode(), compact)
    assert may_hide(compact.replace(b"{", b'{"x":1,', 1), compact)


def reachable_structs(kind: Any) -> set[type]:
    """The structs of an event's type, its own included."""
    structs: set[type] = set()

    def visit(info: Any) -> None:
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in structs:
                return
            structs.add(info.cls)
        for part in getattr(info, "fields", ()):
            visit(part.type)
        for part in (*getattr(info, "types", ()), *getattr(info, "item_types", ())):
            visit(part)
        for name in ("item_type", "value_type", "type"):
            if hasattr(info, name):
                visit(getattr(info, name))

    visit(msgspec.inspect.type_info(kind))
    return structs


def test_no_struct_encodes_a_member_that_was_not_sent() -> None:
    """Otherwise an encoded default could make up for the comma of a member that decoding dropped."""
    structs = {s for kind in (*CREATED.values(), *CHANGED.values()) for s in reachable_structs(kind)}
    assert len(structs) > len(CREATED) + len(CHANGED)
    assert all(struct.__struct_config__.omit_defaults for struct in structs)  # type: ignore[attr-defined]


Send = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


async def send_one(client: httpx.AsyncClient, name: str) -> httpx.Response:
    return await send(client, footfall() | {name: "1"})


async def send_many(client: httpx.AsyncClient, name: str) -> httpx.Response:
    return await send_batch(client, [footfall() | {name: "1"}])


async def send_headers(client: httpx.AsyncClient, name: str) -> httpx.Response:
    return await send_binary(client, json.dumps(footfall()["data"]).encode(), **{name: "1"})


@pytest.mark.parametrize("mode", [send_one, send_many, send_headers])
@pytest.mark.parametrize("name", ["traceparent", "tracestate", "x1", "0", "datacontenttype", "a" * 100])
async def test_an_attribute_that_cloudevents_allows_is_passed_over_and_stored(mode: Send, name: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        assert (await mode(client, name)).status_code == 202
    (stored,) = await read_stored(log)
    assert json.loads(stored) == footfall() | {name: "1"}
    assert decode(stored) == decode(json.dumps(footfall()).encode())


@pytest.mark.parametrize("mode", [send_one, send_many, send_headers])
@pytest.mark.parametrize("name", ["trace_parent", "trace-parent", "a.b", "data_base64"])
async def test_an_attribute_that_cloudevents_forbids_is_refused_in_every_mode(mode: Send, name: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await mode(client, name)
    problem = answer.json()["verdicts"][0]["problem"] if mode is send_many else answer.json()
    assert (answer.status_code, problem["status"], problem["field"]) == (422, 422, name)
    assert repr(name) in problem["detail"]
    assert ("`data`" if name == "data_base64" else "lower-case") in problem["remedy"]
    assert await read_stored(log) == []


@pytest.mark.parametrize("mode", [send_one, send_many])
@pytest.mark.parametrize("name", ["Simulated", "Id", "é", "", " id", "id\n", "１"])
async def test_a_name_that_only_json_can_hold_is_refused(mode: Send, name: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await mode(client, name)
    problem = answer.json()["verdicts"][0]["problem"] if mode is send_many else answer.json()
    assert (answer.status_code, problem.get("field", "")) == (422, name)
    assert await read_stored(log) == []


async def test_simulated_in_capitals_does_not_count_as_real() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send(client, footfall() | {"Simulated": True})
        assert (answer.status_code, answer.json()["field"]) == (422, "Simulated")
        assert (await send(client, footfall())).status_code == 202


async def test_a_misspelt_name_is_named_even_if_the_event_is_invalid_without_it() -> None:
    event = footfall()
    event["Type"] = event.pop("type")
    async with gateway(memory_log()) as client:
        assert (await send(client, event)).json()["field"] == "Type"


async def test_a_long_name_is_shortened_in_the_problem() -> None:
    async with gateway(memory_log()) as client:
        assert len((await send(client, footfall() | {"A" * 10_000: 1})).content) < 500


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (TRACE, TRACE),
        ("rojo=50%,congo=1", "rojo=50%,congo=1"),
        ("%E8%8A%B1", "花"),
        ("%FF", "\N{REPLACEMENT CHARACTER}"),
    ],
)
async def test_the_value_of_a_header_that_is_passed_over_is_not_checked(value: str, stored: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client, json.dumps(footfall()["data"]).encode(), tracestate=value)
    assert answer.status_code == 202
    assert [json.loads(raw)["tracestate"] for raw in await read_stored(log)] == [stored]


@pytest.mark.parametrize("value", ["1e999", "9" * 5000])
async def test_a_number_out_of_range_in_an_unknown_attribute_is_refused(value: str) -> None:
    """It cannot be decoded, so nothing could be said about the names beside it."""
    async with gateway(memory_log()) as client:
        answer = await send(client, give_twice(footfall(), '"id"', f'"x": {value}, "id"'))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tidemark:problem:undecodable")
