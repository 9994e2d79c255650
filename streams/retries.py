"""How failed work is repeated: how often, after which pauses, and what is logged.

The loop itself is tenacity's, which is imported only here (decision 0028). A policy lists the errors that are
worth another try; every policy ends, and its last error goes to the caller. Sleep and chance are parameters.

Three kinds of loop are not retries and have no policy: waiting for a state that is certain to come (with a
limit of its own), a service's main loop, which does the same work again after a fixed pause until it is
cancelled, and a schedule that has to survive a restart, which takes its pauses from `Backoff`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import SystemRandom
from typing import Any, NamedTuple, TypeVar

import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_not_exception_type,
    stop_after_attempt,
)

log = structlog.get_logger()

T = TypeVar("T")
Luck = Callable[[], float]
"""Returns a random number from 0 to 1."""
Sleep = Callable[[float], None]
"""Waits for a number of seconds."""
AsyncSleep = Callable[[float], Awaitable[None]]

_LAST_DOUBLING = 64
"""The exponent stops here: all pauses have reached their longest by then, and floats overflow at 1,024."""

_draw_luck: Luck = SystemRandom().random


class Backoff(NamedTuple):
    """Pauses in seconds: the first, then each `growth` times the previous, up to the longest.

    `jitter` is the part of a pause that is random, from 0 to 1, so that clients which failed at the
    same time do not all return at the same time.
    """

    first_s: float
    longest_s: float
    growth: float = 2.0
    jitter: float = 0.0

    def pause_s(self, failures: int, luck: float) -> float:
        """Seconds to wait after a number of failures, at least 1."""
        full = min(self.longest_s, self.first_s * self.growth ** min(failures - 1, _LAST_DOUBLING))
        return full * (1 - self.jitter * (1 - luck))


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Work is tried up to `tries` times while it fails with `on`, but not with `unless`.

    `event` is logged as a warning before each pause, with the attempt and its error.
    """

    event: str
    tries: int
    backoff: Backoff
    on: type[Exception]
    unless: tuple[type[Exception], ...] = ()


def retry(policy: RetryPolicy, work: Callable[[], T], sleep: Sleep, luck: Luck = _draw_luck) -> T:
    """Do work that can be repeated from its start. Raises the error of the last attempt."""
    return Retrying(sleep=sleep, **_options(policy, luck))(work)


async def retry_async(
    policy: RetryPolicy, work: Callable[[], Awaitable[T]], sleep: AsyncSleep, luck: Luck = _draw_luck
) -> T:
    """Like `retry`, for work that is awaited. Cancelling it cancels the attempt or the pause."""

    async def attempt() -> T:  # tenacity awaits only what it recognises as a coroutine function
        return await work()

    retrying = AsyncRetrying(sleep=sleep, **_options(policy, luck))
    try:
        return await retrying(attempt)
    finally:
        # Its queued actions refer to it: a cycle, which the ledger's frozen collector never frees.
        retrying.iter_state.reset()


def _options(policy: RetryPolicy, luck: Luck) -> dict[str, Any]:
    def pause_s(state: RetryCallState) -> float:
        return policy.backoff.pause_s(state.attempt_number, luck())

    def warn(state: RetryCallState) -> None:
        error = state.outcome and state.outcome.exception()
        log.warning(policy.event, attempt=state.attempt_number, error=str(error))

    return {
        "stop": stop_after_attempt(policy.tries),
        "wait": pause_s,
        "retry": retry_if_exception_type(policy.on) & retry_if_not_exception_type(policy.unless),
        "before_sleep": warn,
        "reraise": True,
    }
