"""Compiles declared additions into functions: what an event adds to cells where each is added on its own."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from msgspec.structs import fields

from .civil import Civil, Periods, millis
from .definition import ONE, Addition, Additions, Condition, FirstCharacters, IsOneOf, IsPresent, StartsWith
from .facts import Contribution, negate
from .family import SUBJECT, EventType
from .payload import Payload

Contributions = Callable[[Any, str, Periods], list[Contribution]]


@dataclass(frozen=True)
class AdditiveReducer:
    """A compiled declaration.

    `contributions(payload, subject, when)` returns what a payload adds; `event_time_ms(payload,
    time_ms, civil)` returns the instant that decides the periods `when`.
    """

    contributions: Contributions
    event_time_ms: Callable[[Any, int, Civil], int]


def compile_additions(kind: EventType, declared: Additions) -> AdditiveReducer:
    """Compile a declaration. Raises ValueError for a field that the payload does not have."""
    return AdditiveReducer(_compile_contributions(declared), _compile_event_time(kind, declared.month))


def _compile_event_time(kind: EventType, month: str | None) -> Callable[[Any, int, Civil], int]:
    if month is not None:
        get = attrgetter(month)
        return lambda payload, _time_ms, civil: civil.month_of(get(payload))
    if kind.windowed:
        return lambda payload, _time_ms, _civil: millis(payload.window_start)
    return lambda _payload, time_ms, _civil: time_ms


def _compile_contributions(declared: Additions) -> Contributions:
    """Generate the function that a programmer would write by hand, and define it, as dataclasses do.

    It runs for every event; reading the values through getters took three times as long. The source
    contains only names of the payload's own fields and literals.
    """
    payload = declared.payload
    vectors = {sums: f"vector{n}" for n, sums in enumerate(dict.fromkeys(to.sums for to in declared.to))}
    lines = ["def contributions(payload, subject, when):"]
    lines += [f"    {name} = {_write_vector(sums, payload)}" for sums, name in vectors.items()]
    always = [to for to in declared.to if not to.adds_if]
    plus = ", ".join(_write_contribution(to, payload, vectors[to.sums]) for to in always)
    lines.append(f"    added = [{plus}]")
    sometimes = (to for to in declared.to if to.adds_if)
    for (adds_if, takes_if), alike in groupby(sometimes, lambda to: (to.adds_if, to.takes_if)):
        group = list(alike)
        plus, minus = (
            "".join(_write_contribution(to, payload, form.format(vectors[to.sums])) + ", " for to in group)
            for form in ("{}", "negate({})")
        )
        lines.append(f"    if {_write_test(adds_if, payload)}: added += ({plus})")
        if takes_if is not None:
            lines.append(f"    elif {_write_test(takes_if, payload)}: added += ({minus})")
    lines.append("    return added")
    scope: dict[str, Any] = {_name_measure(to): to.measure for to in declared.to}
    exec("\n".join(lines), scope | {"negate": negate}, scope)  # noqa: S102
    contributions: Contributions = scope["contributions"]
    return contributions


def _name_measure(addition: Addition) -> str:
    return "measure_" + addition.measure.name.replace(".", "_")


def _write_contribution(addition: Addition, payload: type[Payload], vector: str) -> str:
    dimensions = "".join(f"{_write_part(part, payload)}, " for part in addition.by)
    return f"({_name_measure(addition)}, when, ({dimensions}), {vector})"


def _write_vector(sums: tuple[str, ...] | str, payload: type[Payload]) -> str:
    if isinstance(sums, str):
        return _write_part(sums, payload)
    flags = {field.name for field in fields(payload) if field.type is bool}
    numbers = (
        f"int({_write_part(name, payload)})" if name in flags else _write_part(name, payload) for name in sums
    )
    return f"({', '.join(numbers)},)"


def _write_test(conditions: tuple[Condition, ...], payload: type[Payload]) -> str:
    return " and ".join(_write_condition(condition, payload) for condition in conditions)


def _write_condition(condition: Condition, payload: type[Payload]) -> str:
    value = _write_part(condition.field, payload)
    match condition:
        case IsOneOf():
            return f"{value} in {condition.values!r}"
        case StartsWith():
            return f"{value}.startswith({condition.prefix!r})"
        case IsPresent():
            return value


def _write_part(part: str | FirstCharacters, payload: type[Payload]) -> str:
    if isinstance(part, FirstCharacters):
        return f"{_write_part(part.field, payload)}[:{part.length:d}]"
    if part in (SUBJECT, ONE):
        return "subject" if part == SUBJECT else "1"
    if part not in payload.__struct_fields__:
        raise ValueError(f"{part}: is not a field of {payload.__name__}; check its spelling")
    return f"payload.{part}"
