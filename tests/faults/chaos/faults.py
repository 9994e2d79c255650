"""Every kind of fault, and the drawing of episodes."""

from random import Random
from typing import NamedTuple

from .broker_faults import change_leader, cut_connections, kill_broker, restart_broker, slow_network
from .context import Fault
from .service_faults import (
    add_and_remove_workers,
    append_empty_value,
    append_largest_value,
    kill_exporter,
    kill_gateway,
    kill_worker,
)
from .sleeping import suspend_worker, time_out_transaction

ALONE: tuple[Fault, ...] = (suspend_worker, time_out_transaction)
"""Faults whose effect can only be checked while there is no other fault."""
SERVICES: tuple[Fault, ...] = (
    kill_worker,
    add_and_remove_workers,
    kill_gateway,
    kill_exporter,
    append_empty_value,
    append_largest_value,
)
BROKERS: tuple[Fault, ...] = (
    kill_broker,
    restart_broker,
    change_leader,
    cut_connections,
    slow_network,
)
LONG: tuple[Fault, ...] = (time_out_transaction, change_leader)
"""Faults that take a minute, or three brokers."""

EPISODE = 12
RARELY = 0.2
"""The weight of long faults relative to the others."""


class Episode(NamedTuple):
    """The faults that come first and alone, then those of services and of brokers, side by side."""

    alone: list[Fault]
    services: list[Fault]
    brokers: list[Fault]


def draw_episodes(faults: int, rng: Random) -> list[Episode]:
    """Draw `faults` faults, among them every kind; with 0, each kind once that is not long."""
    kinds = [fault for fault in (*ALONE, *SERVICES, *BROKERS) if faults or fault not in LONG]
    weights = [RARELY if fault in LONG else 1.0 for fault in kinds]
    drawn = kinds + rng.choices(kinds, weights, k=max(0, faults - len(kinds)))
    rng.shuffle(drawn)
    return [_episode(drawn[start : start + EPISODE]) for start in range(0, len(drawn), EPISODE)]


def _episode(faults: list[Fault]) -> Episode:
    return Episode(*([fault for fault in faults if fault in lane] for lane in (ALONE, SERVICES, BROKERS)))
