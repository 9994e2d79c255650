"""Parses the texts of a row as numbers, money, booleans, dates and instants, never through a float."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.money import CENTS_PER_USD, FEN_PER_YUAN

from .errors import RowInvalid
from .mapping import Fold

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(\.0*)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})", re.ASCII)
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
decode_json = msgspec.json.Decoder(float_hook=Decimal).decode
"""JSON to objects; numbers with a decimal point stay exact."""
_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def read_text(row: dict[str, Any], column: str) -> str:
    """The column as stripped text, empty if the row does not have it.

    `a.b` is the field b inside the object a. Raises RowInvalid for an object or a list.
    """
    value = read_value(row, column)
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    raise RowInvalid(f"column {column} is a list or an object", f"name a field in it: {column}.name")


def read_value(row: dict[str, Any], column: str) -> Any:
    """The column's value as in the file; None if the row does not have it."""
    value = row.get(column)
    if value is not None or "." not in column:
        return value
    value = row
    for name in column.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def parse_whole(text: str) -> int:
    """A whole number: 12 or 12.0, but not 12.5 or 1,200. Raises RowInvalid."""
    if not _WHOLE.fullmatch(text):
        raise RowInvalid(f"{text!r} is not a whole number", "write digits only, without separators")
    return int(text.partition(".")[0])


def parse_fen(text: str) -> int:
    """Yuan to fen, exactly: 12.34 → 1234. Raises RowInvalid for a fraction of a fen, and never rounds."""
    return _parse_minor_units(text, FEN_PER_YUAN, "fen")


def parse_cents(text: str) -> int:
    """US dollars to cents, exactly."""
    return _parse_minor_units(text, CENTS_PER_USD, "cent")


def _parse_minor_units(text: str, per_unit: int, unit: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise RowInvalid(f"{text!r} is not an amount", "write it as 1234.50, without separators or currency")
    amount = _EXACT.multiply(Decimal(text), Decimal(per_unit))
    if amount != int(amount):
        raise RowInvalid(f"{text!r} has a fraction of a {unit}", "write at most two decimals")
    return int(amount)


def parse_bool(text: str) -> bool:
    """true, false, 1 or 0; other words need a map. Raises RowInvalid."""
    value = _BOOLS.get(text.lower())
    if value is None:
        raise RowInvalid(
            f"{text!r} is not true, false, 1 or 0",
            'give the field a map, such as { "Y" = true, "N" = false }',
        )
    return value


def parse_date(text: str, layout: str | None) -> str:
    """The date in ISO 8601, parsed by a strptime layout or as ISO 8601. Raises RowInvalid."""
    try:
        return (datetime.strptime(text, layout).date() if layout else date.fromisoformat(text)).isoformat()  # noqa: DTZ007
    except ValueError:
        raise RowInvalid(
            f"{text!r} is not a date of the form {layout or '2026-01-31'}", "correct it or the format"
        ) from None


_CACHE_LIMIT = 50_000
_PER_SECOND = {"unix_s": 1, "unix_ms": 1000}


def find_format_problem(layout: str) -> str | None:
    """The problem of a strptime layout, unix_s or unix_ms; None if it has none."""
    if layout in _PER_SECOND:
        return None
    try:
        datetime.strptime("", layout)  # noqa: DTZ007
    except ValueError as error:
        if "does not match" not in str(error):
            return str(error)
    if not any(code in layout for code in ("%Y", "%y", "%G", "%c", "%x")):
        return f"{layout!r} has no year"
    return None


def create_instant_parser(layout: str | None, zone: str | None, fold: Fold) -> Callable[[str], datetime]:
    """A function that parses a text as an instant in UTC, with a cache.

    `layout` is a strptime format, unix_s, unix_ms, or None for ISO 8601. A time without an offset is
    local time in `zone`: an ambiguous time is resolved by `fold`, a time skipped by a clock change is
    rejected. The function raises RowInvalid.
    """
    where = ZoneInfo(zone) if zone else None

    @lru_cache(_CACHE_LIMIT)
    def read(text: str) -> datetime:
        try:
            local = _parse_instant(text, layout)
            return (_resolve_local(local, where, fold) if local.tzinfo is None else local).astimezone(UTC)
        except OverflowError:
            raise RowInvalid(f"{text!r} is out of range", "correct the time or its format") from None

    return read


def shift_instant(at: datetime, seconds: int) -> datetime:
    """The instant moved by whole seconds, which may be negative. Raises RowInvalid."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise RowInvalid(f"{at} plus {seconds} s is out of range", "correct plus_s") from None


def _parse_instant(text: str, layout: str | None) -> datetime:
    if layout in _PER_SECOND:
        return instant(parse_whole(text) * 1000 // _PER_SECOND[layout])
    try:
        return datetime.strptime(text, layout) if layout else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        shape = layout or "ISO 8601, 2026-01-31T12:00:00+08:00"
        raise RowInvalid(f"{text!r} is not a time of the form {shape}", "correct it or the format") from None


def _resolve_local(local: datetime, zone: ZoneInfo | None, fold: Fold) -> datetime:
    """By PEP 495, the offset of fold 0 is the greater of the two if the clock went back and the smaller
    if it went forward."""
    if zone is None:
        raise RowInvalid(f"{local} has no UTC offset", "give the field a zone in the mapping")
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return first
    if before < after:
        raise RowInvalid(
            f"{local} does not exist in {zone.key}, where the clock was put forward", "correct the time"
        )
    if fold == "reject":
        raise RowInvalid(
            f"{local} is ambiguous in {zone.key}, where the clock was put back",
            'give the field fold = "earlier" or fold = "later" in the mapping',
        )
    return first if fold == "earlier" else second
