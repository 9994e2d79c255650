"""Negative controls: the scenarios of the guarantees with one part broken; every break is caught."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import Any, Self
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from tests.faults.kafka_scenarios import (
    a_send_is_refused,
    a_sleeper_wakes_up,
    an_event_is_sent_again_after_a_restart,
    an_owner_dies_after_a_commit,
    an_owner_dies_within_a_transaction,
)
from tests.support.log_engines import kafka_url
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.ledger.fold import PartitionFold
from tidemark.streams.log.kafka import reading, state_writer
from tidemark.streams.log.kafka.producing import start_producer
from tidemark.streams.log.kafka.state_writer import KafkaStateWriter
from tidemark.streams.log.port import Update

ROWS, GROUP = "published rows differ", "the group has committed"


class NoFence(KafkaStateWriter):
    """Every producer has a transactional id of its own, so no producer is fenced."""

    async def load(self, partition: int) -> list[Row]:
        rows = await super().load(partition)
        await self.release(partition)
        self._producers[partition] = await start_producer(self._address, uuid4().hex)
        return rows


class Uncommitted(AIOKafkaConsumer):  # type: ignore[misc]
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "isolation_level": "read_uncommitted"})


class RestoresUncommitted(KafkaStateWriter):
    """Restores also the rows of open and aborted transactions."""

    @classmethod
    async def _create(cls, *what: Any) -> Self:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "AIOKafkaConsumer", Uncommitted)
            return await super()._create(*what)


class CommitsUnawaited(KafkaStateWriter):
    """Commits without waiting for its sends."""

    async def _send(self, *what: Any) -> None:
        async def not_awaited(sends: Iterable[Awaitable["asyncio.Future[Any]"]]) -> None:
            for send in sends:
                (await send).add_done_callback(lambda sent: sent.exception())

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(state_writer, "await_delivery", not_awaited)
            await super()._send(*what)


class PositionFirst(KafkaStateWriter):
    """The position has a transaction of its own, before that of the rows."""

    async def publish(self, updates: Sequence[Update]) -> None:
        await super().publish(filter_heads(updates, True))
        await super().publish(filter_heads(updates, False))


class PositionLast(KafkaStateWriter):
    """The position has a transaction of its own, after that of the rows."""

    async def publish(self, updates: Sequence[Update]) -> None:
        group, self._group = self._group, None
        await super().publish(filter_heads(updates, False))
        self._group = group
        await super().publish(filter_heads(updates, True))


class GroupLast(KafkaStateWriter):
    """The group's offset has a transaction of its own."""

    async def publish(self, updates: Sequence[Update]) -> None:
        group, self._group = self._group, None
        await super().publish(updates)
        self._group = group
        await super().publish([update._replace(rows=[]) for update in updates])


def filter_heads(updates: Sequence[Update], heads: bool) -> list[Update]:
    return [
        update._replace(rows=[row for row in update.rows if (row.kind is Kind.HEAD) is heads])
        for update in updates
    ]


async def test_no_fence_is_caught(kafka: str) -> None:
    with pytest.raises(AssertionError, match=ROWS):
        await a_sleeper_wakes_up(kafka_url(kafka), NoFence)


@pytest.mark.parametrize("aborted", [False, True], ids=["open", "aborted"])
async def test_a_restore_of_what_was_not_committed_is_caught(kafka: str, aborted: bool) -> None:
    with pytest.raises(AssertionError, match=ROWS):
        await an_owner_dies_within_a_transaction(kafka_url(kafka), RestoresUncommitted, aborted=aborted)


async def test_sends_not_awaited_before_the_commit_are_caught(kafka: str) -> None:
    with pytest.raises(AssertionError, match=ROWS):
        await a_send_is_refused(kafka_url(kafka), CommitsUnawaited)


@pytest.mark.parametrize(
    ("writer", "difference"), [(PositionFirst, ROWS), (PositionLast, ROWS), (GroupLast, GROUP)]
)
async def test_a_position_committed_outside_the_rows_transaction_is_caught(
    kafka: str, writer: type[KafkaStateWriter], difference: str
) -> None:
    with pytest.raises(AssertionError, match=difference):
        await an_owner_dies_after_a_commit(kafka_url(kafka), writer)


async def test_ids_not_remembered_after_a_restart_are_caught(
    kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PartitionFold, "remember_ids", lambda _fold, _records: None)
    with pytest.raises(AssertionError, match=ROWS):
        await an_event_is_sent_again_after_a_restart(kafka_url(kafka), KafkaStateWriter)
