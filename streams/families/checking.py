"""Checks each family for omissions and misspellings when the families are loaded."""

from collections.abc import Iterator
from importlib import import_module

from msgspec import inspect
from msgspec.structs import fields

from tidemark.streams.contracts.definition import (
    ONE,
    Addition,
    Additions,
    Condition,
    Definition,
    EntityReducer,
    FirstCharacters,
    IsOneOf,
)
from tidemark.streams.contracts.family import SUBJECT, Family, Measure, Stream
from tidemark.streams.contracts.payload import Payload, rule_fields


class FamilyInvalid(ValueError):
    """A family is incomplete or inconsistent; the message names it, the field at fault and the remedy."""

    def __init__(self, family: str, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"family {family}: {field}: {problem}; {remedy}")


Problem = tuple[str, str, str]
"""(field, what is wrong, remedy)"""


def check_definition(family: Family, definition: Definition) -> None:
    """Raise FamilyInvalid for the first problem of a family."""
    for field, problem, remedy in _find_problems(family, definition):
        raise FamilyInvalid(family.name, field, problem, remedy)


def _find_problems(family: Family, definition: Definition) -> Iterator[Problem]:
    for kind in family.types:
        if not kind.name.startswith(f"{family.name}."):
            yield "types", f"{kind.name} does not begin with the family's name", "rename it"
        names = (SUBJECT, *kind.payload.__struct_fields__)
        yield from _find_unknown(f"{kind.name}: keyed_by", kind.keyed_by, names)
        for rule in kind.payload.rules:
            yield from _find_unknown(f"{kind.name}: rules", rule_fields(rule), names)
    for value in vars(import_module(f"{__package__}.{family.name}")).values():
        if isinstance(value, Measure) and value not in family.measures:
            yield "measures", f"{value.name} is not listed in FAMILY", "list it"
    for measure in family.measures:
        if measure.family != family.name:
            yield "measures", f"{measure.name} does not begin with the family's name", "rename it"
    yield from _check_names(definition)
    yield from _check_computation(family, definition)
    yield from _check_exports(family, definition)


def _check_names(definition: Definition) -> Iterator[Problem]:
    for field in ("name", "label"):
        text = getattr(definition, field)
        if not (text.zh and text.en):
            yield field, "is empty in one language", "give it in Chinese and English"


def _check_computation(family: Family, definition: Definition) -> Iterator[Problem]:
    adds = definition.adds
    if family.stream is Stream.SIGNALS:
        if adds is not None or family.measures or definition.exports:
            yield "adds", "a signal feeds no total", "leave out adds, measures and exports"
        if definition.stale_after_ms is not None:
            yield "stale_after_ms", "does not apply to a signal, which feeds no number", "set it to None"
        return
    if definition.stale_after_ms is None:
        yield "stale_after_ms", "is missing", "set how old its newest event may be"
    if adds is None:
        yield "adds", "is missing", "declare what its events add to, or give an EntityReducer"
    elif isinstance(adds, EntityReducer):
        for kind in family.types:
            names = kind.payload.__struct_fields__
            yield from _find_unknown("adds: identified_by", adds.identified_by, names)
    else:
        yield from _check_additions(family, adds)


def _check_additions(family: Family, adds: tuple[Additions, ...]) -> Iterator[Problem]:
    if {declared.payload for declared in adds} != {kind.payload for kind in family.types}:
        yield "adds", "does not declare exactly the family's types", "declare each payload once"
    for declared in adds:
        types = _field_types(declared.payload)
        if declared.month is not None and not isinstance(types.get(declared.month), inspect.StrType):
            yield (
                "adds: month",
                f"{declared.month!r} is not a text field",
                "name the field that holds a month",
            )
        for addition in declared.to:
            for field, problem, remedy in _check_addition(addition, types):
                yield f"adds: {addition.measure.name}: {field}", problem, remedy
    added = {addition.measure for declared in adds for addition in declared.to}
    for measure in added ^ set(family.measures):
        yield "adds", f"{measure.name} is not both added to and listed", "add to each measure of FAMILY"


def _check_addition(addition: Addition, types: dict[str, inspect.Type]) -> Iterator[Problem]:
    measure = addition.measure
    yield from _find_unknown("fields", addition.fields(), tuple(types))
    if len(addition.by) != len(measure.dimensions):
        names = ", ".join(dimension.name for dimension in measure.dimensions)
        yield "by", f"has {len(addition.by)} parts for {len(measure.dimensions)} dimensions", f"give {names}"
    for part in addition.by:
        name = part.field if isinstance(part, FirstCharacters) else part
        if name != SUBJECT and not isinstance(types.get(name), inspect.StrType | inspect.LiteralType):
            yield "by", f"{name} is not a text field", "name a field that always holds a text"
    yield from _check_sum(addition, types)
    if addition.takes_if is not None and not addition.adds_if:
        yield (
            "takes_if",
            "is never reached, since the event is always added",
            "state in adds_if when it is added",
        )
    for condition in (*addition.adds_if, *(addition.takes_if or ())):
        yield from _check_condition(condition, types)


def _check_sum(addition: Addition, types: dict[str, inspect.Type]) -> Iterator[Problem]:
    if isinstance(addition.sums, str):
        if not isinstance(types.get(addition.sums), inspect.VarTupleType):
            yield "sums", f"{addition.sums} does not hold a vector", "name a tuple of counts"
    elif len(addition.sums) != len(addition.measure.components):
        names = ", ".join(component.name for component in addition.measure.components)
        count = len(addition.sums)
        yield "sums", f"has {count} parts for {len(addition.measure.components)} components", f"give {names}"
    else:
        for name in addition.sums:
            if name != ONE and not isinstance(types.get(name), inspect.IntType | inspect.BoolType):
                yield "sums", f"{name} does not count", "name a field that holds a whole number or a flag"


def _check_condition(condition: Condition, types: dict[str, inspect.Type]) -> Iterator[Problem]:
    if not isinstance(condition, IsOneOf):
        return
    info = types.get(condition.field)
    for choice in info.types if isinstance(info, inspect.UnionType) else (info,):
        if isinstance(choice, inspect.LiteralType):
            for value in sorted(set(condition.values) - set(choice.values)):
                yield f"condition on {condition.field}", f"the field is never {value!r}", "check its spelling"


def _check_exports(family: Family, definition: Definition) -> Iterator[Problem]:
    for row in definition.exports:
        field = f"exports: {row.name}"
        if row.measure not in family.measures:
            yield field, f"{row.measure.name} is not a measure of the family", "export it where it belongs"
        if row.component not in [component.name for component in row.measure.components]:
            yield field, f"{row.component} is not a component of {row.measure.name}", "check its spelling"
        for dimension in row.measure.dimensions:
            if not dimension.public:
                yield field, f"its label {dimension.name} is not public", "export a measure without entities"
        if not row.help:
            yield field, "has no help", "describe the metric"


def _find_unknown(field: str, names: tuple[str, ...], choices: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if name not in choices:
            yield field, f"{name} is not a field of the payload", "check its spelling"


def _field_types(payload: type[Payload]) -> dict[str, inspect.Type]:
    """The types of the fields, without their limits."""
    return {
        field.name: info.type if isinstance(info, inspect.Metadata) else info
        for field in fields(payload)
        for info in (inspect.type_info(field.type),)
    }
