"""A value compared with its path, and its projection."""

from dataclasses import replace
from functools import lru_cache

from tidemark.streams.indicators.paths.momentum import compute_momentum
from tidemark.streams.indicators.paths.pace import compute_pace
from tidemark.streams.indicators.paths.path import compute_expected
from tidemark.streams.indicators.paths.seasons import Season, Seasons, apply_elapsed_day
from tidemark.streams.indicators.projection.history import History, NoProjection
from tidemark.streams.indicators.projection.project import Projection, project_value
from tidemark.streams.indicators.targets.goal import Goal, Path
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.value import Value

from .assessment import Bounds, Course, Forecast
from .context import AssessmentContext


def compute_course(
    context: AssessmentContext, goal: Goal, value: Value, history: History | None, seasons: Seasons
) -> Course:
    """The course of a value on the last day of its span; of today, only the elapsed share is expected."""
    on = value.origin.span.last

    def until_now(year: int) -> Season:
        season = seasons(year)
        return apply_elapsed_day(season, on, context.elapsed_share) if on == context.upto else season

    pace = compute_pace(goal, on, float(value.amount), until_now)
    momentum = compute_momentum(goal, on, float(value.amount), history, until_now)
    variants = expand_paths(goal) if goal.kind == "stock" else {}
    by_path = {path: compute_expected(variant, on) for path, variant in variants.items()}
    season = seasons(on.year) if goal.kind == "annual_flow" else None
    return Course(
        on=on,
        expected_today=compute_expected(goal, context.upto, until_now),
        level=pace.level,
        distance=pace.distance,
        progress=pace.progress,
        expected=pace.expected,
        linear=by_path.get("linear"),
        geometric=by_path.get("geometric"),
        index=pace.index,
        previous_index=momentum.previous,
        short_index=momentum.short,
        long_index=momentum.long,
        lag_days=pace.lag_days,
        required_per_day=pace.required_per_day,
        season=season.basis if season else None,
        warnings=season.warnings if season else (),
    )


def expand_paths(goal: Goal) -> dict[Path, Goal]:
    """The goal by path: its own; for a stock the linear one and, where baseline and target are above 0, the
    geometric one."""
    if goal.kind != "stock" or goal.path == "milestone":
        return {goal.path: goal}
    paths: tuple[Path, ...] = (
        ("linear", "geometric") if (goal.baseline or 0) > 0 < goal.target else ("linear",)
    )
    return {path: replace(goal, path=path) for path in paths}


def forecast_value(goal: Goal, history: History | None) -> Forecast | Cause:
    """The projection of a history to the end of 2030, or why there is none."""
    if history is None:
        return explain_no_history(goal)
    projection = _project_cached(goal, history.first, tuple(history.values))
    if isinstance(projection, NoProjection):
        return _CAUSES[projection]
    p50, p80, p95 = (Bounds(*interval) for interval in projection.ranges)
    return Forecast(projection.median, p50, p80, p95, projection.probability)


@lru_cache(maxsize=1 << 9)
def _project_cached(goal: Goal, first: int, values: tuple[float | None, ...]) -> Projection | NoProjection:
    """Cached: an exporter assesses every few seconds, and a history changes once a month."""
    return project_value(goal, History(first, values))


def explain_no_history(goal: Goal) -> Cause:
    """Why there is no projection where there is no history."""
    unprojected = goal.kind in _UNPROJECTED or goal.path == "milestone"
    return _CAUSES[NoProjection.KIND if unprojected else NoProjection.TOO_SHORT]


_UNPROJECTED = frozenset({"rank", "growth", "ambiguous"})
_CAUSES = {
    NoProjection.KIND: Cause(Code.NOT_PROJECTED),
    NoProjection.TOO_SHORT: Cause(Code.SHORT_HISTORY),
    NoProjection.GAPS: Cause(Code.MONTHS_LACK),
    NoProjection.NO_MOVEMENT: Cause(Code.NO_MOVEMENT),
    NoProjection.NOT_POSITIVE: Cause(Code.NOT_POSITIVE),
    NoProjection.OVER: Cause(Code.PLAN_OVER),
}
