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
class Case:
    """What a verdict is about: a goal, the value that counts, and how much that can be relied on."""

    goal: Goal
    limits: Limits
    authority: Authority
    day: date
    provenance: Provenance
    amount: Amount
    freshness: Freshness
    completeness: Completeness
    course: Course


def judge_case(case: Case) -> Verdict:
    """The first that applies: no status from stale or incomplete data or few observations; once the
    plan is over reached or missed, as official figures say where there are any; none without a
    baseline; reached while the target is met; none in the first month of what begins at 0; else
    what the pace says."""
    for rule in _RULES:
        verdict = rule(case)
        if verdict is not None:
            return verdict
    return _judge_by_pace(case)


def _judge_staleness(case: Case) -> Verdict | None:
    fresh = case.freshness
    if not fresh.stale:
        return None
    if fresh.age_s is None:
        return Status.STALE, Cause(Code.NEVER_CAME, family=fresh.family)
    age, limit = timedelta(seconds=fresh.age_s), timedelta(seconds=fresh.limit_s)
    return Status.STALE, Cause(Code.TOO_OLD, family=fresh.family, age=age, limit=limit)


def _judge_completeness(case: Case) -> Verdict | None:
    begins, ratio = case.amount.begins, case.completeness.ratio
    if begins is not None:
        return _answer_unknown(Cause(Code.BEGINS_LATE, begins=begins, first=case.amount.first))
    if ratio is not None and ratio < LEAST_COMPLETE:
        return _answer_unknown(Cause(Code.WINDOWS_LACK, ratio=ratio, least=LEAST_COMPLETE))
    return None


def _judge_sample(case: Case) -> Verdict | None:
    sample = case.amount.sample
    if sample is None or sample.n >= sample.minimum:
        return None
    return _answer_unknown(Cause(Code.SMALL_SAMPLE, n=sample.n, minimum=sample.minimum))


def _judge_after_plan(case: Case) -> Verdict | None:
    if case.day <= PLAN_END:
        return None
    final = case.provenance == "official" or case.authority == "live"
    if not final or case.amount.last < PLAN_END:
        return _answer_unknown(Cause(Code.AWAITING_OFFICIAL, end=PLAN_END))
    if case.goal.is_reached_by(case.amount.value):
        return Status.REACHED, Cause(Code.REACHED_AT_END)
    return Status.MISSED, Cause(Code.MISSED)


def _judge_baseline(case: Case) -> Verdict | None:
    if find_baseline(case.goal) is not None:
        return None
    return _answer_unknown(Cause(Code.NO_BASELINE))


def _judge_target_met(case: Case) -> Verdict | None:
    still_counting = not case.goal.higher_is_better and case.goal.kind in _FROM_NOTHING
    if still_counting or not case.goal.is_reached_by(case.amount.value):
        return None
    return Status.REACHED, Cause(Code.REACHED)


def _judge_first_month(case: Case) -> Verdict | None:
    days = (case.amount.last - case.amount.first).days + 1
    if case.goal.kind not in _FROM_NOTHING or days >= EARLY_DAYS:
        return None
    return _answer_unknown(Cause(Code.TOO_EARLY, days=days, first=case.amount.first, least=EARLY_DAYS))


_RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _judge_staleness,
    _judge_completeness,
    _judge_sample,
    _judge_after_plan,
    _judge_baseline,
    _judge_target_met,
    _judge_first_month,
)


def _judge_by_pace(case: Case) -> Verdict:
    index, lag_days, limits = case.course.index, case.course.lag_days or 0.0, case.limits
    if index is None:
        return _judge_beside_path(case)
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


def _judge_beside_path(case: Case) -> Verdict:
    """Where the path stands at 0, as before the first milestone, there is no index."""
    expected = case.course.expected or 0.0
    short = expected - case.amount.value if case.goal.higher_is_better else case.amount.value - expected
    if short > 0:
        return Status.BEHIND, Cause(Code.SHORT_OF_PATH, expected=expected)
    return Status.ON_TRACK, Cause(Code.ON_PATH, expected=expected)


def _answer_unknown(cause: Cause) -> Verdict:
    return Status.UNKNOWN, cause
