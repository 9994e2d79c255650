"""A value beside its path, and where it is going."""

from dataclasses import replace
from functools import lru_cache

from tidemark.streams.indicators.paths.momentum import momentum
from tidemark.streams.indicators.paths.pace import pace
from tidemark.streams.indicators.paths.path import expected
from tidemark.streams.indicators.paths.seasons import Season, Seasons, part_of_day
from tidemark.streams.indicators.projection.history import History, NoProjection
from tidemark.streams.indicators.projection.project import Projection, project
from tidemark.streams.indicators.targets.goal import Goal, Path
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import Value

from .assessment import Bounds, Course, Forecast
from .context import Scene


def course(scene: Scene, goal: Goal, value: Value, history: History | None, seasons: Seasons) -> Course:
    """The pace of a value on the last day that it is of; of today so much is expected as is over."""
    on = value.origin.span.last

    def until_now(year: int) -> Season:
        season = seasons(year)
        return part_of_day(season, on, scene.elapsed) if on == scene.upto else season

    found = pace(goal, on, float(value.amount), until_now)
    since = momentum(goal, on, float(value.amount), history, until_now)
    both = on_paths(goal) if goal.kind == "stock" else {}
    beside = {path: expected(one, on) for path, one in both.items()}
    season = seasons(on.year) if goal.kind == "annual_flow" else None
    return Course(
        on=on,
        expected_today=expected(goal, scene.upto, until_now),
        level=found.level,
        distance=found.distance,
        progress=found.progress,
        expected=found.expected,
        linear=beside.get("linear"),
        geometric=beside.get("geometric"),
        index=found.index,
        previous_index=since.previous,
        short_index=since.short,
        long_index=since.long,
        lag_days=found.lag_days,
        required_per_day=None if found.required is None else found.required.per_day,
        season=season.basis if season else None,
        warnings=season.warnings if season else (),
    )


def on_paths(goal: Goal) -> dict[Path, Goal]:
    """The goal by its path; a stock on the linear and, where it begins above 0, on the geometric one."""
    if goal.kind != "stock" or goal.path == "milestone":
        return {goal.path: goal}
    paths: tuple[Path, ...] = (
        ("linear", "geometric") if (goal.baseline or 0) > 0 < goal.target else ("linear",)
    )
    return {path: replace(goal, path=path) for path in paths}


def forecast(goal: Goal, history: History | None) -> Forecast | Cause:
    """The projection of a history to the end of 2030, or why there is none."""
    if history is None:
        return no_history(goal)
    found = _projected(goal, history.first, tuple(history.values))
    if isinstance(found, NoProjection):
        return _NONE[found]
    p50, p80, p95 = (Bounds(*one) for one in found.ranges)
    return Forecast(found.median, p50, p80, p95, found.probability)


@lru_cache(maxsize=1 << 9)
def _projected(goal: Goal, first: int, values: tuple[float | None, ...]) -> Projection | NoProjection:
    """Remembered: an exporter assesses every few seconds, and a history changes once a month."""
    return project(goal, History(first, values))


def no_history(goal: Goal) -> Cause:
    """Why nothing is projected where there is no value."""
    unprojected = goal.kind in _UNPROJECTED or goal.path == "milestone"
    return _NONE[NoProjection.KIND if unprojected else NoProjection.TOO_SHORT]


_UNPROJECTED = frozenset({"rank", "growth", "ambiguous"})
_NONE = {
    NoProjection.KIND: Cause(Code.NOT_PROJECTED),
    NoProjection.TOO_SHORT: Cause(Code.SHORT_HISTORY),
    NoProjection.GAPS: Cause(Code.MONTHS_LACK),
    NoProjection.NO_MOVEMENT: Cause(Code.NO_MOVEMENT),
    NoProjection.NOT_POSITIVE: Cause(Code.NOT_POSITIVE),
    NoProjection.OVER: Cause(Code.PLAN_OVER),
}
