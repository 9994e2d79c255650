"""Which alert goes to whom, how soon, and how often again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tidemark.deploy.prometheus.condition import Severity
from tidemark.deploy.prometheus.tidemark import WATCHDOG
from tidemark.services.gazetteer import Place

from .audiences import AUDIENCES, Told, operated, within

Route = dict[str, Any]

HEARTBEAT = "watchdog"
_FALLBACK = "platform"


@dataclass(frozen=True)
class Pace:
    """Seconds that a group waits for its first message, for news, and to be told again."""

    wait_s: float
    news_s: float
    again_s: float

    def times(self, scale: float) -> dict[str, str]:
        """As a route has them, every duration multiplied."""
        named = {"group_wait": self.wait_s, "group_interval": self.news_s, "repeat_interval": self.again_s}
        return {name: _duration(seconds * scale) for name, seconds in named.items()}


_PACES = {
    Severity.CRITICAL: Pace(10, 60, 4 * 3600),
    Severity.WARNING: Pace(30, 300, 12 * 3600),
    Severity.INFO: Pace(60, 900, 24 * 3600),
}
_HEARTBEAT_PACE = Pace(1, 60, 60)


def routes(places: Sequence[Place], scale: float) -> Route:
    """The tree: by severity, then audience, then place. What nobody is named for, the platform gets."""
    heartbeat = {"matchers": [_is("alertname", WATCHDOG.name)], "receiver": HEARTBEAT}
    return {
        "receiver": _FALLBACK,
        "group_by": ["alertname", "audience", "severity", "family"],
        **_PACES[Severity.WARNING].times(scale),
        "routes": [
            {**heartbeat, **_HEARTBEAT_PACE.times(scale)},
            *(_of_severity(severity, pace, places, scale) for severity, pace in _PACES.items()),
        ],
    }


def receivers(places: Sequence[Place]) -> list[str]:
    """The names of all who may be told, the heartbeat's aside."""
    return [name for told in AUDIENCES for name in (told.audience, *_operators(told, places))]


def _operators(told: Told, places: Sequence[Place]) -> list[str]:
    return [place.id for place in operated(told, places)]


def _of_severity(severity: Severity, pace: Pace, places: Sequence[Place], scale: float) -> Route:
    return {
        "matchers": [_is("severity", severity.value)],
        **pace.times(scale),
        "routes": [_of_audience(told, severity, places) for told in AUDIENCES],
    }


def _of_audience(told: Told, severity: Severity, places: Sequence[Place]) -> Route:
    silent = told.quiet and severity is not Severity.CRITICAL
    muted = {"mute_time_intervals": [*told.quiet]} if silent else {}
    by_place = [
        {
            "matchers": [_in(told.label, within(place, places))],
            "receiver": place.id,
            "continue": True,
            **muted,
        }
        for place in operated(told, places)
    ]
    route: Route = {"matchers": [_is("audience", told.audience)], "receiver": told.audience, **muted}
    return {**route, "routes": by_place} if by_place else route


def _duration(seconds: float) -> str:
    """As Alertmanager writes it, which knows no fractions."""
    return f"{seconds:.0f}s" if seconds == int(seconds) else f"{seconds * 1000:.0f}ms"


def _is(label: str, value: str) -> str:
    return f'{label}="{value}"'


def _in(label: str, values: Sequence[str]) -> str:
    return f'{label}=~"{"|".join(value.replace(".", "[.]") for value in values)}"'
