"""The ledger on Kafka publishes the exact fold of its log, whatever happens to its workers.

test_kafka_controls.py runs the same scenarios with a broken part and checks that they fail.
"""

import pytest

from tests.faults.kafka_scenarios import (
    a_send_is_refused,
    a_sleeper_wakes_up,
    an_event_is_sent_again_after_a_restart,
    an_owner_dies_after_a_commit,
    an_owner_dies_within_a_transaction,
)
from tests.support.kafka_logs import make_log
from tests.support.log_contents import partition_of_log
from tests.support.log_engines import IDENTITY, kafka_url
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.errors import LogError, PartitionsLost, RecordTooLarge
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.state_writer import KafkaStateWriter
from tidemark.streams.log.port import Entry, Receipt, Update


async def test_a_worker_that_slept_through_a_takeover_is_refused_and_releases_all(
    kafka: str,
) -> None:
    sleeper = await a_sleeper_wakes_up(kafka_url(kafka), KafkaStateWriter)
    assert sleeper.positions == {}


async def test_the_refusal_names_the_lost_partitions(kafka: str) -> None:
    url = kafka_url(kafka)
    await make_log(url)
    first, second = [await KafkaStateWriter.open(parse_kafka(url)) for _ in range(2)]
    try:
        await first.load(0)
        await second.load(0)
        with pytest.raises(PartitionsLost, match=r"\[0\]") as refused:
            await first.publish([Update(0, [Row(Kind.CELL, b"a", b"1")], 1)])
        assert refused.value.partitions == {0}
        assert await second.load(0) == []
    finally:
        await first.close()
        await second.close()


@pytest.mark.parametrize("aborted", [False, True], ids=["open", "aborted"])
async def test_what_a_dead_owner_sent_but_did_not_commit_is_not_restored(kafka: str, aborted: bool) -> None:
    await an_owner_dies_within_a_transaction(kafka_url(kafka), KafkaStateWriter, aborted=aborted)


async def test_nothing_of_a_flush_is_committed_when_one_send_is_refused(kafka: str) -> None:
    await a_send_is_refused(kafka_url(kafka), KafkaStateWriter)


async def test_rows_position_and_the_groups_offset_outlive_a_crash_together(kafka: str) -> None:
    await an_owner_dies_after_a_commit(kafka_url(kafka), KafkaStateWriter)


async def test_an_event_sent_again_after_a_restart_is_counted_once(kafka: str) -> None:
    await an_event_is_sent_again_after_a_restart(kafka_url(kafka), KafkaStateWriter)


async def test_only_the_last_reader_of_a_receipt_can_write_the_next(kafka: str) -> None:
    """A writer that slept must not append what its successor has appended since."""
    url = kafka_url(kafka)
    sleeper = await create_log(url, IDENTITY, lambda: 0)
    successor = await engine_of(url).open_log(lambda: 0)
    try:
        await sleeper.append(Stream.FACTS, [Entry(0, b"a")], Receipt("file", "1"))
        assert await successor.receipt("file") == "1"
        with pytest.raises(LogError):
            await sleeper.append(Stream.FACTS, [Entry(0, b"b")], Receipt("file", "2"))
        await successor.append(Stream.FACTS, [Entry(0, b"b")], Receipt("file", "2"))
        records = await partition_of_log(successor, Stream.FACTS, 0)
        assert [record.value for record in records] == [b"a", b"b"]
    finally:
        await sleeper.close()
        await successor.close()


async def test_a_record_that_is_too_large_is_refused_with_a_remedy(kafka: str) -> None:
    log = await create_log(kafka_url(kafka), IDENTITY, lambda: 0)
    try:
        with pytest.raises(RecordTooLarge, match="send a smaller record"):
            await log.append(Stream.FACTS, [Entry(0, b"x" * (8 << 20))])
        assert await log.append(Stream.FACTS, [Entry(0, b"y")]) == [0]
    finally:
        await log.close()
