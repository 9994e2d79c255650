"""Every kind of fault, and how many are drawn."""

from random import Random
from typing import NamedTuple

from .broker_faults import broker_bounced, broker_killed, connections_cut, leader_changed, network_slow
from .context import Fault
from .service_faults import (
    empty_value,
    exporter_killed,
    gateway_killed,
    largest_value,
    worker_killed,
    workers_come_and_go,
)
from .sleeping import transaction_timed_out, worker_asleep

ALONE: tuple[Fault, ...] = (worker_asleep, transaction_timed_out)
"""What shows only while nothing else happens whether it is as it should be."""
SERVICES: tuple[Fault, ...] = (
    worker_killed,
    workers_come_and_go,
    gateway_killed,
    exporter_killed,
    empty_value,
    largest_value,
)
BROKERS: tuple[Fault, ...] = (
    broker_killed,
    broker_bounced,
    leader_changed,
    connections_cut,
    network_slow,
)
LONG: tuple[Fault, ...] = (transaction_timed_out, leader_changed)
"""What takes a minute, or three brokers."""

EPISODE = 12
RARELY = 0.2
"""The weight of what is long beside the others."""


class Episode(NamedTuple):
    """What happens first, and then what happens to services while other things happen to brokers."""

    alone: list[Fault]
    services: list[Fault]
    brokers: list[Fault]


def draw(faults: int, rng: Random) -> list[Episode]:
    """So many faults, every kind among them; with 0 each kind once that is not long."""
    kinds = [fault for fault in (*ALONE, *SERVICES, *BROKERS) if faults or fault not in LONG]
    weights = [RARELY if fault in LONG else 1.0 for fault in kinds]
    drawn = kinds + rng.choices(kinds, weights, k=max(0, faults - len(kinds)))
    rng.shuffle(drawn)
    return [_episode(drawn[start : start + EPISODE]) for start in range(0, len(drawn), EPISODE)]


def _episode(faults: list[Fault]) -> Episode:
    return Episode(*([fault for fault in faults if fault in lane] for lane in (ALONE, SERVICES, BROKERS)))
