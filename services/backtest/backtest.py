"""The run: cases of held-out seeds, their scores, and the verdict."""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

import msgspec

from tidemark.streams.indicators.calendar.china import ChinaCalendar
from tidemark.streams.indicators.projection.constants import CONSTANTS
from tidemark.streams.indicators.projection.project import Range

from .cases import STRANGE, TUNED, Case, Declined, Table, project_cases
from .scores import Bin, Scores, bootstrap_errors, compute_reliability, score
from .world import Almanac

Part = TypeVar("Part", int, str, tuple[str, int])

LIMIT = 0.05
"""A calibration error of this much or more fails."""

_BOOTSTRAP_SEED = 1


class Result(msgspec.Struct, frozen=True):
    """The outcome of a backtest.

    `calibrated`: every level's calibration error is below LIMIT; `errors`: the bootstrapped 95 % range
    of each. `kinds`, `horizons` and `cells` (kind and months ahead) partition the same cases; `strange`
    are the kinds of history that no constants were fitted to, and are in none of the others.
    `declined`: cases without a projection, by history and reason.
    """

    seeds: int
    calibrated: bool
    overall: Scores
    errors: tuple[Range, ...]
    kinds: dict[str, Scores]
    horizons: dict[int, Scores]
    cells: dict[str, Scores]
    strange: dict[str, Scores]
    reliability: list[Bin]
    declined: dict[str, int]


def backtest(seeds: Sequence[int], on_seed: Callable[[], None], constants: Table = CONSTANTS) -> Result:
    """Project every case of the seeds; `on_seed` is called after each. Raises ValueError without a seed."""
    almanac = Almanac(ChinaCalendar())
    tuned: list[Case] = []
    strange: list[Case] = []
    declined: Counter[str] = Counter()
    for seed in seeds:
        for indicators, kept in ((TUNED, tuned), (STRANGE, strange)):
            for case in project_cases(seed, indicators, almanac, constants):
                if isinstance(case, Declined):
                    declined[f"{case.indicator} {case.reason.value}"] += 1
                else:
                    kept.append(case)
        on_seed()
    overall = score(tuned)
    return Result(
        seeds=len(seeds),
        calibrated=max(overall.errors) < LIMIT,
        overall=overall,
        errors=bootstrap_errors(tuned, Random(_BOOTSTRAP_SEED)),  # noqa: S311  statistics, not a secret
        kinds=_score_parts(tuned, lambda case: str(case.kind)),
        horizons=_score_parts(tuned, lambda case: case.months),
        cells={
            f"{kind} {months}": scores
            for (kind, months), scores in _score_parts(tuned, lambda case: (case.kind, case.months)).items()
        },
        strange=_score_parts(strange, lambda case: case.indicator),
        reliability=compute_reliability(tuned),
        declined=dict(sorted(declined.items())),
    )


def _score_parts(cases: Sequence[Case], by: Callable[[Case], Part]) -> dict[Part, Scores]:
    parts: dict[Part, list[Case]] = {}
    for case in cases:
        parts.setdefault(by(case), []).append(case)
    return {part: score(some) for part, some in sorted(parts.items())}
