"""Turns raw events into one verdict each: accepted once durable, or refused with the problem."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tidemark.services.http import Problem
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log.errors import LogError, LogFull

from .admission import Admission, Admitted
from .committer import Committer
from .metrics import Metrics
from .problems import LOG_FULL, LOG_UNAVAILABLE, OUTCOME_UNKNOWN, RESEND
from .sources import Source


class Accepted(NamedTuple):
    """The event is durable at this position of the log."""

    id: str
    family: str
    partition: int
    offset: int


class Refused(NamedTuple):
    """The event was not accepted; `id` is None if it could not be read."""

    id: str | None
    problem: Problem


Verdict = Accepted | Refused


class Intake:
    """Checks and appends the events of requests."""

    def __init__(
        self, admission: Admission, committer: Committer, metrics: Metrics, timeout_s: float
    ) -> None:
        self._admission = admission
        self._committer = committer
        self._metrics = metrics
        self._timeout_s = timeout_s

    async def take(self, raws: Sequence[bytes], sender: Source | None) -> list[Verdict]:
        """One verdict per event, in order; accepted events are durable when this returns."""
        checked = [self._check(raw, sender) for raw in raws]
        admitted = [item for item in checked if isinstance(item, Admitted)]
        outcomes = iter(await self._append(admitted))
        verdicts = [item if isinstance(item, Refused) else next(outcomes) for item in checked]
        self._count(verdicts)
        return verdicts

    def _check(self, raw: bytes, sender: Source | None) -> Admitted | Refused:
        try:
            return self._admission.check(raw, sender)
        except Problem as problem:
            return Refused(_read_id(raw), problem)

    async def _append(self, admitted: Sequence[Admitted]) -> list[Verdict]:
        """Append each stream's events together; a failure of one stream does not affect the other."""
        groups: dict[Stream, list[Admitted]] = {}
        for item in admitted:
            groups.setdefault(item.stream, []).append(item)
        outcomes = await asyncio.gather(*(self._commit(stream, group) for stream, group in groups.items()))
        by_stream = {stream: iter(outcome) for stream, outcome in zip(groups, outcomes, strict=True)}
        return [next(by_stream[item.stream]) for item in admitted]

    async def _commit(self, stream: Stream, group: Sequence[Admitted]) -> Sequence[Verdict]:
        try:
            async with asyncio.timeout(self._timeout_s):
                offsets = await self._committer.commit(stream, [item.entry for item in group])
        except Problem as problem:
            return [Refused(item.id, problem) for item in group]
        except (TimeoutError, LogError) as error:
            return [Refused(item.id, self._explain(error)) for item in group]
        return [
            Accepted(item.id, item.family, item.entry.partition, offset)
            for item, offset in zip(group, offsets, strict=True)
        ]

    def _explain(self, error: TimeoutError | LogError) -> Problem:
        if isinstance(error, LogFull):
            return Problem(
                LOG_FULL, "the events were not appended", f"have space freed on the log's disk, then {RESEND}"
            )
        if isinstance(error, LogError):
            return Problem(LOG_UNAVAILABLE, "the append failed", RESEND)
        return Problem(
            OUTCOME_UNKNOWN,
            f"the events were not durable after {self._timeout_s:g} s but may still be appended",
            RESEND,
        )

    def _count(self, verdicts: Sequence[Verdict]) -> None:
        for verdict in verdicts:
            if isinstance(verdict, Accepted):
                self._metrics.accepted.labels(verdict.family).inc()
            else:
                self._metrics.rejected.labels(verdict.problem.kind.name).inc()


class _Named(msgspec.Struct):
    id: str | None = None


_named = msgspec.json.Decoder(_Named)


def _read_id(raw: bytes) -> str | None:
    """The id of a refused event, if it can be read."""
    try:
        return _named.decode(raw).id
    except (msgspec.DecodeError, RecursionError):
        return None
