"""The status of an indicator with a value, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .assessment import Amount, Completeness, Course, Freshness, Status, Why
from .catalogue import Authority
from .goal import PLAN_END, Goal
from .measuring import Provenance
from .paths import baseline
from .thresholds import EARLY_DAYS, LEAST_COMPLETE, Limits

Verdict = tuple[Status, Why]

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


def verdict(case: Case) -> Verdict:
    """The first that applies: no status from stale or incomplete data or few observations; once the
    plan is over reached or missed, as official figures say where there are any; none without a
    baseline; reached while the target is met; none in the first month of what begins at 0; else
    what the pace says."""
    for rule in _RULES:
        found = rule(case)
        if found is not None:
            return found
    return _by_pace(case)


def _stale(case: Case) -> Verdict | None:
    fresh = case.freshness
    if not fresh.stale:
        return None
    if fresh.age_s is None:
        return Status.STALE, Why(
            "stale", f"没有收到 {fresh.family} 类数据", f"no {fresh.family} event came in"
        )
    age, limit = span_text(fresh.age_s), span_text(fresh.limit_s)
    return Status.STALE, Why(
        "stale",
        f"{fresh.family} 类最新数据距今 {age[0]}，超过 {limit[0]}",
        f"the newest {fresh.family} event is {age[1]} old, more than {limit[1]}",
    )


def _incomplete(case: Case) -> Verdict | None:
    begins, ratio = case.amount.begins, case.completeness.ratio
    if begins is not None:
        return _unknown(
            "incomplete",
            f"数据自 {begins} 起，缺 {case.amount.first} 以来的部分",
            f"the facts begin on {begins}, those since {case.amount.first} are lacking",
        )
    if ratio is not None and ratio < LEAST_COMPLETE:
        return _unknown(
            "incomplete",
            f"仅收到应报窗口的 {ratio:.1%}，低于 {LEAST_COMPLETE:.0%}",
            f"{ratio:.1%} of the expected windows came in, less than {LEAST_COMPLETE:.0%}",
        )
    return None


def _few(case: Case) -> Verdict | None:
    sample = case.amount.sample
    if sample is None or sample.n >= sample.minimum:
        return None
    return _unknown(
        "small_sample",
        f"样本量 {sample.n}，少于 {sample.minimum}，不作判断",
        f"{sample.n} observations, fewer than the {sample.minimum} that allow a verdict",
    )


def _over(case: Case) -> Verdict | None:
    if case.day <= PLAN_END:
        return None
    final = case.provenance == "official" or case.authority == "live"
    if not final or case.amount.last < PLAN_END:
        return _unknown(
            "awaiting_official",
            f"规划期已满，等待 {PLAN_END} 的官方数据",
            f"the plan is over; the official figure of {PLAN_END} is not out yet",
        )
    if case.goal.reached(case.amount.value):
        return Status.REACHED, Why("reached", "规划期末达到目标", "the target was met at the plan's end")
    return Status.MISSED, Why("missed", "规划期末未达到目标", "the target was not met at the plan's end")


def _no_baseline(case: Case) -> Verdict | None:
    if baseline(case.goal) is not None:
        return None
    return _unknown(
        "no_baseline",
        "规划未给出基数，只显示数值与差距",
        "the plan gives no baseline, so there is a value and a distance but no path",
    )


def _reached(case: Case) -> Verdict | None:
    still_counting = not case.goal.higher_is_better and case.goal.kind in _FROM_NOTHING
    if still_counting or not case.goal.reached(case.amount.value):
        return None
    return Status.REACHED, Why("reached", "已达到目标", "the target is met")


def _early(case: Case) -> Verdict | None:
    days = (case.amount.last - case.amount.first).days + 1
    if case.goal.kind not in _FROM_NOTHING or days >= EARLY_DAYS:
        return None
    return _unknown(
        "too_early",
        f"自 {case.amount.first} 起仅 {days} 天，不足 {EARLY_DAYS} 天，不作判断",
        f"{days} days since {case.amount.first}, fewer than the {EARLY_DAYS} that allow a verdict",
    )


_RULES: tuple[Callable[[Case], Verdict | None], ...] = (
    _stale,
    _incomplete,
    _few,
    _over,
    _no_baseline,
    _reached,
    _early,
)


def _by_pace(case: Case) -> Verdict:
    index, lag_days, limits = case.course.index, case.course.lag_days or 0.0, case.limits
    if index is None:
        return _beside_path(case)
    behind = f"，落后路径 {lag_days:.0f} 天", f", {lag_days:.0f} days behind the path"
    zh, en = behind if lag_days > 0 else ("", "")
    why = Why("pace", f"进度指数 {index:.3f}{zh}", f"pace index {index:.3f}{en}")
    if index < limits.critical_index or lag_days > limits.critical_lag_days:
        return Status.BEHIND, why
    if index < limits.warn_index or lag_days > limits.warn_lag_days:
        return Status.AT_RISK, why
    return Status.ON_TRACK, why


def _beside_path(case: Case) -> Verdict:
    """Where the path stands at 0, as before the first milestone, there is no index."""
    expected = case.course.expected or 0.0
    short = expected - case.amount.value if case.goal.higher_is_better else case.amount.value - expected
    if short > 0:
        return Status.BEHIND, Why("path", f"目前应为 {expected:g}", f"{expected:g} is expected by now")
    return Status.ON_TRACK, Why(
        "path", f"目前应为 {expected:g}，已满足", f"{expected:g} is expected by now, and met"
    )


def _unknown(reason: str, zh: str, en: str) -> Verdict:
    return Status.UNKNOWN, Why(reason, zh, en)


def span_text(seconds: float) -> tuple[str, str]:
    """A length of time in the largest unit that it holds twice, in Chinese and English."""
    for zh, en, unit in (("天", "d", 86_400), ("小时", "h", 3_600), ("分钟", "min", 60)):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {zh}", f"{seconds / unit:.0f} {en}"
    return f"{seconds:.0f} 秒", f"{seconds:.0f} s"
