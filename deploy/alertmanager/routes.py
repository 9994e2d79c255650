"""The recipients of alerts, and which alert goes to whom, how soon, and how often it is repeated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tidemark.deploy.prometheus.alerts.condition import Audience, Severity
from tidemark.deploy.prometheus.alerts.tidemark import WATCHDOG
from tidemark.services.gazetteer import Place

from .muting import DAYS_OFF, NIGHT


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """An audience. `quiet`: the times at which it receives critical alerts only. `label`: the label that
    names a place whose operators receive the alert too; `kinds`: the kinds of places that have operators."""

    audience: Audience
    quiet: tuple[str, ...] = ()
    label: str = ""
    kinds: tuple[str, ...] = ()


AUDIENCES = (
    Recipient(audience="bureau", quiet=(NIGHT, DAYS_OFF)),
    Recipient(audience="tax", quiet=(NIGHT, DAYS_OFF)),
    Recipient(audience="platform", quiet=(NIGHT,)),
    # Malls and venues are busiest when offices are closed.
    Recipient(audience="district", quiet=(NIGHT,), label="place", kinds=("district", "mall", "venue")),
    # Travellers cross at any hour.
    Recipient(audience="port", label="port", kinds=("port",)),
)


def select_operated(recipient: Recipient, places: Iterable[Place]) -> list[Place]:
    """The places that have operators of their own; the whole district is the audience itself."""
    return [place for place in places if place.kind in recipient.kinds and place.parent is not None]


def list_within(place: Place, places: Sequence[Place]) -> list[str]:
    """The ids of a place and of all places within it."""
    ids = [place.id]
    for child in places:
        if child.parent == place.id:
            ids += list_within(child, places)
    return ids


Route = dict[str, Any]

HEARTBEAT = "watchdog"
_FALLBACK = "platform"


@dataclass(frozen=True)
class Intervals:
    """Seconds until a group's first message, until a message about changes, and until a repetition."""

    wait_s: float
    change_s: float
    repeat_s: float

    def format_intervals(self, scale: float) -> dict[str, str]:
        """The fields of a route, with every duration multiplied by `scale`."""
        named = {"group_wait": self.wait_s, "group_interval": self.change_s, "repeat_interval": self.repeat_s}
        return {name: _format_duration(seconds * scale) for name, seconds in named.items()}


_INTERVALS = {
    Severity.CRITICAL: Intervals(10, 60, 4 * 3600),
    Severity.WARNING: Intervals(30, 300, 12 * 3600),
    Severity.INFO: Intervals(60, 900, 24 * 3600),
}
_HEARTBEAT_INTERVALS = Intervals(1, 60, 60)


def build_routes(places: Sequence[Place], scale: float) -> Route:
    """The routing tree: by severity, then audience, then place. Other alerts go to the platform."""
    heartbeat = {"matchers": [_match("alertname", WATCHDOG.name)], "receiver": HEARTBEAT}
    return {
        "receiver": _FALLBACK,
        "group_by": ["alertname", "audience", "severity", "family"],
        **_INTERVALS[Severity.WARNING].format_intervals(scale),
        "routes": [
            {**heartbeat, **_HEARTBEAT_INTERVALS.format_intervals(scale)},
            *(
                _build_severity_route(severity, intervals, places, scale)
                for severity, intervals in _INTERVALS.items()
            ),
        ],
    }


def list_receivers(places: Sequence[Place]) -> list[str]:
    """The names of all receivers, except that of the heartbeat."""
    return [
        name for recipient in AUDIENCES for name in (recipient.audience, *_list_operators(recipient, places))
    ]


def _list_operators(recipient: Recipient, places: Sequence[Place]) -> list[str]:
    return [place.id for place in select_operated(recipient, places)]


def _build_severity_route(
    severity: Severity, intervals: Intervals, places: Sequence[Place], scale: float
) -> Route:
    return {
        "matchers": [_match("severity", severity.value)],
        **intervals.format_intervals(scale),
        "routes": [_build_audience_route(recipient, severity, places) for recipient in AUDIENCES],
    }


def _build_audience_route(recipient: Recipient, severity: Severity, places: Sequence[Place]) -> Route:
    silent = recipient.quiet and severity is not Severity.CRITICAL
    muted = {"mute_time_intervals": [*recipient.quiet]} if silent else {}
    by_place = [
        {
            "matchers": [_match_any(recipient.label, list_within(place, places))],
            "receiver": place.id,
            "continue": True,
            **muted,
        }
        for place in select_operated(recipient, places)
    ]
    route: Route = {
        "matchers": [_match("audience", recipient.audience)],
        "receiver": recipient.audience,
        **muted,
    }
    return {**route, "routes": by_place} if by_place else route


def _format_duration(seconds: float) -> str:
    """A duration in Alertmanager's notation, which has no fractions."""
    return f"{seconds:.0f}s" if seconds == int(seconds) else f"{seconds * 1000:.0f}ms"


def _match(label: str, value: str) -> str:
    return f'{label}="{value}"'


def _match_any(label: str, values: Sequence[str]) -> str:
    return f'{label}=~"{"|".join(value.replace(".", "[.]") for value in values)}"'
