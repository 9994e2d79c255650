"""What a mapping file says, as types. docs/guides/import.md explains each word."""

from collections.abc import Iterator
from string import Formatter
from typing import Literal

import msgspec
from msgspec import Struct

Kind = Literal["text", "int", "yuan", "usd", "bool", "date", "instant", "json"]
Fold = Literal["earlier", "later", "reject"]
Scalar = str | int | bool


class Input(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the file is written. Without `columns` a CSV file's first row is its header."""

    format: Literal["csv", "ndjson"]
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    encoding: str = "utf-8"


class Skip(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A row is left out when its column equals, is empty, or matches a regular expression."""

    column: str
    equals: str | None = None
    empty: bool = False
    matches: str | None = None


class Cumulative(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The column is a running counter, one for each value of the `key` columns.

    `reset`: when the counter falls, `reject` the row or take the reading as counted since
    the `restart`.
    """

    key: tuple[str, ...]
    reset: Literal["reject", "restart"] = "reject"


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a field's value comes from (column, template or another field) and how it is read.

    `map` replaces texts by constants, `default` stands for an empty value, `plus_s` moves an
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
"""A text is a template, which may have no columns in it; a table says where a value comes from."""


class Envelope(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Without `id` it is made from the row's line, text and event: the same for every run."""

    source: Field
    subject: Field
    time: Field
    id: Field | None = None


class TargetLog(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The log that the events belong in, and what it is created as when there is none."""

    zone: str
    district: str = "futian"


class Mapping(Struct, frozen=True, omit_defaults=True):
    """How rows of a file become events of one type."""

    type: str
    input: Input
    envelope: Envelope
    data: dict[str, Field]
    skip: tuple[Skip, ...] = ()
    log: TargetLog | None = None


def list_fields(mapping: Mapping) -> Iterator[tuple[str, Field]]:
    """Every mapped field with its name in the event, the payload's first: `data.entered`."""
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
    """The pieces of a text with columns in it, such as `melbourne-{sensor}`: a literal text and the column
    after it, None at the end. A brace itself is written twice.

    Raises ValueError for a column without a name or with a format of Python's.
    """
    pieces = []
    for literal, column, spec, conversion in Formatter().parse(template):
        if column == "" or spec or conversion:
            raise ValueError("a column is written {name}, a brace itself is written twice")
        pieces.append((literal, column))
    return pieces


def list_template_columns(template: str) -> tuple[str, ...]:
    """The columns that a template names."""
    return tuple(column for _, column in parse_template(template) if column is not None)
