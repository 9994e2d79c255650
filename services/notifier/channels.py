"""Where messages go: channels by audience, from a TOML file that holds secrets.

[[channel]]
name = "duty-wecom"
audiences = ["bureau", "district"]
url = "wecombot://BOT-KEY"       # an address as Apprise writes it
max_bytes = 2000                 # optional: how much text the channel takes, in UTF-8
"""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

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


class Channels:
    """The channels, found by audience; every audience has one."""

    def __init__(self, channels: tuple[Channel, ...]) -> None:
        self.all = channels
        self._by_audience = {
            audience: tuple(channel.name for channel in channels if audience in channel.audiences)
            for audience in AUDIENCES
        }
        twice = [name for name, count in Counter(channel.name for channel in channels).items() if count > 1]
        if twice:
            raise NotifierMisconfigured(f"name: {', '.join(twice)} stands there twice; rename one")
        missing = [audience for audience, names in self._by_audience.items() if not names]
        if missing:
            raise NotifierMisconfigured(
                f"audiences: nobody is told for {', '.join(missing)}; add them to a channel"
            )

    def of(self, audience: str) -> tuple[str, ...]:
        """Names of an audience's channels. Whom nobody has heard of, the platform's people look after."""
        return self._by_audience.get(audience, self._by_audience[_FALLBACK])


class _File(msgspec.Struct, forbid_unknown_fields=True):
    channel: tuple[Channel, ...] = ()


def load_channels(path: Path) -> Channels:
    """Read the channels file. Raises NotifierMisconfigured, which never tells an address."""
    try:
        return Channels(msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).channel)
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
