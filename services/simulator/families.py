"""Which part of the model yields the events of which section of a scenario."""

from collections.abc import Iterator

from .activity import Attraction, activity_events
from .circular import circular_events
from .faults import Outages
from .figures import official_events
from .footfall import Surroundings, footfall_events, sensors
from .payment import payment_events
from .planned import Batch
from .port import port_events
from .refund import refund_events
from .registry import registry_events, roster
from .retail import retail_events
from .scenario import Scenario
from .signals import crowd_events, sensor_events
from .ticket import ticket_events
from .trade import service_trade_events, trade_events
from .world import World


def sources(scenario: Scenario, world: World, outages: Outages) -> list[Iterator[Batch]]:
    """The sources that a scenario has, each without end, always in the same order."""
    return [*_of_people(scenario, world, outages), *_of_business(scenario, world)]


def _of_people(scenario: Scenario, world: World, outages: Outages) -> Iterator[Iterator[Batch]]:
    members = roster(world, scenario.registry)
    counters = sensors(world, scenario.footfall) if scenario.footfall else []
    if scenario.registry:
        yield registry_events(world, members, counters)
    if scenario.footfall:
        surroundings = Surroundings(Attraction(world, scenario.activity), outages)
        yield footfall_events(world, scenario.footfall, counters, surroundings)
    if scenario.sensor:
        yield sensor_events(world, scenario.sensor, counters, outages)
    if scenario.crowd:
        yield crowd_events(world, scenario.crowd)
    if scenario.port:
        yield port_events(world, scenario.port)
    if scenario.activity:
        yield activity_events(world, scenario.activity)
        if scenario.ticket:
            yield ticket_events(world, scenario.ticket, scenario.activity, members)
    if scenario.refund:
        yield refund_events(world, scenario.refund, members)


def _of_business(scenario: Scenario, world: World) -> Iterator[Iterator[Batch]]:
    if scenario.payment:
        yield payment_events(world, scenario.payment)
    if scenario.retail:
        yield retail_events(world, scenario.retail)
    if scenario.trade:
        yield trade_events(world, scenario.trade)
    if scenario.service_trade:
        yield service_trade_events(world, scenario.service_trade)
    if scenario.circular:
        yield circular_events(world, scenario.circular)
    if scenario.official:
        yield official_events(world, scenario.official)
