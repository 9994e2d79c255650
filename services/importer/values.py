"""From the texts of a row to numbers, money, truth, dates and instants. Nothing passes through a float."""

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
"""JSON to objects; numbers with a point stay exact."""
_BOOLS = {"true": True, "1": True, "false": False, "0": False}


def read_text(row: dict[str, Any], column: str) -> str:
    """The column as text without blanks around it, empty where there is none.

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
    raise RowInvalid(f"column {column} holds a list or an object", f"name a field in it: {column}.name")


def read_value(row: dict[str, Any], column: str) -> Any:
    """The column as the file holds it; None where there is none."""
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
    """A whole number; 12.0 is one, 12.5 and 1,200 are not."""
    if not _WHOLE.fullmatch(text):
        raise RowInvalid(f"{text!r} is not a whole number", "write digits only, without separators")
    return int(text.partition(".")[0])


def parse_fen(text: str) -> int:
    """Yuan to fen, exactly: 12.34 → 1234. A part of a fen is refused, never rounded."""
    return _parse_minor_units(text, FEN_PER_YUAN, "fen")


def parse_cents(text: str) -> int:
    """US dollars to cents, exactly."""
    return _parse_minor_units(text, CENTS_PER_USD, "cent")


def _parse_minor_units(text: str, per_unit: int, unit: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise RowInvalid(f"{text!r} is not an amount", "write it as 1234.50, without separators or currency")
    amount = _EXACT.multiply(Decimal(text), Decimal(per_unit))
    if amount != int(amount):
        raise RowInvalid(f"{text!r} is finer than a {unit}", "send at most two decimals")
    return int(amount)


def parse_bool(text: str) -> bool:
    """true, false, 1 or 0; other words need a map."""
    value = _BOOLS.get(text.lower())
    if value is None:
        raise RowInvalid(f"{text!r} is not true, false, 1 or 0", 'give the field a map: {"Y" = true}')
    return value


def parse_date(text: str, layout: str | None) -> str:
    """The civil date in ISO form, read by a strptime layout or as ISO 8601."""
    try:
        return (datetime.strptime(text, layout).date() if layout else date.fromisoformat(text)).isoformat()  # noqa: DTZ007
    except ValueError:
        raise RowInvalid(f"{text!r} is not a date like {layout or '2026-01-31'}", "correct it") from None


_CACHE_LIMIT = 50_000
_PER_SECOND = {"unix_s": 1, "unix_ms": 1000}


def find_format_problem(layout: str) -> str | None:
    """What is wrong with a strptime layout, unix_s or unix_ms; None if nothing is."""
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
    """A function from text to an instant in UTC; it remembers what it has read.

    `layout` is a strptime format, unix_s, unix_ms, or None for ISO 8601. A local time is of
    `zone`; one that the clock showed twice is resolved by `fold`, one that it skipped is
    rejected. The function raises RowInvalid.
    """
    where = ZoneInfo(zone) if zone else None

    @lru_cache(_CACHE_LIMIT)
    def read(text: str) -> datetime:
        try:
            local = _parse_instant(text, layout)
            return (_resolve_local(local, where, fold) if local.tzinfo is None else local).astimezone(UTC)
        except OverflowError:
            raise RowInvalid(f"{text!r} is out of range", "send a time of this century") from None

    return read


def shift_instant(at: datetime, seconds: int) -> datetime:
    """The instant moved by whole seconds, which may be negative. Raises RowInvalid."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise RowInvalid(f"{at} moved by {seconds} s is out of range", "correct plus_s") from None


def _parse_instant(text: str, layout: str | None) -> datetime:
    if layout in _PER_SECOND:
        return instant(parse_whole(text) * 1000 // _PER_SECOND[layout])
    try:
        return datetime.strptime(text, layout) if layout else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        shape = layout or "ISO 8601, 2026-01-31T12:00:00+08:00"
        raise RowInvalid(f"{text!r} is not a time of the form {shape}", "correct it or the format") from None


def _resolve_local(local: datetime, zone: ZoneInfo | None, fold: Fold) -> datetime:
    """PEP 495: the offset of fold 0 is the greater one where a clock went back and the
    smaller one where it went forward."""
    if zone is None:
        raise RowInvalid(f"{local} has no offset", "give the field a zone")
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return first
    if before < after:
        raise RowInvalid(
            f"{local} did not exist in {zone.key}, where the clock went forward", "correct the time"
        )
    if fold == "reject":
        raise RowInvalid(
            f"{local} came twice in {zone.key}, where the clock went back",
            'give the field fold = "earlier" or "later"',
        )
    return first if fold == "earlier" else second
