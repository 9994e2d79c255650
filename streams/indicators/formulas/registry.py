"""Targets counted in the registry: shops, spaces, brands, firms, and what merchants offer."""

from typing import Annotated

from msgspec import Meta

from tidemark.streams.families.registry import Capability, EntityClass
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.values.cause import Code
from tidemark.streams.indicators.values.spans import Span, stock_at
from tidemark.streams.indicators.values.value import (
    Absent,
    NoValue,
    Origin,
    Share,
    Value,
    build_count,
    build_share,
    return_absent,
)
from tidemark.streams.view.entities import Registration

from .formula import Formula


class Registered(Formula, frozen=True, tag="registered"):
    """Entities of a class (type registry.entity_changed), in `count`.

    As a stock: those whose entry in force on the day is active. Over days: those that became active for the
    first time within them, whether or not they still are.
    """

    family = "registry"
    entity_class: EntityClass

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent where no entity of the class was ever registered."""
        entries = _read_registrations(reading, self.entity_class)
        if span.basis == "stock":
            number = sum(entry.active_at(span.last) for entry in entries)
            words = f"registry records, {self.entity_class}, active {span}"
        else:
            number = sum(
                entry.active_since is not None and span.first <= entry.active_since <= span.last
                for entry in entries
            )
            words = f"registry records, {self.entity_class}, active for the first time from {span}"
        return build_count(number, Origin(span, words, ("registry",)))


class CapabilityShare(Formula, frozen=True, tag="capability_share"):
    """Merchants that offer all of the capabilities ÷ merchants, both active on the span's last day, in
    percent. The registry does not distinguish key merchants or restaurants from others."""

    family = "registry"
    capabilities: Annotated[tuple[Capability, ...], Meta(min_length=1)]

    @return_absent
    def value(self, reading: Reading, span: Span) -> Share:
        """Absent where no merchant is active."""
        states = [merchant.at(span.last) for merchant in _read_registrations(reading, "merchant")]
        active = [state for state in states if state is not None and state.status == "active"]
        offering = sum(set(self.capabilities) <= set(state.capabilities) for state in active)
        words = f"registry records, active merchants that offer {', '.join(self.capabilities)}"
        return build_share(offering, len(active), Origin(stock_at(span.last), words, ("registry",)))


def _read_registrations(reading: Reading, entity_class: EntityClass) -> list[Registration]:
    entries = reading.registrations.get(entity_class)
    if not entries:
        raise NoValue(Absent(Code.NO_ENTITY, entity_class=entity_class))
    return entries
