"""Reads and checks mapping files; an error names the field and the remedy."""

import codecs
import re
import tomllib
from collections.abc import Collection
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from tidemark.streams.families.table import TYPE_BY_NAME

from .errors import MappingInvalid
from .mapping import (
    Envelope,
    Field,
    Input,
    Mapping,
    Skip,
    Source,
    TargetLog,
    list_columns,
    list_fields,
    parse_template,
)
from .values import find_format_problem

T = TypeVar("T")
_SECTIONS = {"type", "input", "envelope", "data", "skip", "log"}
_GUIDE = "see the tables in docs/guides/import.md"


def load_mapping(text: str) -> Mapping:
    """Read a mapping in TOML. Raises MappingInvalid."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingInvalid("file", f"is not TOML: {error}", "correct this line") from None
    unknown = sorted(set(raw) - _SECTIONS)
    if unknown:
        raise MappingInvalid(unknown[0], "is not a section", f"use one of {', '.join(sorted(_SECTIONS))}")
    mapping = Mapping(
        type=_read(raw.get("type"), str, "type"),
        input=_read(raw.get("input"), Input, "input"),
        envelope=_read_envelope(_get_table(raw, "envelope")),
        data={name: _read(value, Field, f"data.{name}") for name, value in _get_table(raw, "data").items()},
        skip=tuple(_read(rule, Skip, f"skip[{i}]") for i, rule in enumerate(_get_tables(raw, "skip"))),
        log=_read(raw["log"], TargetLog, "log") if "log" in raw else None,
    )
    _check_input(mapping.input)
    _check_skip(mapping.skip)
    check_mapping(mapping)
    return mapping


def with_zone(mapping: Mapping, zone: str) -> Mapping:
    """The mapping for a log of another civil zone. Raises MappingInvalid."""
    check_zone("log.zone", zone)
    log = TargetLog(zone) if mapping.log is None else msgspec.structs.replace(mapping.log, zone=zone)
    return msgspec.structs.replace(mapping, log=log)


def _read_envelope(raw: dict[str, Any]) -> Envelope:
    fields = msgspec.structs.fields(Envelope)
    for name in raw:
        if name not in {field.name for field in fields}:
            raise MappingInvalid(
                f"envelope.{name}",
                "cannot be mapped",
                "remove it, since only id, source, subject and time can be mapped",
            )
    for field in fields:
        if field.required and field.name not in raw:
            raise MappingInvalid(f"envelope.{field.name}", "is missing", "add it to [envelope]")
    return Envelope(**{name: _read(value, Field, f"envelope.{name}") for name, value in raw.items()})


def _get_table(raw: dict[str, Any], name: str) -> dict[str, Any]:
    table = raw.get(name)
    if not isinstance(table, dict):
        raise MappingInvalid(name, "is missing or not a table", f"write a [{name}] section")
    return table


def _get_tables(raw: dict[str, Any], name: str) -> list[Any]:
    tables = raw.get(name, [])
    if not isinstance(tables, list):
        raise MappingInvalid(name, "is not a list of tables", f"write a [[{name}]] section for each rule")
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
            "input.encoding",
            f"{shape.encoding!r} is not a supported encoding",
            "use for example utf-8 or gb18030",
        ) from None
    if shape.format == "ndjson" and (shape.columns or shape.delimiter != ","):
        raise MappingInvalid(
            "input.columns",
            "columns and delimiter are for CSV",
            "remove both, since NDJSON names its fields in every row",
        )
    if len(shape.delimiter) != 1 or shape.delimiter in '"\r\n':
        raise MappingInvalid(
            "input.delimiter",
            f"{shape.delimiter!r} is not a delimiter",
            'use a single character, for example ";" or "\\t"',
        )
    if len(set(shape.columns)) != len(shape.columns):
        raise MappingInvalid("input.columns", "contains a name twice", "give every column its own name")


def _check_skip(rules: tuple[Skip, ...]) -> None:
    for i, rule in enumerate(rules):
        if (rule.equals is not None) + rule.empty + (rule.matches is not None) != 1:
            raise MappingInvalid(
                f"skip[{i}]", "needs exactly one condition", "give one of equals, empty, matches"
            )
        try:
            re.compile(rule.matches or "")
        except re.error as error:
            raise MappingInvalid(
                f"skip[{i}].matches", f"is not a regular expression: {error}", "correct it"
            ) from None


_WHOLE = ("int", "yuan", "usd")


def check_mapping(mapping: Mapping) -> None:
    """Raise MappingInvalid for the first rule that the mapping violates."""
    _check_payload(mapping)
    if mapping.log:
        check_zone("log.zone", mapping.log.zone)
    for name, spec in list_fields(mapping):
        where = name if name.startswith("data.") else f"envelope.{name}"
        _check_templates(where, spec)
        if isinstance(spec, Source):
            _check_origin(where, spec)
            _check_reading(where, spec)
            _check_time(where, spec)
            _check_references(where, spec, mapping)
    if mapping.input.columns:
        check_columns(mapping, mapping.input.columns)


def check_columns(mapping: Mapping, present: Collection[str]) -> None:
    """Raise MappingInvalid if the mapping reads a column that the file does not have."""
    columns = [(name, column) for name, spec in list_fields(mapping) for column in list_columns(spec)]
    columns += [(f"skip[{i}]", rule.column) for i, rule in enumerate(mapping.skip)]
    for name, column in columns:
        if column not in present:
            raise MappingInvalid(name, f"there is no column {column!r}", f"use one of {', '.join(present)}")


def _check_payload(mapping: Mapping) -> None:
    kind = TYPE_BY_NAME.get(mapping.type)
    if kind is None:
        raise MappingInvalid(
            "type", f"{mapping.type!r} is not an event type", "use a type listed by `tidemark schemas`"
        )
    fields = {field.name: field.required for field in msgspec.structs.fields(kind.payload)}
    for name in mapping.data:
        if name not in fields:
            raise MappingInvalid(
                f"data.{name}", f"is not a field of {kind.name}", f"use one of {', '.join(fields)}"
            )
    for name, required in fields.items():
        if required and name not in mapping.data:
            raise MappingInvalid(
                f"data.{name}", f"is missing, but {kind.name} requires it", "add it to [data]"
            )


def _check_templates(where: str, spec: Field) -> None:
    template = spec if isinstance(spec, str) else spec.template if isinstance(spec, Source) else None
    try:
        parse_template(template or "")
    except ValueError as error:
        raise MappingInvalid(where, f"{template!r} is not a template: {error}", "correct it") from None


def _check_origin(where: str, spec: Source) -> None:
    if sum(origin is not None for origin in (spec.column, spec.template, spec.field)) != 1:
        raise MappingInvalid(where, "needs exactly one origin", "give one of column, template, field")
    if spec.kind == "json" and spec.column is None:
        raise MappingInvalid(f"{where}.as", "json is read from a column", "give column")
    if spec.field is not None and spec != Source(field=spec.field, plus_s=spec.plus_s):
        raise MappingInvalid(
            where, "a value taken from a field is not parsed again", "remove all keys except field and plus_s"
        )


def _check_reading(where: str, spec: Source) -> None:
    if spec.map is not None and spec.kind != "text":
        raise MappingInvalid(
            f"{where}.map", f"cannot be combined with as = {spec.kind!r}", "remove one of them"
        )
    if spec.default is not None and (spec.cumulative is not None or spec.kind == "instant"):
        raise MappingInvalid(f"{where}.default", "cannot be combined with cumulative or instant", "remove it")
    if spec.cumulative is None:
        return
    if spec.kind not in _WHOLE:
        raise MappingInvalid(
            f"{where}.cumulative", "requires a number", f'set "as" to one of {", ".join(_WHOLE)}'
        )


def _check_time(where: str, spec: Source) -> None:
    if spec.zone is not None:
        check_zone(f"{where}.zone", spec.zone)
    if spec.kind != "instant" and (spec.zone is not None or spec.fold != "reject"):
        raise MappingInvalid(where, "zone and fold are for instants only", 'set as = "instant"')
    if spec.plus_s is not None and spec.kind != "instant" and spec.field is None:
        raise MappingInvalid(f"{where}.plus_s", "is for instants only", 'set as = "instant"')
    if spec.format is None:
        return
    if spec.kind not in ("date", "instant"):
        raise MappingInvalid(
            f"{where}.format", "is for dates and instants only", 'set "as" to date or instant'
        )
    problem = find_format_problem(spec.format)
    if problem:
        raise MappingInvalid(
            f"{where}.format", problem, "write it in Python's strptime format, such as %Y-%m-%d %H:%M"
        )


def _check_references(where: str, spec: Source, mapping: Mapping) -> None:
    for reference in (spec.field, spec.plus_s):
        if not isinstance(reference, str):
            continue
        if where.startswith("data."):
            raise MappingInvalid(
                where, f"cannot refer to {reference}", "refer to fields of [data] from [envelope] only"
            )
        if reference.removeprefix("data.") not in mapping.data:
            raise MappingInvalid(
                where,
                f"refers to {reference!r}, which is not in [data]",
                "use a field of [data], like data.window_s",
            )
    if spec.field is not None and spec.plus_s is not None:
        _check_sum(where, spec, mapping)


def _check_sum(where: str, spec: Source, mapping: Mapping) -> None:
    start = mapping.data[(spec.field or "").removeprefix("data.")]
    if not (isinstance(start, Source) and start.kind == "instant"):
        raise MappingInvalid(
            where, f"adds seconds to {spec.field}, which is not an instant", "refer to an instant"
        )
    if not isinstance(spec.plus_s, str):
        return
    seconds = mapping.data[spec.plus_s.removeprefix("data.")]
    if type(seconds) is not int and not (isinstance(seconds, Source) and seconds.kind == "int"):
        raise MappingInvalid(
            where,
            f"adds {spec.plus_s}, which is not a whole number",
            'refer to a number of seconds with as = "int"',
        )


def check_zone(where: str, zone: str) -> None:
    """Raise MappingInvalid if the time zone does not exist."""
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        raise MappingInvalid(
            where, f"{zone!r} is not a time zone", "use a name such as Asia/Shanghai"
        ) from None
