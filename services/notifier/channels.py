"""Where messages go: channels by audience, from a TOML file that holds secrets.

[[channel]]
name = "duty-wecom"
audiences = ["bureau", "district"]
url = "wecombot://BOT-KEY"       # an address as Apprise writes it
max_bytes = 2000                 # optional: how much text the channel takes, in UTF-8
places = ["mall.coco_park"]      # optional: only what happens there, or at a place within
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
    """One address and who is reached there."""

    name: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,47}$")]
    audiences: Annotated[tuple[Audience, ...], Meta(min_length=1)]
    url: Annotated[str, Meta(min_length=1)]
    # WeCom's 2,048 bytes are the least that the usual services take.
    max_bytes: Annotated[int, Meta(ge=800)] = 2000
    places: tuple[str, ...] = ()

    def hears_of(self, places: tuple[str, ...]) -> bool:
        """Whether it is told of what happens at the first place, which lies within the others."""
        return not self.places or not set(places).isdisjoint(self.places)


class Channels:
    """The channels, found by audience and place. Every audience has one, and the platform one for all places.

    `parents`: for every place of the gazetteer the one that it lies in.
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
            raise NotifierMisconfigured(f"name: {', '.join(twice)} stands there twice; rename one")
        missing = [audience for audience, found in self._by_audience.items() if not found]
        if missing:
            raise NotifierMisconfigured(
                f"audiences: nobody is told for {', '.join(missing)}; add them to a channel"
            )
        self._check_places()

    def of(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Names of the channels for an alert. What nobody else is told of, the platform's people are."""
        where = labels.get("place") or labels.get("port")
        places = () if where is None else trace_parents(self._parents, where)
        return self._resolve_channels(labels.get("audience", ""), places) or self._resolve_channels(
            _FALLBACK, places
        )

    def _resolve_channels(self, audience: str, places: tuple[str, ...]) -> tuple[str, ...]:
        channels = self._by_audience.get(audience, ())
        return tuple(channel.name for channel in channels if channel.hears_of(places))

    def _check_places(self) -> None:
        known = {*self._parents, *self._parents.values()}
        for channel in self.all:
            unknown = sorted(set(channel.places) - known)
            if unknown:
                raise NotifierMisconfigured(
                    f"channel {channel.name}: places: {', '.join(unknown)} is not in the gazetteer; "
                    "give ids as in seeds/places.toml"
                )
        if all(channel.places for channel in self._by_audience[_FALLBACK]):
            raise NotifierMisconfigured(
                f"audiences: {_FALLBACK} has channels for some places only; add one without places"
            )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    channel: tuple[Channel, ...] = ()


def load_channels(path: Path, parents: Parents) -> Channels:
    """Read the channels file. Raises NotifierMisconfigured, which never tells an address."""
    try:
        return Channels(msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).channel, parents)
    except OSError as error:
        raise NotifierMisconfigured(
            f"{path}: cannot be read ({error.strerror}); check TIDEMARK_NOTIFIER_CHANNELS"
        ) from None
    except (ValueError, msgspec.ValidationError, NotifierMisconfigured) as error:
        raise NotifierMisconfigured(f"{path}: {error}; docs/guides/alerts.md has an example") from None


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
            f"{path}: the secret is shorter than {_MIN_SECRET} characters; write a longer one"
        )
    return secret
