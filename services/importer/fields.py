"""Turns a field of the mapping into a function that reads the field's value from a row."""

from collections.abc import Callable
from typing import Any

import msgspec

from .differences import Counters
from .errors import RowInvalid
from .mapping import Cumulative, Field, Source, parse_template
from .values import (
    create_instant_parser,
    decode_json,
    parse_bool,
    parse_cents,
    parse_date,
    parse_fen,
    parse_whole,
    read_text,
    read_value,
    shift_instant,
)

Row = dict[str, Any]
Reader = Callable[[Row], Any]
"""Reads a value from a row, None if the row has none. Raises RowInvalid."""

_PLAIN: dict[str, Callable[[str], Any]] = {
    "text": str,
    "int": parse_whole,
    "yuan": parse_fen,
    "usd": parse_cents,
    "bool": parse_bool,
}


def create_reader(name: str, spec: Field, counters: Counters) -> Reader:
    """The reader of a field; `name` distinguishes its counters from those of other fields."""
    if isinstance(spec, str):
        return _read_template(spec)
    if not isinstance(spec, Source):
        return lambda _row: spec
    if spec.kind == "json":
        return _add_default(_read_json(spec.column or ""), spec.default)
    text = _read_column(spec.column) if spec.column is not None else _read_template(spec.template or "")
    read = _convert(text, _choose_conversion(spec))
    if spec.cumulative is not None:
        return _read_increase(name, read, spec.cumulative, counters)
    if isinstance(spec.plus_s, int):
        seconds = spec.plus_s
        return _convert(read, lambda at: shift_instant(at, seconds))
    return _add_default(read, spec.default)


def _read_column(column: str) -> Reader:
    return lambda row: read_text(row, column) or None


def _read_template(template: str) -> Reader:
    pieces = parse_template(template)
    if all(column is None for _, column in pieces):
        constant = "".join(literal for literal, _ in pieces)
        return lambda _row: constant

    def read(row: Row) -> str | None:
        texts: list[str] = []
        for literal, column in pieces:
            text = read_text(row, column) if column is not None else ""
            if column is not None and not text:
                return None
            texts += (literal, text)
        return "".join(texts)

    return read


def _read_json(column: str) -> Reader:
    def read(row: Row) -> Any:
        value = read_value(row, column)
        if not isinstance(value, str):
            return value
        try:
            return decode_json(value) if value.strip() else None
        except msgspec.DecodeError:
            raise RowInvalid(f"column {column} is not JSON", 'write it like ["visa","jcb"]') from None

    return read


def _choose_conversion(spec: Source) -> Callable[[str], Any]:
    if spec.map is not None:
        return _map_values(spec.map)
    if spec.kind == "instant":
        return create_instant_parser(spec.format, spec.zone, spec.fold)
    if spec.kind == "date":
        return lambda text: parse_date(text, spec.format)
    return _PLAIN[spec.kind]


def _map_values(constants: dict[str, Any]) -> Callable[[str], Any]:
    def map_value(text: str) -> Any:
        if text not in constants:
            raise RowInvalid(
                f"{text!r} is not in the field's map",
                f"add it to the map, which has {', '.join(constants)}",
            )
        return constants[text]

    return map_value


def _convert(read: Reader, conversion: Callable[[Any], Any]) -> Reader:
    def read_converted(row: Row) -> Any:
        value = read(row)
        return None if value is None else conversion(value)

    return read_converted


def _add_default(read: Reader, default: Any) -> Reader:
    if default is None:
        return read

    def read_or_default(row: Row) -> Any:
        value = read(row)
        return default if value is None else value

    return read_or_default


def _read_increase(name: str, read: Reader, rule: Cumulative, counters: Counters) -> Reader:
    def difference(row: Row) -> int | None:
        reading = read(row)
        if reading is None:
            return None
        key = (name, *(read_text(row, column) for column in rule.key))
        return counters.compute_difference(key, reading, rule)

    return difference
