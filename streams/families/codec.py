"""Decodes events from bytes and encodes them, with errors that name the field and the remedy."""

import re
from typing import Any, Union

import msgspec

from tidemark.streams.contracts.envelope import Changed, Event, key_of

from .table import CHANGED, CREATED, TYPE_BY_NAME


class InvalidEvent(Exception):
    """The bytes are not an acceptable event.

    `reason` is one of undecodable, unknown_type, invalid; `field` is a path such as
    `data.entered`, empty if no single field is at fault.
    """

    def __init__(self, field: str, problem: str, remedy: str, reason: str = "invalid") -> None:
        super().__init__(f"{field or 'event'}: {problem}; {remedy}")
        self.reason = reason
        self.field = field
        self.problem = problem
        self.remedy = remedy


FIRST_YEAR = 1970
"""An earlier time means a clock that was never set; besides, calendars have a first year."""

_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not such an event; invalid UTF-8 raises its own error."""

_ESCAPE = ord("\\")
_DELETE = 0x7F

_created = msgspec.json.Decoder(Union[tuple(CREATED.values())])  # noqa: UP007  built from the table
_changed = msgspec.json.Decoder(Union[tuple(CHANGED.values())])  # noqa: UP007
_encoder = msgspec.json.Encoder()

encode = _encoder.encode
"""The event as compact JSON in the order of the envelope."""


def decode(raw: bytes) -> Event:
    """Decode and check one event. Raises InvalidEvent."""
    try:
        event: Event = _created.decode(raw)
    except _UNDECODABLE as error:
        event = _decode_changed(raw, error)
    if not raw.isascii() or _ESCAPE in raw or _DELETE in raw:
        _check_texts(msgspec.to_builtins(event), "")
    _check(event)
    return event


def _decode_changed(raw: bytes, error: Exception) -> Changed:
    """Decode a correction or retraction. `error` is why the bytes are not a created event.

    Raises InvalidEvent with the most specific problem.
    """
    try:
        loose: Any = msgspec.json.decode(raw)
    except _UNDECODABLE as problem:
        raise InvalidEvent("", str(problem), "send one CloudEvent as JSON in UTF-8", "undecodable") from None
    if not isinstance(loose, dict):
        raise InvalidEvent("", "not a JSON object", "send one CloudEvent as a JSON object", "undecodable")
    name = loose.get("type")
    if name not in TYPE_BY_NAME if isinstance(name, str) else True:
        raise InvalidEvent(
            "type", f"{name!r} is not known", "see `tidemark schemas` for the types", "unknown_type"
        )
    if loose.get("op") not in ("correct", "retract"):
        raise _explain(str(error)) from None
    try:
        changed: Changed = _changed.decode(raw)
    except _UNDECODABLE as problem:
        raise _explain(str(problem)) from None
    return changed


_AT = re.compile(r"^(?P<problem>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_NAMED = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<name>[^`]*)`")


def _explain(message: str) -> InvalidEvent:
    """Turn msgspec's message into the field, the problem and the remedy."""
    match = _AT.match(message)
    problem, path = (match["problem"], match["path"] or "$") if match else (message, "$")
    named = _NAMED.match(problem)
    if named:
        field = _field(path, named["name"])
        if named["what"] == "missing required":
            return InvalidEvent(field, "is missing", "add it")
        return InvalidEvent(field, "is not known", "remove it or check its spelling")
    own, _, rest = problem.partition(": ")
    if rest and own.isidentifier():
        problem, _, remedy = rest.partition("; ")
        return InvalidEvent(_field(path, own), problem, remedy)
    return InvalidEvent(_field(path), problem, "send a value as `tidemark schemas` describes")


def _field(path: str, name: str = "") -> str:
    return ".".join(part for part in (path.removeprefix("$").removeprefix("."), name) if part)


def _check(event: Event) -> None:
    """The rules that span fields of the envelope and the payload."""
    if event.time.year < FIRST_YEAR:
        raise InvalidEvent("time", f"lies before {FIRST_YEAR}", "send when it happened")
    if event.kind.windowed:
        _check_window(event)
    if event.partitionkey is not None and event.partitionkey != key_of(event):
        remedy = f"leave it out or send {key_of(event)!r}"
        raise InvalidEvent("partitionkey", "is not the key of this entity", remedy)
    if event.op != "create":
        _check_change(event)


def _check_window(event: Event) -> None:
    payloads = (event.data,) if event.op == "create" else (event.data.before, event.data.after)
    for payload in payloads:
        if payload is None:
            continue
        if payload.window_start > event.time:
            raise InvalidEvent(
                "data.window_start", "lies after time", "send time at or after the window's start"
            )
        if payload.window_start.year < FIRST_YEAR:
            raise InvalidEvent("data.window_start", f"lies before {FIRST_YEAR}", "send when the window began")


def _check_texts(value: Any, path: str) -> None:
    """Refuse characters that would break keys, patterns and listings.

    Only bytes that are not plain ASCII, or contain an escape or DEL, can hold one; others skip this.
    """
    if isinstance(value, str):
        if not value.isprintable():
            raise InvalidEvent(path, "holds a control character or an unusual space", "send printable text")
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_texts(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            _check_texts(part, f"{path}[{index}]")


def _check_change(event: Event) -> None:
    after = event.data.after
    if event.op == "retract":
        if after is not None:
            raise InvalidEvent("data.after", "does not belong to retract", "leave it out or send correct")
    elif after is None:
        raise InvalidEvent("data.after", "is missing", "add the corrected payload")
    elif event.kind.key(event.subject, after) != key_of(event):
        raise InvalidEvent("data.after", "names another entity", "retract the event and create a new one")
