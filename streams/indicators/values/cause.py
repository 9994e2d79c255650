"""Why a target has no value, no projection, or the status it has: a code with its parameters.

The sentences for people are in `services.wording`.
"""

from datetime import date, timedelta
from enum import StrEnum

from tidemark.streams.contracts.civil import Grain

from .spans import Span

Parameter = str | int | float | date | timedelta | Span | Grain


class Reason(StrEnum):
    """The reason that programs read; several codes may have the same one."""

    NO_EVENTS = "no_events"
    NO_FIGURE = "no_figure"
    NOT_HELD = "not_held"
    NOT_YET = "not_yet"
    ZERO_DENOMINATOR = "zero_denominator"
    OTHER_UNIT = "other_unit"
    NO_CALIBRATION = "no_calibration"
    UNDECLARED = "undeclared"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    SMALL_SAMPLE = "small_sample"
    AWAITING_OFFICIAL = "awaiting_official"
    REACHED = "reached"
    MISSED = "missed"
    NO_BASELINE = "no_baseline"
    TOO_EARLY = "too_early"
    PACE = "pace"
    PATH = "path"
    OFFICIAL = "official"
    NO_WINDOWS = "no_windows"
    NO_SENSORS = "no_sensors"
    NOT_JUDGED = "not_judged"
    KIND = "kind"
    TOO_SHORT = "too_short"
    GAPS = "gaps"
    NO_MOVEMENT = "no_movement"
    NOT_POSITIVE = "not_positive"
    OVER = "over"


class Code(StrEnum):
    """The cause in detail; the part before the point is the reason."""

    NO_EVENT_IN_SPAN = "no_events.span"
    NO_ACTIVITY = "no_events.activity"
    NO_DEBUT_SPACE = "no_events.debut_space"
    NO_ENTITY = "no_events.entity"
    NOTHING_BEFORE = "no_events.before"
    NO_FIGURE_BY = "no_figure.by"
    NO_FIGURE_OF_MONTH = "no_figure.month"
    NO_FIGURE_OF_YEAR = "no_figure.year"
    NO_FIGURE_SINCE = "no_figure.since"
    NOT_HELD = "not_held"
    NOT_YET = "not_yet"
    ZERO_DENOMINATOR = "zero_denominator"
    OTHER_UNIT = "other_unit"
    NO_CALIBRATION = "no_calibration"
    UNDECLARED = "undeclared"
    NEVER_CAME = "stale.never"
    TOO_OLD = "stale.age"
    BEGINS_LATE = "incomplete.begins"
    WINDOWS_LACK = "incomplete.windows"
    SMALL_SAMPLE = "small_sample"
    AWAITING_OFFICIAL = "awaiting_official"
    REACHED = "reached"
    REACHED_AT_END = "reached.end"
    MISSED = "missed"
    NO_BASELINE = "no_baseline"
    TOO_EARLY = "too_early"
    ON_PACE = "pace"
    BEHIND_PACE = "pace.behind"
    SHORT_OF_PATH = "path.short"
    ON_PATH = "path.met"
    OFFICIAL = "official"
    NO_WINDOWS = "no_windows"
    NO_SENSORS = "no_sensors"
    NOT_JUDGED = "not_judged"
    NOT_PROJECTED = "kind"
    SHORT_HISTORY = "too_short"
    MONTHS_LACK = "gaps"
    NO_MOVEMENT = "no_movement"
    NOT_POSITIVE = "not_positive"
    PLAN_OVER = "over"

    @property
    def reason(self) -> Reason:
        """The reason that programs read."""
        return Reason(self.value.partition(".")[0])


class Cause:
    """A code with its parameters; durations are timedeltas."""

    __slots__ = ("code", "parameters")

    def __init__(self, code: Code, **parameters: Parameter) -> None:
        self.code = code
        self.parameters = parameters

    @property
    def reason(self) -> Reason:
        """The reason that programs read."""
        return self.code.reason

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cause) and (self.code, self.parameters) == (other.code, other.parameters)

    def __hash__(self) -> int:
        return hash((self.code, *self.parameters.items()))

    def __repr__(self) -> str:
        parameters = ", ".join(f"{name} {value}" for name, value in self.parameters.items())
        return f"{self.code.value} ({parameters})" if parameters else self.code.value
