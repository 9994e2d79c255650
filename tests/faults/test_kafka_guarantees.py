"""The ledger on Kafka publishes what the log adds up to, whatever happens to its workers.

test_kafka_controls.py tells the same stories with a broken part and sees them caught.
"""

import pytest

from streams.log.errors import PartitionsLost
from streams.log.kafka_address import parse_kafka
from streams.log.kafka_state_writer import KafkaStateWriter
from streams.log.state import Kind, Row, Update
from tests.faults.kafka_scenarios import (
    a_send_is_refused,
    a_sleeper_wakes_up,
    an_event_is_sent_again_after_a_restart,
    an_owner_dies_after_a_commit,
    an_owner_dies_within_a_transaction,
)
from tests.support.kafka_logs import made
from tests.support.log_engines import kafka_url


async def test_a_worker_that_slept_through_a_take_over_is_refused_and_gives_up(kafka: str) -> None:
    sleeper = await a_sleeper_wakes_up(kafka_url(kafka), KafkaStateWriter)
    assert sleeper.positions == {}


async def test_the_refusal_names_the_partitions_that_are_lost(kafka: str) -> None:
    url = kafka_url(kafka)
    await made(url)
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


async def test_nothing_is_committed_of_a_flush_of_which_one_send_is_refused(kafka: str) -> None:
    await a_send_is_refused(kafka_url(kafka), KafkaStateWriter)


async def test_rows_position_and_the_groups_offset_outlive_a_crash_together(kafka: str) -> None:
    await an_owner_dies_after_a_commit(kafka_url(kafka), KafkaStateWriter)


async def test_an_event_sent_again_after_a_restart_is_counted_once(kafka: str) -> None:
    await an_event_is_sent_again_after_a_restart(kafka_url(kafka), KafkaStateWriter)
