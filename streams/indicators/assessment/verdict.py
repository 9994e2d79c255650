"""The status of an indicator with a value, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tidemark.streams.indicators.paths.path import find_baseline
from tidemark.streams.indicators.targets.catalogue import Authority
from tidemark.streams.indicators.targets.goal import PLAN_END, Goal
from tidemark.streams.indicators.thresholds import EARLY_DAYS, LEAST_COMPLETE, Limits
from tidemark.streams.indicators.values.cause import Cause, Code

from .assessment import Amount, Completeness, Course, Freshness, Status
from .measuring import Provenance

Verdict = tuple[Status, Cause]

_FROM_NOTHING = frozenset({"annual_flow", "cumulative"})
"""Kinds whose value begins at 0 and only grows."""


@dataclass(frozen=True)
class VerdictBasis:
    """The basis of a verdict: a goal, the value that counts, and how far it can be relied on."""

    goal: Goal
    limits: Limits
    authority: Authority
    day: date
    provenance: Provenance
    amount: Amount
    freshness: Freshness
    completeness: Completeness
    course: Course


def judge_value(basis: VerdictBasis) -> Verdict:
    """The first rule that applies: no verdict on stale or incomplete data or too few observations; once the
    plan is over, reached or missed, or none while the official figure is awaited; no verdict without a
    baseline; reached while the target is met; no verdict in the first month of an amount that starts at 0;
    else a verdict by the pace."""
    for rule in _RULES:
        verdict = rule(basis)
        if verdict is not None:
            return verdict
    return _judge_by_pace(basis)


def _judge_staleness(basis: VerdictBasis) -> Verdict | None:
    fresh = basis.freshness
    if not fresh.stale:
        return None
    if fresh.age_s is None:
        return Status.STALE, Cause(Code.NEVER_CAME, family=fresh.family)
    age, limit = timedelta(seconds=fresh.age_s), timedelta(seconds=fresh.limit_s)
    return Status.STALE, Cause(Code.TOO_OLD, family=fresh.family, age=age, limit=limit)


def _judge_completeness(basis: VerdictBasis) -> Verdict | None:
    begins, ratio = basis.amount.begins, basis.completeness.ratio
    if begins is not None:
        return _answer_unknown(Cause(Code.BEGINS_LATE, begins=begins, first=basis.amount.first))
    if ratio is not None and ratio < LEAST_COMPLETE:
        return _answer_unknown(Cause(Code.WINDOWS_LACK, ratio=ratio, least=LEAST_COMPLETE))
    return None


def _judge_sample(basis: VerdictBasis) -> Verdict | None:
    sample = basis.amount.sample
    if sample is None or sample.n >= sample.minimum:
        return None
    return _answer_unknown(Cause(Code.SMALL_SAMPLE, n=sample.n, minimum=sample.minimum))


def _judge_after_plan(basis: VerdictBasis) -> Verdict | None:
    if basis.day <= PLAN_END:
        return None
    final = basis.provenance == "official" or basis.authority == "live"
    if not final or basis.amount.last < PLAN_END:
        return _answer_unknown(Cause(Code.AWAITING_OFFICIAL, end=PLAN_END))
    if basis.goal.is_reached_by(basis.amount.value):
        return Status.REACHED, Cause(Code.REACHED_AT_END)
    return Status.MISSED, Cause(Code.MISSED)


def _judge_baseline(basis: VerdictBasis) -> Verdict | None:
    if find_baseline(basis.goal) is not None:
        return None
    return _answer_unknown(Cause(Code.NO_BASELINE))


def _judge_target_met(basis: VerdictBasis) -> Verdict | None:
    still_counting = not basis.goal.higher_is_better and basis.goal.kind in _FROM_NOTHING
    if still_counting or not basis.goal.is_reached_by(basis.amount.value):
        return None
    return Status.REACHED, Cause(Code.REACHED)


def _judge_first_month(basis: VerdictBasis) -> Verdict | None:
    days = (basis.amount.last - basis.amount.first).days + 1
    if basis.goal.kind not in _FROM_NOTHING or days >= EARLY_DAYS:
        return None
    return _answer_unknown(Cause(Code.TOO_EARLY, days=days, first=basis.amount.first, least=EARLY_DAYS))


_RULES: tuple[Callable[[VerdictBasis], Verdict | None], ...] = (
    _judge_staleness,
    _judge_completeness,
    _judge_sample,
    _judge_after_plan,
    _judge_baseline,
    _judge_target_met,
    _judge_first_month,
)


def _judge_by_pace(basis: VerdictBasis) -> Verdict:
    index, lag_days, limits = basis.course.index, basis.course.lag_days or 0.0, basis.limits
    if index is None:
        return _judge_beside_path(basis)
    cause = (
        Cause(Code.BEHIND_PACE, index=index, lag_days=lag_days)
        if lag_days > 0
        else Cause(Code.ON_PACE, index=index)
    )
    if index < limits.critical_index or lag_days > limits.critical_lag_days:
        return Status.BEHIND, cause
    if index < limits.warn_index or lag_days > limits.warn_lag_days:
        return Status.AT_RISK, cause
    return Status.ON_TRACK, cause


def _judge_beside_path(basis: VerdictBasis) -> Verdict:
    """Where the path is at 0, as before the first milestone, there is no index; value and path are
    compared."""
    expected = basis.course.expected or 0.0
    short = expected - basis.amount.value if basis.goal.higher_is_better else basis.amount.value - expected
    if short > 0:
        return Status.BEHIND, Cause(Code.SHORT_OF_PATH, expected=expected)
    return Status.ON_TRACK, Cause(Code.ON_PATH, expected=expected)


def _answer_unknown(cause: Cause) -> Verdict:
    return Status.UNKNOWN, cause
