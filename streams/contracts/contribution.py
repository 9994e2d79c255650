"""What a reducer returns: which cells an event or an entity adds to, and what."""

from collections.abc import Iterable, Sequence

from .civil import Periods
from .family import Measure
from .published import Vector

Contribution = tuple[Measure, Periods, tuple[str, ...], Vector]
"""(measure, the periods it belongs to, dimension values in the measure's order, vector).

A plain tuple: the fold makes a million of them a minute."""


def negated(contributions: Iterable[Contribution]) -> list[Contribution]:
    """The contributions that take the given ones back."""
    return [
        (measure, when, dimensions, tuple([-number for number in vector]))
        for measure, when, dimensions, vector in contributions
    ]


def difference(after: Sequence[Contribution], before: Sequence[Contribution]) -> Sequence[Contribution]:
    """What to add so that cells that held `before` hold `after`; what both have is left out."""
    if not before:
        return after
    gone = list(before)
    added = []
    for contribution in after:
        if contribution in gone:
            gone.remove(contribution)
        else:
            added.append(contribution)
    return added + negated(gone)
