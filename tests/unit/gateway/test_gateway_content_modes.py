"""The three content modes of CloudEvents over HTTP."""

import json
from urllib.parse import quote

import httpx
import pytest
from starlette.datastructures import Headers

from tests.support.gateways import density, footfall, gateway, memory_log, read_stored, send, send_batch
from tests.support.log_contents import partition_of_log
from tidemark.services.gateway.content import build_event
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import decode


def binary_headers(**changes: str) -> dict[str, str]:
    event = footfall()
    headers = {f"ce-{name}": quote(str(value)) for name, value in event.items() if name != "data"}
    return headers | {"content-type": "application/json"} | changes


async def send_binary(client: httpx.AsyncClient, **changes: str) -> httpx.Response:
    headers = binary_headers(**{name.replace("_", "-"): value for name, value in changes.items()})
    return await client.post("/v1/events", content=json.dumps(footfall()["data"]), headers=headers)


async def test_a_structured_event_is_stored_as_its_producer_wrote_it() -> None:
    log = memory_log()
    raw = json.dumps(footfall() | {"traceparent": "00-ab-01"}, indent=1).encode()
    async with gateway(log) as client:
        answer = await send(client, raw)
    partition = partition_of(key_of(decode(raw)), log.identity.partitions)
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "partition": partition, "offset": 0}
    assert [record.value for record in await partition_of_log(log, Stream.FACTS, partition)] == [raw]


async def test_a_batch_keeps_order_and_echoes_ids() -> None:
    log = memory_log()
    ids = [f"e{n}" for n in range(20)]
    async with gateway(log) as client:
        answer = await send_batch(client, [footfall(event_id) for event_id in ids])
    assert answer.status_code == 202
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (20, 0)
    assert [(v["index"], v["id"], v["status"]) for v in body["verdicts"]] == [
        (n, event_id, "accepted") for n, event_id in enumerate(ids)
    ]
    assert [v["offset"] for v in body["verdicts"]] == list(range(20))
    assert [decode(raw).id for raw in await read_stored(log)] == ids


async def test_facts_and_signals_of_a_batch_go_to_their_own_streams() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_batch(client, [density("s1"), footfall("f1"), density("s2"), footfall("f2")])
    assert [v["id"] for v in answer.json()["verdicts"]] == ["s1", "f1", "s2", "f2"]
    assert [decode(raw).id for raw in await read_stored(log)] == ["f1", "f2"]
    assert [decode(raw).id for raw in await read_stored(log, Stream.SIGNALS)] == ["s1", "s2"]


async def test_a_mixed_batch_appends_valid_events_and_reports_the_others() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_batch(
            client, [footfall("good"), footfall("bad", entered=-1), 7, footfall("fine")]
        )
    assert answer.status_code == 207
    body = answer.json()
    assert (body["accepted"], body["rejected"]) == (2, 2)
    assert [v["status"] for v in body["verdicts"]] == ["accepted", "rejected", "rejected", "accepted"]
    assert [v["id"] for v in body["verdicts"]] == ["good", "bad", None, "fine"]
    assert body["verdicts"][1]["problem"]["field"] == "data.entered"
    assert [decode(raw).id for raw in await read_stored(log)] == ["good", "fine"]


async def test_a_batch_without_a_good_event_is_a_problem_with_verdicts() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_batch(client, [footfall(entered=-1)])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:tidemark:problem:batch-rejected"
    assert answer.json()["verdicts"][0]["problem"]["field"] == "data.entered"
    assert await read_stored(log) == []


async def test_a_binary_event_becomes_the_same_event_as_in_structured_mode() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client)
    assert answer.status_code == 202
    assert [decode(raw) for raw in await read_stored(log)] == [decode(json.dumps(footfall()).encode())]


async def test_header_values_are_percent_decoded_once() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client, ce_id="%E8%8A%B1%20%2541")
    assert answer.status_code == 202
    assert [decode(raw).id for raw in await read_stored(log)] == ["花 %41"]


async def test_quoted_header_values_are_unquoted() -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client, ce_id=r'"a\"b\\c"')
    assert answer.status_code == 202
    assert [decode(raw).id for raw in await read_stored(log)] == [r"a\b".replace("\\", '"') + r"\c"]


async def test_simulated_is_a_boolean_in_a_header() -> None:
    log = memory_log("simulated")
    async with gateway(log) as client:
        assert (await send_binary(client, ce_simulated="true")).status_code == 202
        refused = await send_binary(client, ce_simulated="yes")
    assert (refused.status_code, refused.json()["field"]) == (422, "simulated")


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"ce_id": "50%"}, "id"),
        ({"ce_id": "%FF"}, "id"),
        ({"ce_data": "1"}, "data"),
        ({"ce_bad_name": "1"}, "bad-name"),
        ({"ce_specversion": "0.3"}, "specversion"),
    ],
)
async def test_a_bad_attribute_header_is_named(headers: dict[str, str], field: str) -> None:
    log = memory_log()
    async with gateway(log) as client:
        answer = await send_binary(client, **headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["remedy"]
    assert await read_stored(log) == []


async def test_an_attribute_sent_twice_is_refused() -> None:
    log = memory_log()
    headers = [*binary_headers().items(), ("ce-id", "other")]
    async with gateway(log) as client:
        answer = await client.post("/v1/events", content=json.dumps(footfall()["data"]), headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "id")


async def test_the_body_of_binary_mode_cannot_reach_into_the_envelope() -> None:
    log = memory_log()
    body = json.dumps(footfall()["data"]) + ', "id": "another"'
    async with gateway(log) as client:
        answer = await client.post("/v1/events", content=body, headers=binary_headers())
    assert answer.status_code == 400
    assert await read_stored(log) == []


def test_extension_attributes_are_kept() -> None:
    made = json.loads(build_event(Headers({"ce-id": "a", "ce-traceparent": "00-1"}), b"{}"))
    assert made == {"id": "a", "traceparent": "00-1", "data": {}}
