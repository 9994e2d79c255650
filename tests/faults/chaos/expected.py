"""What the exporter must show once all is folded, from the simulator's truth: totals that may only rise."""

from collections.abc import Mapping

from tidemark.services.cli.verification import Truth
from tidemark.services.exporter.metrics import DIVISORS
from tidemark.streams.contracts.civil import GRAIN_NAMES, Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.families.definitions import SUMS
from tidemark.streams.families.table import decode_key

Labels = frozenset[tuple[str, str]]
Series = tuple[str, Labels]
"""A metric's name and its labels."""

Shown = dict[Series, float]

FAMILIES = ("footfall", "port", "payment", "retail")
"""Families whose sums only rise as long as nothing is corrected: they count, and have no status."""
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


def sum_counters(counts: Mapping[str, Mapping[str, int]], dead: Mapping[str, int]) -> Shown:
    """The pipeline's counters, from the outcomes of each family's events, and dead letters by reason."""
    shown: Shown = {}
    for family, of_family in counts.items():
        for name in COUNTERS:
            shown[f"tidemark_events_{name}_total", frozenset({("family", family)})] = of_family.get(name, 0)
    for reason, number in dead.items():
        shown["tidemark_dead_letters_total", frozenset({("reason", reason)})] = number
    return shown


def compute_expected(truth: Truth) -> Shown:
    """The counters, and the families' sums since the plan began. Zeros are left out."""
    shown = sum_counters(truth.counts, truth.dead)
    for (measure, labels), sums in _sum_months(truth).items():
        for row in _SUMS:
            if row.measure is measure:
                at = [component.name for component in measure.components].index(row.component)
                shown[row.name, labels] = sums[at] / DIVISORS.get(measure.components[at].unit, 1)
    return {series: value for series, value in shown.items() if value}


def _sum_months(truth: Truth) -> dict[tuple[Measure, Labels], list[int]]:
    """The sums of all months, as whole numbers, since sums of fractions would differ."""
    totals: dict[tuple[Measure, Labels], list[int]] = {}
    for text, vector in truth.cells.items():
        if _MONTH in text:
            key = decode_key(text.encode())
            names = [dimension.name for dimension in key.measure.dimensions]
            labels = frozenset({*zip(names, key.dimensions, strict=True), ("period", "plan")})
            total = totals.get((key.measure, labels), [0] * len(vector))
            totals[key.measure, labels] = [a + b for a, b in zip(total, vector, strict=True)]
    return totals
