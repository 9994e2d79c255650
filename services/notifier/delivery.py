"""Sends messages from the outbox to the channels, each channel on its own, so that a slow channel
does not delay the others."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import structlog

from tidemark.services.background import OneThread
from tidemark.streams.retries import Backoff

from .channels import Channel
from .metrics import Metrics
from .outbox import Batch, Outbox
from .senders import Sender, SendFailed, SendUnclear
from .wording import Wording

log = structlog.get_logger()

BACKOFF = Backoff(first_s=5.0, longest_s=600.0, jitter=0.5)
"""The time of the next attempt is stored in the outbox, since it must survive a restart: retries are a
schedule, which DeliveryLimits end, and not a loop."""


class DeliveryLimits(NamedTuple):
    """The number of attempts, and the age in milliseconds, after which a message is a dead letter."""

    max_tries: int
    max_age_ms: int

    def are_exceeded(self, tries: int, age_ms: int) -> bool:
        """Whether a message of this age that failed this often is not sent again."""
        return tries >= self.max_tries or age_ms >= self.max_age_ms


@dataclass(frozen=True)
class Dispatcher:
    """Sends messages that are due and records the outcome.

    `clock` gives milliseconds since 1970, `draw` random numbers from 0 to 1 for the backoff's jitter.
    """

    outbox: Outbox
    sender: Sender
    wording: Wording
    limits: DeliveryLimits
    metrics: Metrics
    clock: Callable[[], int]
    draw: Callable[[], float]

    async def deliver(self, channel: Channel, thread: OneThread) -> bool:
        """Send the next batch that is due. False if none is due. Raises OutboxUnusable."""
        batch = await thread(lambda: self.outbox.take(channel.name))
        if batch is None:
            return False
        message = self.wording.write(batch, channel.max_bytes)
        if batch.repeated:
            self.metrics.repeated.labels(channel.name).inc()
        try:
            await self.sender.send(channel.name, message)
        except SendFailed as failure:
            self.metrics.failed.labels(channel.name).inc()
            await thread(partial(self._record_failure, batch, failure))
            return True
        await thread(partial(self.outbox.record_sent, batch))
        self.metrics.sent.labels(channel.name).inc()
        return True

    def _record_failure(self, batch: Batch, failure: SendFailed) -> None:
        now = self.clock()
        if self.limits.are_exceeded(batch.tries, now - batch.received_ms):
            log.error(
                "message not delivered, giving up",
                channel=batch.channel,
                tries=batch.tries,
                reason=str(failure),
            )
            self.outbox.record_dead(batch, str(failure))
            self.metrics.dead.labels(batch.channel).inc(len(batch.ids))
            return
        log.warning("message not delivered, trying again", channel=batch.channel, reason=str(failure))
        due_ms = now + round(BACKOFF.pause_s(batch.tries, self.draw()) * 1000)
        self.outbox.record_failed(batch, due_ms, isinstance(failure, SendUnclear))


async def keep_delivering(
    dispatcher: Dispatcher, channels: Sequence[Channel], thread: OneThread, pause_s: float
) -> None:
    """Deliver to every channel until cancelled, checking the outbox after a pause if nothing is due.

    Raises OutboxUnusable: messages that were being sent are then repeated after a restart.
    """

    async def serve(channel: Channel) -> None:
        while True:
            if not await dispatcher.deliver(channel, thread):
                await asyncio.sleep(pause_s)

    async with asyncio.TaskGroup() as group:
        for channel in channels:
            group.create_task(serve(channel))
