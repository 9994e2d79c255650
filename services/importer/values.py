"""From the texts of a row to numbers, money, truth and dates. Nothing passes through a float."""

import re
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

import msgspec

from tidemark.streams.contracts.money import CENTS_PER_USD, FEN_PER_YUAN

from .errors import RowInvalid

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(\.0*)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})", re.ASCII)
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])
decode_json = msgspec.json.Decoder(float_hook=Decimal).decode
"""JSON to objects; numbers with a point stay exact."""
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def text_at(row: dict[str, Any], column: str) -> str:
    """The column as text without blanks around it, empty where there is none.

    `a.b` is the field b inside the object a. Raises RowInvalid for an object or a list.
    """
    value = value_at(row, column)
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    raise RowInvalid(f"column {column} holds a list or an object", f"name a field in it: {column}.name")


def value_at(row: dict[str, Any], column: str) -> Any:
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


def whole(text: str) -> int:
    """A whole number; 12.0 is one, 12.5 and 1,200 are not."""
    if not _WHOLE.fullmatch(text):
        raise RowInvalid(f"{text!r} is not a whole number", "write digits only, without separators")
    return int(text.partition(".")[0])


def fen(text: str) -> int:
    """Yuan to fen, exactly: 12.34 → 1234. A part of a fen is refused, never rounded."""
    return _minor(text, FEN_PER_YUAN, "fen")


def cents(text: str) -> int:
    """US dollars to cents, exactly."""
    return _minor(text, CENTS_PER_USD, "cent")


def _minor(text: str, per_unit: int, unit: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise RowInvalid(f"{text!r} is not an amount", "write it as 1234.50, without separators or currency")
    amount = _EXACT.multiply(Decimal(text), Decimal(per_unit))
    if amount != int(amount):
        raise RowInvalid(f"{text!r} is finer than a {unit}", "send at most two decimals")
    return int(amount)


def truth(text: str) -> bool:
    """true, false, 1 or 0; other words need a map."""
    known = _TRUTH.get(text.lower())
    if known is None:
        raise RowInvalid(f"{text!r} is not true, false, 1 or 0", 'give the field a map: {"Y" = true}')
    return known


def day(text: str, layout: str | None) -> str:
    """The civil date in ISO form, read by a strptime layout or as ISO 8601."""
    try:
        return (datetime.strptime(text, layout).date() if layout else date.fromisoformat(text)).isoformat()  # noqa: DTZ007
    except ValueError:
        raise RowInvalid(f"{text!r} is not a date like {layout or '2026-01-31'}", "correct it") from None
