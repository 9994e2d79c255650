"""From the outbox to the channels: each channel on its own, so that a slow one holds up no other."""

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
"""When a message is sent again stands in the outbox, since it must survive a restart: a schedule, which
ends with Patience, not a loop."""


class RetryBudget(NamedTuple):
    """Where delivery's time and luck come from: milliseconds since 1970, and numbers from 0 to 1."""

    clock: Callable[[], int]
    luck: Callable[[], float]


class RetryPolicy(NamedTuple):
    """Attempts and age, in milliseconds, after which a message is given up."""

    max_tries: int
    max_age_ms: int

    def is_over(self, tries: int, age_ms: int) -> bool:
        """Whether a message that failed so many times is a dead letter now."""
        return tries >= self.max_tries or age_ms >= self.max_age_ms


@dataclass(frozen=True)
class Dispatcher:
    """Sends what is due and records what became of it."""

    outbox: Outbox
    sender: Sender
    wording: Wording
    patience: RetryPolicy
    chances: RetryBudget
    metrics: Metrics

    async def deliver(self, channel: Channel, thread: OneThread) -> bool:
        """Send one text that is due. False when nothing was. Raises OutboxUnusable."""
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
        now = self.chances.clock()
        if self.patience.is_over(batch.tries, now - batch.received_ms):
            log.error("message given up", channel=batch.channel, tries=batch.tries, reason=str(failure))
            self.outbox.record_dead(batch, str(failure))
            self.metrics.dead.labels(batch.channel).inc(len(batch.ids))
            return
        log.warning("message not taken, trying again", channel=batch.channel, reason=str(failure))
        due_ms = now + round(BACKOFF.pause_s(batch.tries, self.chances.luck()) * 1000)
        self.outbox.record_failed(batch, due_ms, isinstance(failure, SendUnclear))


async def keep_delivering(
    courier: Dispatcher, channels: Sequence[Channel], thread: OneThread, pause_s: float
) -> None:
    """Serve every channel until cancelled; an idle one looks at the outbox again after the pause.

    Raises OutboxUnusable: what was being sent is then for a restart to repeat.
    """

    async def serve(channel: Channel) -> None:
        while True:
            if not await courier.deliver(channel, thread):
                await asyncio.sleep(pause_s)

    async with asyncio.TaskGroup() as group:
        for channel in channels:
            group.create_task(serve(channel))
