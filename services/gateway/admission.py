"""Checks whether an event may be appended, and finds its partition."""

from collections.abc import Callable

import msgspec

from tidemark.services.http import Problem
from tidemark.streams.contracts.admission import Ahead, Refused, Rules
from tidemark.streams.contracts.civil import FUTURE_TOLERANCE_MS
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.log.port import Entry

from .names import check_names, may_hide
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


class Admitted(msgspec.Struct, frozen=True, gc=False):
    """An event that may be appended."""

    id: str
    family: str
    stream: Stream
    entry: Entry


class Admission:
    """The rules that one log applies to events."""

    def __init__(self, identity: LogIdentity, max_event_bytes: int, clock: Callable[[], int]) -> None:
        self._identity = identity
        self._rules = Rules(identity)
        self._max_event_bytes = max_event_bytes
        self._clock = clock
        self._encode_into = msgspec.json.Encoder().encode_into
        self._encoded = bytearray()

    def check(self, raw: bytes, sender: Source | None) -> Admitted:
        """Decode an event and apply the rules of size, names, sender and log. Raises Problem."""
        if len(raw) > self._max_event_bytes:
            raise Problem(
                EVENT_TOO_LARGE,
                f"the event has {len(raw)} bytes",
                f"send events of at most {self._max_event_bytes} bytes",
            )
        try:
            event = decode(raw)
        except InvalidEvent as error:
            check_names(raw)  # a wrong name is more specific: it may be why the event is invalid
            raise Problem(_KINDS[error.reason], error.problem, error.remedy, error.field) from None
        self._encode_into(event, self._encoded)
        if may_hide(raw, self._encoded):
            check_names(raw)
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
                f"the time is {refused.ahead_s} s ahead of the gateway's clock",
                f"set the sender's clock; up to {FUTURE_TOLERANCE_MS // 1000} s ahead is accepted",
                "time",
            )
        return Problem(
            CONTENT_MISMATCH,
            f"the log accepts {self._identity.content} events only",
            "send the event to the right log, or correct `simulated`",
            "simulated",
        )


def _check_sender(event: Event, sender: Source) -> None:
    if not sender.may_send_as(event.source):
        raise Problem(
            SOURCE_NOT_OWN,
            f"the token belongs to {sender.id!r}",
            "set `source` to the token's source, or use the token of the event's source",
            "source",
        )
    if event.family.name not in sender.families:
        raise Problem(
            FAMILY_NOT_ALLOWED,
            f"{sender.id!r} may send only {', '.join(sender.families)}",
            "use the token of a source that may send this family, or have the family added to this one",
            "type",
        )
