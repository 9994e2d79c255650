"""Troubles that an alert should speak of: what goes wrong while live, as TOML files beside the scenarios."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tidemark.services.resources import TROUBLES, list_names, resolve_name
from tidemark.streams.contracts.family import require
from tidemark.streams.families.table import FAMILIES

from .scenario import ScenarioInvalid, Seconds


class Queue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many travellers queue at a port for the verification of their forms."""

    port: str
    travellers: Annotated[int, Meta(ge=1, le=10_000)]


class Trouble(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """It begins `after_s` after the simulation went live, and is over `lasts_s` later.

    `past_days`: how many days come before it; without it the year to date. `suspended_shops`: the
    share of refund shops that stop. `held_back`: the family that is silent, and sends everything
    afterwards. `spoilt_every_s`: how often a record comes that cannot be accepted.
    """

    about: str
    after_s: Annotated[int, Meta(ge=0, le=86_400)]
    lasts_s: Seconds
    past_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    suspended_shops: Annotated[float, Meta(gt=0, le=1)] | None = None
    queue: Queue | None = None
    held_back: str | None = None
    spoilt_every_s: Seconds | None = None

    def __post_init__(self) -> None:
        families = [family.name for family in FAMILIES]
        require(
            self.held_back is None or self.held_back in families,
            f"held_back: {self.held_back} is none of {', '.join(families)}",
        )


def load_trouble(name: str) -> Trouble:
    """A trouble by its name, or by the path of a file that ends in .toml. Raises ScenarioInvalid."""
    path = resolve_name(name, TROUBLES)
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Trouble)
    except FileNotFoundError:
        raise ScenarioInvalid(
            f"scenario: {name!r} is none of {list_names(TROUBLES)}; or give the path of a file"
        ) from None
    except (msgspec.DecodeError, OSError) as error:
        raise ScenarioInvalid(
            f"scenario {path.name}: {error}; see the files in seeds/scenarios/troubles"
        ) from None
