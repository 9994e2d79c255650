"""Troubles: incidents staged while the simulation is live so that an alert fires. They are TOML files beside
the scenarios; each adds events, or holds some back, from the moment it begins."""

from collections.abc import Iterator
from heapq import merge
from operator import attrgetter
from typing import Annotated

import msgspec
from msgspec import Meta

from tidemark.services.resources import TROUBLES
from tidemark.streams.contracts.family import HOUR, MINUTE, SECOND, Stream, require
from tidemark.streams.families.port import CrossingsCounted
from tidemark.streams.families.registry import Status
from tidemark.streams.families.table import FAMILIES, FAMILY_OF

from .planned import Fact, Planned
from .randomness import between, pick, shuffle
from .refund import Form
from .registry import SOURCE as BUREAU
from .registry import Member, list_open_members, report_status
from .scenario import Seconds, load_file
from .world import Window, World


class Queue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`travellers` queue at a port for the verification of their forms."""

    port: str
    travellers: Annotated[int, Meta(ge=1, le=10_000)]


class Trouble(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """It begins `after_s` after the simulation went live, and ends `lasts_s` later.

    `past_days`: how many days are simulated before it; the year to date if absent. `suspended_shops`:
    the share of refund shops that are suspended. `held_back`: the family whose events are sent only
    after the end. `spoilt_every_s`: the interval between records that cannot be accepted.
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
            f"held_back: there is no family {self.held_back}; choose one of {', '.join(families)}",
        )


def load_trouble(name: str) -> Trouble:
    """Read a trouble by its name, or by the path of a file that ends in .toml. Raises ScenarioInvalid."""
    return load_file(name, TROUBLES, Trouble, "see the files in seeds/scenarios/troubles")


_KNOWN_AFTER_DAYS = 3
"""Only shops registered for longer are suspended: the registration of a newer one may still be delayed and
arrive after the suspension."""

_APART_MS = 10
_SLOW_EVERY = 4
_SLOW_S, _QUICK_S = (1_500, 2_400), (30, 300)
_RELIEF = 3
"""After the wave, this many times as many travellers pass quickly; then less than a tenth waited long."""


def apply_trouble(
    planned: Iterator[Planned], trouble: Trouble, when: Window, added: list[Planned]
) -> Iterator[Planned]:
    """Merge planned and added events in order of arrival; events held back arrive when the trouble ends."""
    rest = _hold_back(planned, trouble.held_back, when) if trouble.held_back else planned
    return merge(sorted(added, key=attrgetter("arrival_ms")), rest, key=attrgetter("arrival_ms"))


def make_added_events(world: World, members: list[Member], trouble: Trouble, when: Window) -> list[Planned]:
    """The events that the trouble adds. `members`: the roster, including those registered later."""
    day = world.calendar.day(when.start_ms)
    shops = list_open_members(members, "refund_shop", day)
    added: list[Planned] = []
    if trouble.suspended_shops is not None:
        established = [
            shop for shop in shops if max(shop.since_day, world.first_day) + _KNOWN_AFTER_DAYS <= day
        ]
        random = world.random_streams.derive("suspended", when.start_ms)
        chosen = shuffle(random, established)[: round(trouble.suspended_shops * len(established))]
        added += _declare_status(world, chosen, "suspended", when.start_ms)
        added += _declare_status(world, chosen, "active", when.end_ms)
    if trouble.queue is not None:
        added += _make_queue(world, shops, trouble.queue, when)
    if trouble.spoilt_every_s is not None:
        added += _make_junk(world, trouble.spoilt_every_s, when)
    return added


def _declare_status(world: World, shops: list[Member], status: Status, from_ms: int) -> Iterator[Planned]:
    """The bureau reports a status of each shop in turn, valid from today."""
    day = world.calendar.day(from_ms)
    for number, shop in enumerate(shops):
        at_ms = from_ms + number * _APART_MS
        payload = report_status(world, shop, status, day)
        event_id = f"{shop.id}-{status}-{at_ms}"
        yield world.writer.create(event_id, BUREAU, at_ms, shop.place.id, payload, at_ms)


def _make_queue(world: World, shops: list[Member], queue: Queue, when: Window) -> Iterator[Planned]:
    """A wave of travellers, some of whom wait long, and a larger one afterwards in which nobody does."""
    random = world.random_streams.derive("queue", when.start_ms)
    spread_ms = (when.end_ms - when.start_ms) // 4
    waves = [(when.start_ms, number, number % _SLOW_EVERY == 0) for number in range(queue.travellers)]
    waves += [(when.end_ms, number // _RELIEF, False) for number in range(queue.travellers * _RELIEF)]
    for from_ms, position, slow in waves if shops else ():
        # A verification takes time: the first ones to end in the wave began before it.
        verified_ms = from_ms - MINUTE + position * spread_ms // queue.travellers
        shop, issued_ms = pick(random, shops), verified_ms - between(random, HOUR, 3 * HOUR)
        waited_s = between(random, *(_SLOW_S if slow else _QUICK_S))
        for event in Form(world, random, shop, issued_ms).plan_queued(queue.port, verified_ms, waited_s):
            event.arrival_ms = max(event.arrival_ms, from_ms)
            yield event


def _make_junk(world: World, every_s: int, when: Window) -> Iterator[Planned]:
    """Alternately a truncated record and an event from the future."""
    for number, at_ms in enumerate(range(when.start_ms, when.end_ms, every_s * SECOND)):
        payload = CrossingsCounted(world.calendar.at(at_ms - MINUTE), 60, "in", "foreign", 7)
        time_ms = at_ms + (number % 2) * HOUR
        event = world.writer.create(
            f"spoilt-{at_ms}", "/ports/spoilt", time_ms, "port.futian", payload, at_ms
        )
        if number % 2:
            yield event
        else:
            yield Planned(
                at_ms, Stream.FACTS, event.partition, event.raw[: len(event.raw) // 2], "undecodable"
            )


def _hold_back(planned: Iterator[Planned], family: str, when: Window) -> Iterator[Planned]:
    waiting: list[Planned] = []
    for event in planned:
        if waiting and event.arrival_ms >= when.end_ms:
            yield from waiting
            waiting.clear()
        fact = event.meaning
        silent = isinstance(fact, Fact) and FAMILY_OF[fact.kind].name == family
        if silent and when.start_ms <= event.arrival_ms < when.end_ms:
            event.arrival_ms = when.end_ms
            waiting.append(event)
        else:
            yield event
