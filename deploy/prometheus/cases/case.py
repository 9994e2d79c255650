"""A case of an alert: the series that Prometheus sees, and the alerts that must then be firing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Value = float | str | None
"""A constant number, promtool's notation with `*` for "to the end", or None for an absent series."""

Series = Mapping[str, tuple[str, Value]]
"""Series by a short name: the selector, and the usual value."""

DAY_S = 86_400
DAY_M = 24 * 60


class Kind(StrEnum):
    """What the case demonstrates."""

    FIRES = "fires"
    BELOW = "stays silent just below"
    GUARDED = "is kept silent by a guard"


class Firing(NamedTuple):
    """An alert that must be firing: its severity, and its labels without layer and audience."""

    severity: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """`what` describes the case in words; `minutes` is when the alerts are evaluated."""

    alert: str
    kind: Kind
    what: str
    seen: Mapping[str, Value]
    firing: tuple[Firing, ...]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class AlertCases:
    """Builds the cases of one alert. `series`: the series of every case, whose values a case may override;
    `labels`: the labels of its alerts besides severity, layer and audience."""

    alert: str
    series: Series
    labels: Mapping[str, str]
    minutes: int = 30

    def fires(self, what: str, severities: str, **seen: Value) -> Case:
        """A case in which the severities, separated by spaces, must fire."""
        firing = tuple(Firing(severity, self.labels) for severity in severities.split())
        return Case(self.alert, Kind.FIRES, what, self._merge_seen(seen), firing, self.minutes)

    def below(self, what: str, **seen: Value) -> Case:
        """A case just within the limit: nothing may fire."""
        return Case(self.alert, Kind.BELOW, what, self._merge_seen(seen), (), self.minutes)

    def is_guarded(self, what: str, **seen: Value) -> Case:
        """A case beyond the limit in which a guard must keep the alert silent."""
        return Case(self.alert, Kind.GUARDED, what, self._merge_seen(seen), (), self.minutes)

    def _merge_seen(self, seen: Mapping[str, Value]) -> dict[str, Value]:
        """Raises KeyError for a name that is not among the alert's series."""
        overrides = {self.series[name][0]: value for name, value in seen.items()}
        return dict(self.series.values()) | overrides


LEDGER: Series = {
    "waiting": ('tidemark_ledger_lag_records{partition="0"}', 0),
    "position": ('tidemark_ledger_position_offset{partition="0"}', "0+10x*"),
}

STOPPED = {"waiting": 5, "position": 10}
"""The values of a ledger that does not advance although records wait."""


def build_feed(family: str, limit_s: float) -> Series:
    """A feed whose newest event is a second old, and a ledger that runs."""
    of = f'{{family="{family}"}}'
    return {
        "age": (f"tidemark_newest_event_age_seconds{of}", 1),
        "age_limit": (f"tidemark_feed_age_limit_seconds{of}", limit_s),
        **LEDGER,
    }
