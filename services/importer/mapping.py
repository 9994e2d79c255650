"""The types of a mapping file. docs/guides/import.md explains each key."""

from collections.abc import Iterator
from string import Formatter
from typing import Literal

import msgspec
from msgspec import Struct

Kind = Literal["text", "int", "yuan", "usd", "bool", "date", "instant", "json"]
Fold = Literal["earlier", "later", "reject"]
Scalar = str | int | bool


class Input(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The file's format. Without `columns`, the first row of a CSV file is its header."""

    format: Literal["csv", "ndjson"]
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    encoding: str = "utf-8"


class Skip(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row is skipped if its column equals a text, is empty, or matches a regular expression."""

    column: str
    equals: str | None = None
    empty: bool = False
    matches: str | None = None


class Cumulative(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The column is a cumulative counter, one for each combination of values of the `key` columns.

    `reset`: if the counter falls, `reject` the row, or assume a `restart` from 0 and take the reading as
    the increase.
    """

    key: tuple[str, ...]
    reset: Literal["reject", "restart"] = "reject"


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The origin of a field's value (column, template or another field) and how it is parsed.

    `map` replaces texts by constants, `default` replaces an empty value, `plus_s` moves an
    instant by seconds, given as a number or as a field such as `data.window_s`.
    """

    column: str | None = None
    template: str | None = None
    field: str | None = None
    kind: Kind = msgspec.field(name="as", default="text")
    format: str | None = None
    zone: str | None = None
    fold: Fold = "reject"
    plus_s: int | str | None = None
    map: dict[str, Scalar] | None = None
    default: Scalar | None = None
    cumulative: Cumulative | None = None


Constant = int | bool | tuple[Scalar, ...]
Field = str | Constant | Source
"""A text is a template, which may name no column at all; a table gives the origin of the value."""


class Envelope(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The envelope's fields. Without `id`, the id is a digest of the row's line number, text and event,
    and so the same in every run."""

    source: Field
    subject: Field
    time: Field
    id: Field | None = None


class TargetLog(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The log to which the events belong; it is created with these properties if it does not exist."""

    zone: str
    district: str = "futian"


class Mapping(Struct, frozen=True, omit_defaults=True):
    """How the rows of a file become events of a type."""

    type: str
    input: Input
    envelope: Envelope
    data: dict[str, Field]
    skip: tuple[Skip, ...] = ()
    log: TargetLog | None = None


def list_fields(mapping: Mapping) -> Iterator[tuple[str, Field]]:
    """Every mapped field with its name in the event (`data.entered`), those of the payload first."""
    for name, spec in mapping.data.items():
        yield f"data.{name}", spec
    for name in ("source", "subject", "time", "id"):
        spec_or_none: Field | None = getattr(mapping.envelope, name)
        if spec_or_none is not None:
            yield name, spec_or_none


def list_columns(spec: Field) -> tuple[str, ...]:
    """The columns that a field reads."""
    if isinstance(spec, str):
        return list_template_columns(spec)
    if not isinstance(spec, Source):
        return ()
    own = (spec.column,) if spec.column is not None else list_template_columns(spec.template or "")
    return own + (spec.cumulative.key if spec.cumulative else ())


def parse_template(template: str) -> list[tuple[str, str | None]]:
    """The parts of a text that contains columns, such as `melbourne-{sensor}`: each a literal text and the
    column after it, None at the end. A literal brace is written twice.

    Raises ValueError for a column without a name or with a Python format specification.
    """
    pieces = []
    for literal, column, spec, conversion in Formatter().parse(template):
        if column == "" or spec or conversion:
            raise ValueError("a column is written {name}, a literal brace {{ or }}")
        pieces.append((literal, column))
    return pieces


def list_template_columns(template: str) -> tuple[str, ...]:
    """The columns that a template names."""
    return tuple(column for _, column in parse_template(template) if column is not None)
