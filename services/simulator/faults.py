"""Fault profiles: how often what goes wrong."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tidemark.services.resources import SCENARIOS

Share = Annotated[float, Meta(ge=0, le=1)]
_FILE = SCENARIOS / "faults" / "profiles.toml"


class FaultsUnknown(Exception):
    """There is no such profile."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of all events, but for trouble_per_day: the share of days on which a source has one.

    `repeated_near` and `repeated_far`: the same bytes again, at once or up to 100,000 records
    of the partition later. `disordered`: minutes late, `late`: hours to days. `corrected` and
    `retracted`: by a change that comes after or before its original. `junk`: records that
    become dead letters, future stamps among them.
    """

    repeated_near: Share = 0.0
    repeated_far: Share = 0.0
    disordered: Share = 0.0
    late: Share = 0.0
    corrected: Share = 0.0
    retracted: Share = 0.0
    junk: Share = 0.0
    trouble_per_day: Share = 0.0


def load_profile(name: str) -> Profile:
    """A profile of seeds/scenarios/faults/profiles.toml. Raises FaultsUnknown, OSError, DecodeError."""
    profiles = msgspec.toml.decode(_FILE.read_bytes(), type=dict[str, Profile])
    if name not in profiles:
        raise FaultsUnknown(f"faults: {name!r} is none of {', '.join(profiles)}")
    return profiles[name]
