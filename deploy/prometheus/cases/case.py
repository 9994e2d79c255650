"""One case of an alert: what Prometheus sees, and which alerts must then be firing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Value = float | str | None
"""A number that stays, promtool's notation with `*` for "to the end", or None for no such series."""

Series = Mapping[str, tuple[str, Value]]
"""What there is to see by a short name: the series, and its usual value."""

DAY_S = 86_400
DAY_M = 24 * 60


class Kind(StrEnum):
    """Why there is the case."""

    FIRES = "fires"
    BELOW = "stays silent just below"
    GUARDED = "is kept silent by a guard"


class Firing(NamedTuple):
    """An alert that must be firing: its severity and labels, but layer and audience."""

    severity: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """`what` says in words what is seen; `minutes` is how long until it is judged."""

    alert: str
    kind: Kind
    what: str
    seen: Mapping[str, Value]
    firing: tuple[Firing, ...]
    minutes: int


@dataclass(frozen=True, kw_only=True)
class AlertCases:
    """The cases of one alert: `series` is what is seen in all of them, but for what a case says
    otherwise; `labels` is what its alerts carry beside severity, layer and audience."""

    alert: str
    series: Series
    labels: Mapping[str, str]
    minutes: int = 30

    def fires(self, what: str, severities: str, **seen: Value) -> Case:
        """The severities, separated by a space, must fire."""
        firing = tuple(Firing(severity, self.labels) for severity in severities.split())
        return Case(self.alert, Kind.FIRES, what, self._merge_seen(seen), firing, self.minutes)

    def below(self, what: str, **seen: Value) -> Case:
        """Nothing may fire, though little is missing."""
        return Case(self.alert, Kind.BELOW, what, self._merge_seen(seen), (), self.minutes)

    def is_guarded(self, what: str, **seen: Value) -> Case:
        """Nothing may fire, though the number is beyond its limit."""
        return Case(self.alert, Kind.GUARDED, what, self._merge_seen(seen), (), self.minutes)

    def _merge_seen(self, seen: Mapping[str, Value]) -> dict[str, Value]:
        """Raises KeyError when a case names what its alert does not see."""
        given = {self.series[name][0]: value for name, value in seen.items()}
        return dict(self.series.values()) | given


LEDGER: Series = {
    "waiting": ('tidemark_ledger_lag_records{partition="0"}', 0),
    "position": ('tidemark_ledger_position_offset{partition="0"}', "0+10x*"),
}

STOPPED = {"waiting": 5, "position": 10}
"""What is seen of a ledger that does not move though records wait."""


def build_feed(family: str, limit_s: float) -> Series:
    """A feed whose newest event is a second old, and the ledger."""
    of = f'{{family="{family}"}}'
    return {
        "age": (f"tidemark_newest_event_age_seconds{of}", 1),
        "age_limit": (f"tidemark_feed_age_limit_seconds{of}", limit_s),
        **LEDGER,
    }
