"""Scenarios: the volume of every family, as TOML files under seeds/scenarios."""

from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from tidemark.services.resources import SCENARIOS, list_names, resolve_name
from tidemark.streams.contracts.family import require
from tidemark.streams.families.registry import EntityClass

Positive = Annotated[int, Meta(ge=1, le=10_000_000)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]
Rate = Annotated[float, Meta(gt=0, le=10_000_000)]


class ScenarioInvalid(Exception):
    """There is no such scenario, or its file is invalid; the message names the field."""


class Windows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A feed that reports once per window: of `window_s`, or of `live_window_s` while live."""

    window_s: Seconds
    live_window_s: Seconds | None = None


class Feed(Windows, frozen=True, kw_only=True):
    """`count`: how many sensors, zones or series (such as place and category) report at scale 1."""

    count: Positive


class Daily(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often something happens per day at scale 1, at the beginning of 2026 and at the end of 2030."""

    per_day: Rate
    per_day_2030: Rate | None = None


class Growth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a class are registered at the start, and how many are added per year, at any scale."""

    start: Positive
    per_year: Annotated[int, Meta(ge=0, le=100_000)] = 0


class Bureaus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Official figures every month; on the first day also those of `back_months` months before."""

    back_months: Annotated[int, Meta(ge=0, le=120)] = 0


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family without a section has no events."""

    name: str
    about: str
    scale: Annotated[float, Meta(gt=0, le=10)] = 1.0
    footfall: Feed | None = None
    port: Windows | None = None
    payment: Feed | None = None
    retail: Feed | None = None
    crowd: Feed | None = None
    sensor: Windows | None = None
    registry: dict[EntityClass, Growth] = {}
    refund: Daily | None = None
    activity: Daily | None = None
    ticket: Daily | None = None
    trade: Daily | None = None
    circular: Daily | None = None
    service_trade: Daily | None = None
    official: Bureaus | None = None

    def __post_init__(self) -> None:
        require(
            self.sensor is None or self.footfall is not None, "sensor: needs the section footfall; add it"
        )
        require(
            self.ticket is None or self.activity is not None, "ticket: needs the section activity; add it"
        )
        require(
            self.refund is None or "refund_shop" in self.registry,
            "refund: needs registry.refund_shop; add it with the number of shops",
        )


def load_scenario(name: str) -> Scenario:
    """Read a scenario by its name, or by the path of a file that ends in .toml. Raises ScenarioInvalid."""
    return load_file(name, SCENARIOS, Scenario, "see the comments in year.toml")


T = TypeVar("T")


def load_file(name: str, folder: Path, shape: type[T], remedy: str) -> T:
    """Decode the file of that name in the folder, or the file at a path. Raises ScenarioInvalid.

    `remedy` ends the message when the file is invalid.
    """
    path = resolve_name(name, folder)
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except FileNotFoundError:
        raise ScenarioInvalid(
            f"scenario: there is no {name!r}; choose one of {list_names(folder)}, or give the path of a file"
        ) from None
    except (msgspec.DecodeError, OSError) as error:
        raise ScenarioInvalid(f"scenario {path.name}: {error}; {remedy}") from None
