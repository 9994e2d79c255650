"""The facts of a report, computed once; the writers only lay them out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import Feed
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.assessment.assessment import Assessment, Course, Status
from tidemark.streams.indicators.paths.path import find_baseline
from tidemark.streams.indicators.targets.catalogue import Catalogue, Indicator, Section
from tidemark.streams.indicators.targets.goal import PLAN_START

from .curves import Curve, build_curve
from .period import Period

VERDICTS = (Status.REACHED, Status.ON_TRACK, Status.AT_RISK, Status.BEHIND, Status.MISSED)
BEHIND = (Status.MISSED, Status.BEHIND, Status.AT_RISK)
MOVERS = 20
MAIN_SECTION = "二(三)"
"""The section of the plan's table 1."""

_NO_COURSE = Course(
    on=PLAN_START, expected_today=None, level=None, distance=None, progress=None, expected=None, linear=None,
    geometric=None, index=None, lag_days=None, required_per_day=None,
)  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """What a report was created from, and when. `positions` and `lags` are by partition; `dead` counts
    the dead letters by reason, `dead_families` by the family that their bytes name. `as_of`: official
    figures published by the end of this day are used; `at`: when the report was created."""

    log: str
    district: Text
    identity: LogIdentity
    generation: int
    fold_versions: tuple[int, ...]
    positions: tuple[int, ...]
    lags: tuple[int, ...]
    feeds: Mapping[str, Feed]
    dead: Mapping[str, int]
    dead_families: Mapping[str, int]
    as_of: date
    at: datetime
    version: str

    @property
    def simulated(self) -> bool:
        """Whether any of the events may be simulated."""
        return self.identity.content != "real"


@dataclass(frozen=True)
class Target:
    """A target of the plan with its number in the report, assessed on the report's day and on the
    day before the period."""

    number: int
    section: Section
    indicator: Indicator
    now: Assessment
    before: Assessment

    @property
    def judged(self) -> bool:
        """Whether there is a verdict."""
        return self.now.status in VERDICTS

    @property
    def course(self) -> Course:
        """The value against its path; without a value or a path every field is None."""
        return self.now.course or _NO_COURSE

    @property
    def progress(self) -> float | None:
        """0 at the baseline, 1 at the target."""
        return self.course.progress

    @property
    def progress_before(self) -> float | None:
        """The progress on the day before the period. At the start of the plan every path is at its
        baseline, so the progress there is 0 unless it was measured."""
        return 0.0 if self._begins else (self.before.course or _NO_COURSE).progress

    @property
    def level_before(self) -> float | None:
        """The level from which `progress_before` follows, in the indicator's unit."""
        baseline = find_baseline(self.indicator.goal)
        return baseline.value if baseline and self._begins else (self.before.course or _NO_COURSE).level

    @property
    def _begins(self) -> bool:
        """Whether the path starts on the day before the period, and no progress was measured on it."""
        has_progress = self.before.course is not None and self.before.course.progress is not None
        return (
            not has_progress
            and self.before.day <= PLAN_START
            and find_baseline(self.indicator.goal) is not None
        )

    @property
    def moved(self) -> float | None:
        """The change of the progress in the period; None unless both ends are known and the end has a
        verdict."""
        if self.progress is None or self.progress_before is None or not self.judged:
            return None
        return self.progress - self.progress_before

    @property
    def shortfall(self) -> float | None:
        """How far the value is behind its path, in the indicator's unit; negative when ahead."""
        if self.now.amount is None or self.course.expected is None:
            return None
        gap = self.course.expected - self.now.amount.value
        return gap if self.indicator.goal.higher_is_better else -gap


@dataclass(frozen=True)
class Report:
    """A report. `targets` are in the order of the plan, `curves` those of its main targets."""

    period: Period
    day: date
    made: Provenance
    targets: tuple[Target, ...]
    curves: tuple[Curve, ...]

    @property
    def moment(self) -> datetime:
        """The end of the report's day, or when the report was created if that is earlier."""
        zone = ZoneInfo(self.made.identity.zone)
        return min(datetime.combine(self.day + timedelta(days=1), time(), zone), self.made.at)

    @property
    def counts(self) -> Counter[Status]:
        """The number of targets by status."""
        return Counter(target.now.status for target in self.targets)

    @property
    def counts_before(self) -> Counter[Status]:
        """The same on the day before the period."""
        return Counter(target.before.status for target in self.targets)

    @property
    def sections(self) -> dict[str, list[Target]]:
        """The targets by the number of their section of the plan."""
        sections: dict[str, list[Target]] = {}
        for target in self.targets:
            sections.setdefault(target.section.number, []).append(target)
        return sections

    @property
    def movers(self) -> list[Target]:
        """The targets whose progress changed most in the period, either way, at most MOVERS."""
        moved = [target for target in self.targets if target.moved]
        return sorted(moved, key=lambda target: (-abs(target.moved or 0), target.number))[:MOVERS]

    @property
    def behind(self) -> list[Target]:
        """Targets missed, behind or at risk: the worst status first, then by pace index."""
        behind = [target for target in self.targets if target.now.status in BEHIND]
        return sorted(
            behind, key=lambda target: (BEHIND.index(target.now.status), _sort_index(target), target.number)
        )

    @property
    def unjudged(self) -> list[Target]:
        """Targets without a verdict, by status and reason."""
        unjudged = [target for target in self.targets if not target.judged]
        return sorted(unjudged, key=lambda target: (target.now.status, target.now.why.reason, target.number))


def build_report(
    catalogue: Catalogue, period: Period, days: Mapping[date, Mapping[str, Assessment]], made: Provenance
) -> Report:
    """The report from assessments by day and id: those of the last day, of `period.before`, and of the
    ends of months, for the curves. Raises KeyError where an assessment is missing."""
    day = max(days)
    now, before = days[day], days[period.before]
    pairs = [
        (section, indicator) for section in catalogue.sections.values() for indicator in section.indicator
    ]
    targets = tuple(
        Target(number, section, indicator, now[indicator.id], before[indicator.id])
        for number, (section, indicator) in enumerate(pairs, 1)
    )
    main = [indicator for section, indicator in pairs if section.number == MAIN_SECTION]
    curves = (build_curve(indicator, [days[end][indicator.id] for end in sorted(days)]) for indicator in main)
    return Report(period, day, made, targets, tuple(drawing for drawing in curves if drawing is not None))


def compute_median_progress(targets: Sequence[Target]) -> float | None:
    """The median progress of those that have one."""
    progress = [target.progress for target in targets if target.progress is not None]
    return median(progress) if progress else None


def _sort_index(target: Target) -> float:
    return 0.0 if target.course.index is None else target.course.index
