"""Whether an event may be appended, and where it belongs."""

from collections.abc import Callable
from typing import NamedTuple

from tidemark.services.http import Problem
from tidemark.streams.contracts.admission import Ahead, Refused, Rules
from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.log.port import Entry

from .problems import (
    CONTENT_MISMATCH,
    EVENT_TOO_LARGE,
    FAMILY_NOT_ALLOWED,
    FUTURE,
    INVALID,
    SOURCE_NOT_OWN,
    UNDECODABLE,
    UNKNOWN_TYPE,
)
from .sources import Source

_KINDS = {"undecodable": UNDECODABLE, "unknown_type": UNKNOWN_TYPE, "invalid": INVALID}


class Admitted(NamedTuple):
    """An event that may be appended."""

    id: str
    family: str
    stream: Stream
    entry: Entry


class Admission:
    """The rules of one log for the events it takes."""

    def __init__(self, identity: LogIdentity, max_event_bytes: int, clock: Callable[[], int]) -> None:
        self._identity = identity
        self._rules = Rules(identity)
        self._max_event_bytes = max_event_bytes
        self._clock = clock

    def check(self, raw: bytes, sender: Source | None) -> Admitted:
        """Decode an event and apply every rule: those of the log, and of size and sender. Raises Problem."""
        if len(raw) > self._max_event_bytes:
            raise Problem(
                EVENT_TOO_LARGE,
                f"it has {len(raw)} bytes",
                f"send at most {self._max_event_bytes} bytes an event",
            )
        try:
            event = decode(raw)
        except InvalidEvent as error:
            raise Problem(_KINDS[error.reason], error.problem, error.remedy, error.field) from None
        if sender is not None:
            _check_sender(event, sender)
        try:
            self._rules.check(event, self._clock())
        except Refused as refused:
            raise self._explain(refused) from None
        entry = Entry(self._rules.home_of(event), raw)
        return Admitted(event.id, event.family.name, event.family.stream, entry)

    def _explain(self, refused: Refused) -> Problem:
        if isinstance(refused, Ahead):
            return Problem(
                FUTURE,
                f"is {refused.ahead_s} s ahead of the gateway's clock",
                f"set the sender's clock; at most {FUTURE_TOLERANCE_MS // 1000} s ahead is taken",
                "time",
            )
        return Problem(
            CONTENT_MISMATCH,
            f"the log holds {self._identity.content} events only",
            "send it to the log it is meant for, or set simulated as it is",
            "simulated",
        )


def _check_sender(event: Event, sender: Source) -> None:
    if not sender.may_send_as(event.source):
        raise Problem(
            SOURCE_NOT_OWN,
            f"the token belongs to {sender.id!r}",
            "send as that source or with its own token",
            "source",
        )
    if event.family.name not in sender.families:
        raise Problem(
            FAMILY_NOT_ALLOWED,
            f"{sender.id!r} may send {', '.join(sender.families)}",
            "send another family with another source's token, or have the family added",
            "type",
        )
