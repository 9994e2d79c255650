"""The parts of a payload: its base class, shared field types, and rules between fields.

A rule is declared beside the fields as data. Its `problem` is the message for an event that breaks it:
the field at fault, what is wrong, the remedy. It may contain names of payload fields in braces.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

Token = Annotated[str, Meta(min_length=1, max_length=64)]
"""An identifier assigned by the data holder, of an entity, a sensor, a form."""

Code = Annotated[str, Meta(min_length=1, max_length=32)]
"""A short code from an external list: a goods class, an error, a product heading."""

Place = Annotated[str, Meta(min_length=1, max_length=128)]
"""A place of the gazetteer, `<kind>.<name>`."""

LIMIT = 10**15
"""Larger than any amount in a district, small enough that sums of many fit 64 bits."""

Count = Annotated[int, Meta(ge=0, le=LIMIT)]
Fen = Annotated[int, Meta(ge=0, le=LIMIT, description="Whole fen; 100 fen are 1 yuan")]
UsdCents = Annotated[int, Meta(ge=0, le=LIMIT, description="Whole US cents")]
BasisPoints = Annotated[int, Meta(ge=0, le=10_000, description="1/100 of a percent")]
WindowSeconds = Annotated[int, Meta(ge=1, le=86_400, description="Length of the counting window")]
Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset")]
Day = date


@dataclass(frozen=True)
class AtMost:
    """The sum of the fields in `parts`, or the single field, is at most the field `limit`."""

    parts: tuple[str, ...]
    limit: str
    problem: str


@dataclass(frozen=True)
class Distinct:
    """The tuple in `field` names nothing twice."""

    field: str
    problem: str


@dataclass(frozen=True)
class Differs:
    """Two fields are not equal."""

    field: str
    other: str
    problem: str


@dataclass(frozen=True)
class Depends:
    """Whether `field` may or must be given depends on the value of the field `on`: it must be with the
    values in `required`, and may be only with those in `allowed`; None allows it with all.
    """

    field: str
    on: str
    problem: str
    required: tuple[str, ...] = ()
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CountPerBucket:
    """The tuple in `field` is empty or holds a count for each bucket of `bounds` and one above."""

    field: str
    bounds: tuple[int, ...]

    @property
    def problem(self) -> str:
        """As in the other rules; {count} stands for the number of counts."""
        return f"{self.field}: has {{count}} counts; send {len(self.bounds) + 1}, one per bucket"


Rule = AtMost | Distinct | Differs | Depends | CountPerBucket


class Payload(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """The typed `data` of an event. A misspelt optional field is refused, not ignored.

    `rules` are the rules between its fields; they are checked whenever a payload is constructed or decoded.
    """

    rules: ClassVar[tuple[Rule, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Have the rules checked after each construction; without rules nothing is called."""
        if cls.rules:
            cls.__post_init__ = compile_rules(cls.rules)  # type: ignore[attr-defined]


def rule_fields(rule: Rule) -> tuple[str, ...]:
    """The payload's fields that a rule names."""
    match rule:
        case AtMost():
            return (*rule.parts, rule.limit)
        case Differs():
            return rule.field, rule.other
        case Depends():
            return rule.field, rule.on
        case Distinct() | CountPerBucket():
            return (rule.field,)


def compile_rules(rules: tuple[Rule, ...]) -> Callable[[Any], None]:
    """A payload's `__post_init__`, which raises ValueError with the problem of the first broken rule."""
    compiled = tuple((_compile(rule), rule) for rule in rules)

    def check(payload: Any) -> None:
        for obeys, rule in compiled:
            if not obeys(payload):
                raise ValueError(_explain(rule, payload))

    return check


def _compile(rule: Rule) -> Callable[[Any], bool]:
    """A function that returns whether a payload obeys the rule."""
    get = attrgetter(*rule_fields(rule))
    match rule:
        case AtMost(parts) if len(parts) > 1:
            return lambda payload: sum((values := get(payload))[:-1]) <= values[-1]
        case AtMost():
            return lambda payload: (values := get(payload))[0] <= values[1]
        case Distinct():
            return lambda payload: len(set(get(payload))) == len(get(payload))
        case Differs():
            return lambda payload: (values := get(payload))[0] != values[1]
        case Depends(required=required, allowed=allowed):
            return lambda payload: _is_in_place(get(payload), required, allowed)
        case CountPerBucket(bounds=bounds):
            return lambda payload: len(get(payload)) in (0, len(bounds) + 1)


def _is_in_place(values: tuple[Any, Any], required: tuple[str, ...], allowed: tuple[str, ...] | None) -> bool:
    value, on = values
    return on not in required if value is None else allowed is None or on in allowed


def _explain(rule: Rule, payload: Any) -> str:
    values = {name: getattr(payload, name) for name in payload.__struct_fields__}
    if isinstance(rule, CountPerBucket):
        values["count"] = len(values[rule.field])
    return rule.problem.format_map(values)
