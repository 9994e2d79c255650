"""Maps each section of a scenario to the part of the model that yields its events."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .activity import Attraction, activity_events
from .circular import circular_events
from .faults import Outages
from .figures import official_events
from .footfall import Sensor, Surroundings, footfall_events, make_sensors
from .payment import payment_events
from .planned import Batch
from .port import port_events
from .refund import refund_events
from .registry import Member, make_roster, registry_events
from .retail import retail_events
from .scenario import Daily, Scenario
from .signals import crowd_events, sensor_events
from .ticket import ticket_events
from .trade import service_trade_events, trade_events
from .world import World


class Model(NamedTuple):
    """What the sources share: registered members, footfall sensors, activities and outages."""

    activity: Daily | None
    world: World
    outages: Outages
    members: list[Member]
    counters: list[Sensor]

    @property
    def surroundings(self) -> Surroundings:
        """What attracts visitors to a sensor, and the outages of its gateway."""
        return Surroundings(Attraction(self.world, self.activity), self.outages)


SOURCES: dict[str, Callable[[Any, Model], Iterator[Batch]]] = {
    "registry": lambda _section, of: registry_events(of.world, of.members, of.counters),
    "footfall": lambda section, of: footfall_events(of.world, section, of.counters, of.surroundings),
    "sensor": lambda section, of: sensor_events(of.world, section, of.counters, of.outages),
    "crowd": lambda section, of: crowd_events(of.world, section),
    "port": lambda section, of: port_events(of.world, section),
    "activity": lambda section, of: activity_events(of.world, section),
    "ticket": lambda section, of: ticket_events(
        of.world, section, _require_activities(of.activity), of.members
    ),
    "refund": lambda section, of: refund_events(of.world, section, of.members),
    "payment": lambda section, of: payment_events(of.world, section),
    "retail": lambda section, of: retail_events(of.world, section),
    "trade": lambda section, of: trade_events(of.world, section),
    "service_trade": lambda section, of: service_trade_events(of.world, section),
    "circular": lambda section, of: circular_events(of.world, section),
    "official": lambda section, of: official_events(of.world, section),
}
"""By family; each is called with the family's section of the scenario. Every family has one."""


def _require_activities(activity: Daily | None) -> Daily:
    """The section of activities, which a scenario with tickets always has."""
    assert activity is not None  # noqa: S101
    return activity


def list_sources(scenario: Scenario, world: World, outages: Outages) -> list[Iterator[Batch]]:
    """The sources of a scenario, each without end, always in the same order."""
    members = make_roster(world, scenario.registry)
    counters = make_sensors(world, scenario.footfall) if scenario.footfall else []
    model = Model(scenario.activity, world, outages, members, counters)
    sections = {family: getattr(scenario, family) for family in SOURCES}
    return [SOURCES[family](section, model) for family, section in sections.items() if section]
