"""What the exporter shows once all is folded, from the simulator's truth: totals that may only rise."""

from services.exporter.metrics import DIVISORS, SUMS
from services.simulator.truth import Truth
from streams.contracts.civil import GRAIN_NAMES, Grain
from streams.contracts.published import decode_key

Series = tuple[str, frozenset[tuple[str, str]]]
"""A metric's name and its labels."""

Shown = dict[Series, float]

FAMILIES = ("footfall", "port", "payment", "retail")
"""Whose sums only rise as long as nothing is corrected: they count, and know no status."""
COUNTERS = ("accepted", "duplicate", "future")
_MONTH = f'"{GRAIN_NAMES[Grain.MONTH]}"'
_SUMS = [row for row in SUMS if row.measure.family in FAMILIES]
NAMES = frozenset(
    [
        "tidemark_dead_letters_total",
        *(f"tidemark_events_{name}_total" for name in COUNTERS),
        *(row.name for row in _SUMS),
    ]
)


def expected(truth: Truth) -> Shown:
    """The pipeline's counters, and those families' sums since the plan began. Zeros are left out."""
    shown: Shown = {}
    for family, counts in truth.counts.items():
        for name in COUNTERS:
            shown[f"tidemark_events_{name}_total", frozenset({("family", family)})] = counts[name]
    for reason, number in truth.dead.items():
        shown["tidemark_dead_letters_total", frozenset({("reason", reason)})] = number
    for text, vector in truth.cells().items():
        if _MONTH not in text:
            continue
        key = decode_key(text.encode())
        names = [component.name for component in key.measure.components]
        dimensions = [dimension.name for dimension in key.measure.dimensions]
        labels = frozenset({*zip(dimensions, key.dimensions, strict=True), ("period", "plan")})
        for row in _SUMS:
            if row.measure is key.measure:
                at = names.index(row.component)
                divisor = DIVISORS.get(key.measure.components[at].unit, 1)
                shown[row.name, labels] = shown.get((row.name, labels), 0) + vector[at] / divisor
    return {series: value for series, value in shown.items() if value}
