"""The families' definitions, and the tables that are derived from them.

The simulator may not import this: its ground truth must be independent.
"""

from importlib import import_module

from tidemark.streams.contracts.additions import AdditiveReducer, compile_additions
from tidemark.streams.contracts.definition import Definition, EntityReducer, Sum
from tidemark.streams.contracts.family import DAY, EventType
from tidemark.streams.contracts.text import Text

from .checking import FamilyInvalid, check_definition
from .table import EVENT_TYPES, FAMILIES, MEASURES


def _load(name: str) -> Definition:
    """Raises FamilyInvalid, also for a field that the definition leaves out."""
    try:
        definition: Definition = import_module(f"{__package__}.{name}.definition").DEFINITION
    except (ImportError, AttributeError, TypeError) as error:
        raise FamilyInvalid(name, "definition", str(error), "compare it with another family's") from error
    return definition


DEFINITIONS: dict[str, Definition] = {family.name: _load(family.name) for family in FAMILIES}

for _family in FAMILIES:
    check_definition(_family, DEFINITIONS[_family.name])

ENTITY_REDUCERS: dict[str, EntityReducer] = {
    name: definition.adds
    for name, definition in DEFINITIONS.items()
    if isinstance(definition.adds, EntityReducer)
}
"""By family."""

ADDITIVE_REDUCERS: dict[EventType, AdditiveReducer] = {
    kind: compile_additions(kind, declared)
    for definition in DEFINITIONS.values()
    if isinstance(definition.adds, tuple)
    for declared in definition.adds
    for kind in EVENT_TYPES
    if kind.payload is declared.payload
}

FAMILY_NAMES: dict[str, Text] = {name: definition.name for name, definition in DEFINITIONS.items()}

SUMS: tuple[Sum, ...] = tuple(
    row for name in dict.fromkeys(measure.family for measure in MEASURES) for row in DEFINITIONS[name].exports
)
"""Every exported total, in the order of the measures."""

STALE_AFTER_MS: dict[str, int] = {
    name: definition.stale_after_ms
    for name, definition in DEFINITIONS.items()
    if definition.stale_after_ms is not None and definition.stale_alert
}
"""By family: the limits of the alert FeedStale (docs/reference/alerts.md); other families have no alert."""


def stale_after_ms(family: str) -> int:
    """How old a feed's newest event may be before its numbers count as stale."""
    definition = DEFINITIONS.get(family)
    return (definition.stale_after_ms if definition else None) or 7 * DAY
