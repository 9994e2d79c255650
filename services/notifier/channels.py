"""The channels to which messages are sent, by audience, from a TOML file that contains secrets.

[[channel]]
name = "duty-wecom"
audiences = ["bureau", "district"]
url = "wecombot://BOT-KEY"       # an address as Apprise writes it
max_bytes = 2000                 # optional: the longest text that the channel accepts, in UTF-8
places = ["mall.coco_park"]      # optional: only alerts of these places and of places within them
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from tidemark.streams.indicators.reading.places import Parents, trace_parents

from .errors import NotifierMisconfigured

Audience = Literal["bureau", "district", "port", "tax", "platform"]
AUDIENCES: tuple[str, ...] = get_args(Audience)
_FALLBACK = "platform"
_MIN_SECRET = 16


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address and the audiences reached there."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,47}$")]
    audiences: Annotated[tuple[Audience, ...], Meta(min_length=1)]
    url: Annotated[str, Meta(min_length=1)]
    # WeCom's limit of 2,048 bytes is the lowest of the usual services.
    max_bytes: Annotated[int, Meta(ge=800)] = 2000
    places: tuple[str, ...] = ()

    def covers(self, places: tuple[str, ...]) -> bool:
        """Whether the channel receives alerts of a place, given with all places that contain it."""
        return not self.places or not set(places).isdisjoint(self.places)


class Channels:
    """The channels by audience and place. Every audience has a channel; the audience platform has one
    for all places.

    `parents`: for every place of the gazetteer the place that contains it.
    """

    def __init__(self, channels: tuple[Channel, ...], parents: Parents) -> None:
        self.all = channels
        self._parents = parents
        self._by_audience = {
            audience: tuple(channel for channel in channels if audience in channel.audiences)
            for audience in AUDIENCES
        }
        twice = [name for name, count in Counter(channel.name for channel in channels).items() if count > 1]
        if twice:
            raise NotifierMisconfigured(
                f"name: several channels are called {', '.join(twice)}; give each channel its own name"
            )
        missing = [audience for audience, served_by in self._by_audience.items() if not served_by]
        if missing:
            raise NotifierMisconfigured(
                f"audiences: no channel serves {', '.join(missing)}; add them to a channel"
            )
        self._check_places()

    def find_channels(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Names of the channels for an alert; those of the audience platform if no other channel matches."""
        where = labels.get("place") or labels.get("port")
        places = () if where is None else trace_parents(self._parents, where)
        return self._select_channels(labels.get("audience", ""), places) or self._select_channels(
            _FALLBACK, places
        )

    def _select_channels(self, audience: str, places: tuple[str, ...]) -> tuple[str, ...]:
        channels = self._by_audience.get(audience, ())
        return tuple(channel.name for channel in channels if channel.covers(places))

    def _check_places(self) -> None:
        gazetteer = {*self._parents, *self._parents.values()}
        for channel in self.all:
            unknown = sorted(set(channel.places) - gazetteer)
            if unknown:
                raise NotifierMisconfigured(
                    f"channel {channel.name}: places: not in the gazetteer: {', '.join(unknown)}; "
                    "use ids from seeds/places.toml"
                )
        if all(channel.places for channel in self._by_audience[_FALLBACK]):
            raise NotifierMisconfigured(
                f"audiences: every channel of {_FALLBACK} is limited to some places; "
                f"add a channel for {_FALLBACK} without places"
            )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    channel: tuple[Channel, ...] = ()


def load_channels(path: Path, parents: Parents) -> Channels:
    """Read the channels file. Raises NotifierMisconfigured, whose message never contains an address."""
    try:
        return Channels(msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).channel, parents)
    except OSError as error:
        raise NotifierMisconfigured(
            f"{path}: cannot be read ({error.strerror}); check TIDEMARK_NOTIFIER_CHANNELS"
        ) from None
    except (ValueError, msgspec.ValidationError, NotifierMisconfigured) as error:
        raise NotifierMisconfigured(f"{path}: {error}; see the example in docs/guides/alerts.md") from None


def load_secret(path: Path) -> str:
    """The secret that Alertmanager must send. Raises NotifierMisconfigured."""
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotifierMisconfigured(
            f"{path}: cannot be read ({error}); check TIDEMARK_NOTIFIER_SECRET_FILE"
        ) from None
    if len(secret) < _MIN_SECRET:
        raise NotifierMisconfigured(
            f"{path}: the secret is shorter than {_MIN_SECRET} characters; generate a longer one"
        )
    return secret
