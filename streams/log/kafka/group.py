"""The consumer group of a log's ledger workers, which assigns partitions to them.

The group only assigns. Its consumer is paused in every partition and fetches nothing; records are read by
offset through `reading.TopicReader`, from the position in the published state. The offsets that publishing
commits to the group let Kafka's own tools show the lag; no worker starts from them.

Exactness does not depend on the group. Two workers may hold the same partition for a while, for instance when
one slept through a rebalance; the broker then refuses to publish for the one with the fenced producer (see
`state_writer`, decision 0013). That is why

- a revoked partition is not released at once: a rebalance revokes all partitions and usually assigns most of
  them again, so the worker keeps working. The next assignment shows which partitions it has lost;
- nothing is flushed on revocation: the next owner folds the unpublished second again;
- after a refused publish the worker calls `renew`, which subscribes again and waits for a new assignment.
  The current one may be older than the takeover, and with it the worker would take the partition back.

A worker that crashes leaves the group after SESSION_TIMEOUT_MS; then others get its partitions.
If it returns earlier under the same `instance`, it gets the same partitions back without a rebalance.
Heartbeats are sent by the event loop: if it is blocked for longer than the session timeout, the worker loses
its partitions, so long work goes to a thread or yields. The poll interval is unlimited, since nothing polls.
"""

import asyncio
from collections.abc import Iterable
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from .address import KafkaAddress
from .client import translate_errors
from .reading import stop_consumer

SESSION_TIMEOUT_MS = 10_000
HEARTBEAT_MS = 2_000
_JOIN_TIMEOUT_S = 60.0
_NEVER_MS = 2**31 - 1
"""The worker's liveness is its heartbeat; it does not fetch through this consumer."""


class KafkaAssignment:
    """A PartitionAssignment made by Kafka's group coordinator.

    Each worker has an `instance` name of its own: a worker that returns under its name within the
    session timeout gets the same partitions, and the others do not notice.
    """

    def __init__(self, address: KafkaAddress, consumer: AIOKafkaConsumer) -> None:
        self._address = address
        self._consumer = consumer
        self._listener = _AssignmentListener(consumer)

    @classmethod
    async def join(cls, address: KafkaAddress, instance: str | None = None) -> Self:
        """Join the group and wait for the first assignment. Raises LogError."""
        with translate_errors(address):
            consumer = AIOKafkaConsumer(
                **address.client_settings(),
                group_id=address.topic("ledger"),
                group_instance_id=instance,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                partition_assignment_strategy=[_own_assignor()],
                session_timeout_ms=SESSION_TIMEOUT_MS,
                heartbeat_interval_ms=HEARTBEAT_MS,
                max_poll_interval_ms=_NEVER_MS,
            )
            assignment = cls(address, consumer)
            try:
                assignment._subscribe()
                await asyncio.wait_for(consumer.start(), _JOIN_TIMEOUT_S)
            except BaseException:
                await stop_consumer(consumer)
                raise
            return assignment

    def partitions(self) -> frozenset[int]:
        return self._listener.partitions

    async def renew(self) -> None:
        with translate_errors(self._address):
            self._consumer.unsubscribe()
            self._listener = _AssignmentListener(self._consumer)
            self._subscribe()
            await asyncio.wait_for(self._listener.assigned.wait(), _JOIN_TIMEOUT_S)

    async def close(self) -> None:
        await stop_consumer(self._consumer)

    def _subscribe(self) -> None:
        self._consumer.subscribe([self._address.topic("facts")], listener=self._listener)


class _AssignmentListener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Keeps the partitions that the group assigned last."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self.partitions: frozenset[int] = frozenset()
        self.assigned = asyncio.Event()
        self._consumer = consumer

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Keep the partitions until the next assignment."""

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Note the partitions, and fetch nothing."""
        topic_partitions = list(assigned)
        self._consumer.pause(*topic_partitions)
        self.partitions = frozenset(each.partition for each in topic_partitions)
        self.assigned.set()


def _own_assignor() -> type[StickyPartitionAssignor]:
    """A new class: aiokafka keeps the last assignment in the class, which two members would share."""
    return type("Assignor", (StickyPartitionAssignor,), {})
