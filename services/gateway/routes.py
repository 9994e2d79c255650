"""The HTTP routes and their answers. Each route validates, translates, and calls one function."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from tidemark.services.http import Problem, respond
from tidemark.streams.contracts.family import Stream
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.port import EventLog

from .access import Access
from .committer import Committer
from .content import Mode, hold_body, read_mode, split_events
from .intake import Accepted, Intake, Refused, Verdict
from .load import Load
from .metrics import Metrics
from .openapi import EVENTS_OPERATION, EVENTS_RESPONSES
from .problems import BATCH_REJECTED, NOT_READY
from .settings import GatewaySettings

_LOG_TIMEOUT_S = 2


def create_router(
    settings: GatewaySettings, access: Access, load: Load, intake: Intake, metrics: Metrics
) -> APIRouter:
    """The routes that take events."""
    router = APIRouter(default_response_class=Response)

    @router.post(
        "/v1/events",
        status_code=202,
        summary="Send events",
        responses=EVENTS_RESPONSES,
        openapi_extra=EVENTS_OPERATION,
    )
    async def send_events(request: Request) -> Response:
        """Send one CloudEvent or a batch. The answer comes once the accepted events are durable."""
        sender = access.identify_sender(request)
        mode = read_mode(request.headers)
        metrics.requests.labels(mode).inc()
        async with hold_body(request, load, settings) as body:
            raws = split_events(mode, request.headers, body, settings.max_batch_events)
            verdicts = await intake.take(raws, sender)
        return answer_batch(verdicts) if mode is Mode.BATCH else answer_one(verdicts[0])

    return router


class Readiness:
    """Checks what accepting events depends on: the committer, the log and space on its disk."""

    def __init__(self, event_log: EventLog, committer: Committer, settings: GatewaySettings) -> None:
        self._log = event_log
        self._committer = committer
        self._settings = settings

    async def check(self) -> None:
        """Raise Problem (503) if the gateway cannot accept events."""
        if not self._committer.alive:
            raise Problem(NOT_READY, "the committer has stopped", "restart the gateway")
        try:
            async with asyncio.timeout(_LOG_TIMEOUT_S):
                await self._log.ends(Stream.FACTS)
        except (LogError, TimeoutError):
            raise Problem(NOT_READY, "the log does not answer", "see the gateway's log") from None
        free = engine_of(self._settings.log).free_bytes()
        if free is not None and free < self._settings.min_free_bytes:
            raise Problem(
                NOT_READY, f"only {free} bytes are free on the disk of the log", "free some space there"
            )


def answer_one(verdict: Verdict) -> Response:
    """202 with the event's position in the log, or the problem."""
    if isinstance(verdict, Refused):
        return respond(verdict.problem)
    return _respond_json({"accepted": 1, "partition": verdict.partition, "offset": verdict.offset}, 202)


def answer_batch(verdicts: Sequence[Verdict]) -> Response:
    """202 if all events were accepted, 207 if some were, else the problem; with one verdict per event."""
    accepted = sum(isinstance(verdict, Accepted) for verdict in verdicts)
    listed = {"verdicts": [_describe(index, verdict) for index, verdict in enumerate(verdicts)]}
    if accepted == 0:
        return respond(_choose_problem(verdicts), listed)
    counts = {"accepted": accepted, "rejected": len(verdicts) - accepted}
    return _respond_json(counts | listed, 202 if accepted == len(verdicts) else 207)


def _choose_problem(verdicts: Sequence[Verdict]) -> Problem:
    """The problem of a batch without an accepted event: a temporary one of the gateway comes first."""
    for verdict in verdicts:
        if isinstance(verdict, Refused) and verdict.problem.kind.is_temporary:
            return verdict.problem
    return Problem(
        BATCH_REJECTED,
        f"all {len(verdicts)} events were rejected",
        "see the problem of each event in `verdicts`",
    )


def _describe(index: int, verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Refused):
        return {"index": index, "id": verdict.id, "status": "rejected", "problem": verdict.problem.members()}
    position = {"partition": verdict.partition, "offset": verdict.offset}
    return {"index": index, "id": verdict.id, "status": "accepted", **position}


def _respond_json(body: dict[str, Any], status: int) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
