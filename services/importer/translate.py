"""Turns rows into events and applies the gateway's checks to them."""

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.codec import InvalidEvent, decode
from tidemark.streams.families.table import TYPE_BY_NAME

from .differences import Counters
from .errors import RowInvalid
from .fields import Reader, create_reader
from .mapping import Field, Mapping, Skip, Source
from .rows import Row
from .values import read_text, shift_instant

_encode = msgspec.json.Encoder().encode

Values = dict[str, Any]


class Translator:
    """Turns the rows of a file, in their order, into events; the result depends only on file and mapping."""

    def __init__(self, mapping: Mapping) -> None:
        self._type = mapping.type
        self._skips = [_create_skip(rule) for rule in mapping.skip]
        self._counters = Counters()
        payload = msgspec.structs.fields(TYPE_BY_NAME[mapping.type].payload)
        self._required = {field.name for field in payload if field.required}
        self._data = [
            (name, f"data.{name}", create_reader(f"data.{name}", spec, self._counters))
            for name, spec in mapping.data.items()
        ]
        envelope = mapping.envelope
        self._source = self._create_envelope_reader("source", envelope.source)
        self._subject = self._create_envelope_reader("subject", envelope.subject)
        self._time = self._create_envelope_reader("time", envelope.time)
        self._id = None if envelope.id is None else self._create_envelope_reader("id", envelope.id)

    def _create_envelope_reader(self, name: str, spec: Field) -> Callable[[Values, Values], Any]:
        """A function from the row's values and the payload to the field's value."""
        if isinstance(spec, Source) and spec.field is not None:
            derived = _derive_field(spec.field, spec.plus_s)
            return lambda _row, data: _read_required(derived, data, name)
        read = create_reader(name, spec, self._counters)
        return lambda row, _data: _read_required(read, row, name)

    def translate(self, row: Row) -> Event | None:
        """The row's event; None if the mapping skips the row or it is a counter's first reading.

        Raises RowInvalid.
        """
        if row.problem is not None:
            raise row.problem
        if any(skip(row.values) for skip in self._skips):
            return None
        self._counters.begin_row()
        data = self._create_payload(row)
        if not self._counters.finish_row():
            return None
        event = self._create_event(row, data)
        self._counters.commit_row()
        return event

    def _create_payload(self, row: Row) -> Values:
        data: Values = {}
        for name, path, read in self._data:
            value = (_read_required if name in self._required else _read_optional)(read, row.values, path)
            if value is not None:
                data[name] = value
        return data

    def _create_event(self, row: Row, data: Values) -> Event:
        event = {
            "specversion": "1.0",
            "type": self._type,
            "source": self._source(row.values, data),
            "subject": self._subject(row.values, data),
            "time": self._time(row.values, data),
            "data": data,
        }
        event["id"] = self._id(row.values, data) if self._id else _compute_id(row, event)
        try:
            return decode(_encode(event))
        except InvalidEvent as error:
            raise RowInvalid(error.problem, error.remedy, error.field) from None


def _read_optional(read: Reader, values: Values, path: str) -> Any:
    try:
        return read(values)
    except RowInvalid as error:
        error.field = path
        raise


def _read_required(read: Reader, values: Values, path: str) -> Any:
    value = _read_optional(read, values, path)
    if value is None:
        raise RowInvalid(
            "is empty in this row", "fill it, or give a default or a [[skip]] rule in the mapping", path
        )
    return value


def _compute_id(row: Row, event: Values) -> str:
    """A digest of line number, text and event. It is the same in every run; two mappings of the same file
    give different ids, and a revised mapping does not repeat events that it already produced."""
    return sha256(b"%d\n%b\n%b" % (row.line, row.text.encode(), _encode(event))).hexdigest()[:32]


def _derive_field(field: str, plus_s: int | str | None) -> Reader:
    """A field of the envelope derived from the payload: time = window_start + window_s."""
    origin = field.removeprefix("data.")
    distance = plus_s.removeprefix("data.") if isinstance(plus_s, str) else plus_s

    def read(data: Values) -> Any:
        value = data.get(origin)
        seconds = data.get(distance) if isinstance(distance, str) else distance
        return value if value is None or seconds is None else shift_instant(value, seconds)

    return read


def _create_skip(rule: Skip) -> Callable[[Values], bool]:
    if rule.empty:
        return lambda row: not read_text(row, rule.column)
    if rule.matches is not None:
        pattern = re.compile(rule.matches)
        return lambda row: pattern.search(read_text(row, rule.column)) is not None
    return lambda row: read_text(row, rule.column) == rule.equals
