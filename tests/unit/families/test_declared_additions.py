"""Declared additions add what the hand-written functions before them added, event by event."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.events import START, payloads
from tests.support.reference_reducers import REFERENCES
from tidemark.streams.contracts.additions import AdditiveReducer, compile_additions
from tidemark.streams.contracts.civil import Civil, millis
from tidemark.streams.contracts.definition import Addition, Additions
from tidemark.streams.contracts.facts import Contribution
from tidemark.streams.contracts.family import EventType, Measure
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families.definitions import ADDITIVE_REDUCERS, DEFINITIONS
from tidemark.streams.families.table import FAMILY_OF

CIVIL = Civil("Asia/Shanghai")
SUBJECTS = st.sampled_from(["mall.a", "debut.b", "debut", "port.c"])
KINDS = pytest.mark.parametrize("kind", ADDITIVE_REDUCERS, ids=lambda kind: kind.name)


@st.composite
def any_payload(draw: st.DrawFn, kind: EventType) -> Any:
    """A payload with any previous status that the rules allow, and sometimes without a histogram."""
    payload = draw(payloads(kind))
    if "previous" in payload.__struct_fields__:
        choices = next(field.type for field in msgspec.structs.fields(payload) if field.name == "previous")
        before = [None, *(value for choice in get_args(choices) for value in get_args(choice))]
        return draw(st.sampled_from([p for value in before if (p := _with_previous(payload, value))]))
    if "auth_ms_histogram" in payload.__struct_fields__ and draw(st.booleans()):
        return msgspec.structs.replace(payload, auth_ms_histogram=())
    return payload


def _with_previous(payload: Any, value: str | None) -> Any:
    try:
        return msgspec.structs.replace(payload, previous=value)
    except ValueError:
        return None


def _show_contributions(contributions: Any) -> list[str]:
    """As texts, in which True differs from 1."""
    return [_show(contribution) for contribution in contributions]


def _show(contribution: Contribution) -> str:
    measure, when, dimensions, vector = contribution
    return f"{measure.name} {when} {dimensions} {vector}"


def _compare_with_reference(kind: EventType, reducer: AdditiveReducer) -> Callable[[Any], None]:
    reference = REFERENCES[kind.name]

    def check(data: Any) -> None:
        payload, subject = data.draw(any_payload(kind)), data.draw(SUBJECTS)
        at_ms = reference.event_time_ms(payload, millis(START), CIVIL)
        assert reducer.event_time_ms(payload, millis(START), CIVIL) == at_ms
        when = CIVIL.periods(at_ms)
        expected = reference.contributions(payload, subject, when)
        assert _show_contributions(reducer.contributions(payload, subject, when)) == _show_contributions(
            expected
        )

    return check


def test_every_declared_type_has_its_reference():
    assert {kind.name for kind in ADDITIVE_REDUCERS} == REFERENCES.keys()


def _is_plain(value: Any) -> bool:
    """Whether it is text, a whole number, a measure or a payload type, or dataclasses and tuples of these."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    if is_dataclass(value) and not isinstance(value, type | Measure):
        return all(_is_plain(getattr(value, field.name)) for field in fields(value))
    is_payload = isinstance(value, type) and issubclass(value, Payload)
    return value is None or is_payload or isinstance(value, str | int | Measure)


@KINDS
def test_declarations_are_data_that_another_core_can_read(kind):
    assert _is_plain(_read_declared(kind))
    assert _is_plain(kind.keyed_by)
    assert _is_plain(kind.payload.rules)
    assert not _is_plain(replace(_read_declared(kind), month=lambda payload: payload.period))


@KINDS
@given(data=st.data())
def test_a_declaration_adds_what_its_reference_adds(kind, data):
    _compare_with_reference(kind, ADDITIVE_REDUCERS[kind])(data)


def _read_declared(kind: EventType) -> Additions:
    adds = DEFINITIONS[FAMILY_OF[kind].name].adds
    assert isinstance(adds, tuple)
    return next(declared for declared in adds if declared.payload is kind.payload)


def _list_faults(addition: Addition) -> Iterator[tuple[str, Addition | None]]:
    """Likely mistakes: a sign, a condition, the order of sums or dimensions."""
    yield "omitted", None
    if addition.takes_if is not None:
        yield "wrong sign", replace(addition, adds_if=addition.takes_if, takes_if=addition.adds_if)
        yield "never subtracted", replace(addition, takes_if=None)
    for n, condition in enumerate(addition.adds_if):
        rest = addition.adds_if[:n] + addition.adds_if[n + 1 :]
        yield f"without {condition}", replace(addition, adds_if=rest)
    for n, condition in enumerate(addition.takes_if or ()):
        rest = (addition.takes_if or ())[:n] + (addition.takes_if or ())[n + 1 :]
        yield f"subtracted without {condition}", replace(addition, takes_if=rest)
    if isinstance(addition.sums, tuple):
        yield "sums the wrong way round", replace(addition, sums=addition.sums[::-1])
    if len(addition.by) > 1:
        yield "dimensions the wrong way round", replace(addition, by=addition.by[::-1])


def _list_mutants() -> Iterator[Any]:
    for kind in ADDITIVE_REDUCERS:
        declared = _read_declared(kind)
        for n, addition in enumerate(declared.to):
            for fault, wrong in _list_faults(addition):
                to = (*declared.to[:n], *([wrong] if wrong else []), *declared.to[n + 1 :])
                if to:
                    name = f"{addition.measure.name}: {fault}"
                    yield pytest.param(kind, replace(declared, to=to), id=name)
        if declared.month is not None:
            yield pytest.param(kind, replace(declared, month=None), id=f"{kind.name}: by time")


@pytest.mark.parametrize(("kind", "wrong"), list(_list_mutants()))
def test_a_wrong_declaration_is_caught(kind, wrong):
    """Negative control."""
    check = _compare_with_reference(kind, compile_additions(kind, wrong))
    broken = given(st.data())(check)
    with pytest.raises(AssertionError):
        settings(phases=[Phase.generate], max_examples=400, database=None)(broken)()
