"""What a sender is told."""

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import Response

from .intake import Accepted, Refused, Verdict
from .problems import BATCH_REJECTED, Problem, respond


def answer_one(verdict: Verdict) -> Response:
    """202 with the event's place in the log, or the problem."""
    if isinstance(verdict, Refused):
        return respond(verdict.problem)
    return _json({"accepted": 1, "partition": verdict.partition, "offset": verdict.offset}, 202)


def answer_batch(verdicts: Sequence[Verdict]) -> Response:
    """202 when all were accepted, 207 when some were, else the problem; one verdict per event."""
    accepted = sum(isinstance(verdict, Accepted) for verdict in verdicts)
    told = {"verdicts": [_tell(index, verdict) for index, verdict in enumerate(verdicts)]}
    if accepted == 0:
        return respond(_problem_of(verdicts), told)
    counts = {"accepted": accepted, "rejected": len(verdicts) - accepted}
    return _json(counts | told, 202 if accepted == len(verdicts) else 207)


def _problem_of(verdicts: Sequence[Verdict]) -> Problem:
    """Why nothing was accepted: what keeps the gateway from accepting comes first."""
    for verdict in verdicts:
        if isinstance(verdict, Refused) and verdict.problem.kind.is_temporary:
            return verdict.problem
    return Problem(BATCH_REJECTED, f"{len(verdicts)} rejected", "see each event's problem in verdicts")


def _tell(index: int, verdict: Verdict) -> dict[str, Any]:
    if isinstance(verdict, Refused):
        return {
            "index": index,
            "id": verdict.id,
            "status": "rejected",
            "problem": verdict.problem.members(),
        }
    return {
        "index": index,
        "id": verdict.id,
        "status": "accepted",
        "partition": verdict.partition,
        "offset": verdict.offset,
    }


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
