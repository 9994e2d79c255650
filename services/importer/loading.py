"""From a mapping file to a checked Mapping, or an error that names the field and the remedy."""

import codecs
import re
import tomllib
from typing import Any, TypeVar

import msgspec

from .checks import check, check_zone
from .errors import MappingInvalid
from .mapping import Envelope, Field, Input, LogWish, Mapping, Skip

T = TypeVar("T")
_SECTIONS = {"type", "input", "envelope", "data", "skip", "log"}
_GUIDE = "see docs/guides/import.md for what belongs there"


def load_mapping(text: str) -> Mapping:
    """The mapping written in TOML. Raises MappingInvalid."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid("file", f"is not TOML: {error}", "correct that line") from None
    unknown = sorted(set(raw) - _SECTIONS)
    if unknown:
        raise MappingInvalid(unknown[0], "is not known", f"use one of {', '.join(sorted(_SECTIONS))}")
    mapping = Mapping(
        type=_read(raw.get("type"), str, "type"),
        input=_read(raw.get("input"), Input, "input"),
        envelope=_envelope(_table(raw, "envelope")),
        data={name: _read(value, Field, f"data.{name}") for name, value in _table(raw, "data").items()},
        skip=tuple(_read(rule, Skip, f"skip[{i}]") for i, rule in enumerate(_tables(raw, "skip"))),
        log=_read(raw["log"], LogWish, "log") if "log" in raw else None,
    )
    _check_input(mapping.input)
    _check_skip(mapping.skip)
    check(mapping)
    return mapping


def with_zone(mapping: Mapping, zone: str) -> Mapping:
    """The mapping for a log of another civil zone. Raises MappingInvalid."""
    check_zone("log.zone", zone)
    log = LogWish(zone) if mapping.log is None else msgspec.structs.replace(mapping.log, zone=zone)
    return msgspec.structs.replace(mapping, log=log)


def _envelope(raw: dict[str, Any]) -> Envelope:
    known = msgspec.structs.fields(Envelope)
    for name in raw:
        if name not in {field.name for field in known}:
            raise MappingInvalid(f"envelope.{name}", "is not known", "map id, source, subject and time only")
    for field in known:
        if field.required and field.name not in raw:
            raise MappingInvalid(f"envelope.{field.name}", "is missing", "say where it comes from")
    return Envelope(**{name: _read(value, Field, f"envelope.{name}") for name, value in raw.items()})


def _table(raw: dict[str, Any], name: str) -> dict[str, Any]:
    table = raw.get(name)
    if not isinstance(table, dict):
        raise MappingInvalid(name, "is missing or not a table", f"write a [{name}] section")
    return table


def _tables(raw: dict[str, Any], name: str) -> list[Any]:
    tables = raw.get(name, [])
    if not isinstance(tables, list):
        raise MappingInvalid(name, "is not a list of tables", f"write a [[{name}]] section for each")
    return tables


def _read(value: Any, shape: Any, where: str) -> Any:
    if value is None:
        raise MappingInvalid(where, "is missing", _GUIDE)
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise MappingInvalid(where + path.rstrip("`"), problem, _GUIDE) from None


def _check_input(shape: Input) -> None:
    try:
        codecs.lookup(shape.encoding)
    except LookupError:
        raise MappingInvalid(
            "input.encoding", f"{shape.encoding!r} is not known", "use for example utf-8 or gb18030"
        ) from None
    if shape.format == "ndjson" and (shape.columns or shape.delimiter != ","):
        raise MappingInvalid("input.columns", "belongs to CSV", "NDJSON names its fields in every row")
    if len(shape.delimiter) != 1 or shape.delimiter in '"\r\n':
        raise MappingInvalid("input.delimiter", "is not one character", 'use for example ";" or "\\t"')
    if len(set(shape.columns)) != len(shape.columns):
        raise MappingInvalid("input.columns", "names one twice", "give every column its own name")


def _check_skip(rules: tuple[Skip, ...]) -> None:
    for i, rule in enumerate(rules):
        if (rule.equals is not None) + rule.empty + (rule.matches is not None) != 1:
            raise MappingInvalid(f"skip[{i}]", "has no single rule", "give one of equals, empty, matches")
        try:
            re.compile(rule.matches or "")
        except re.error as error:
            raise MappingInvalid(
                f"skip[{i}].matches", f"is no regular expression: {error}", "correct it"
            ) from None
