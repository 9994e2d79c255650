"""Persons who crossed, by port, direction and group."""

from streams.contracts.civil import Periods
from streams.contracts.measures import PORT_CROSSINGS
from streams.contracts.port import CrossingsCounted
from streams.ledger.contribution import Contribution

from .reducer import AdditiveReducer, start_of_window


def _contributions(counted: CrossingsCounted, port: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (port, counted.direction, counted.group)
    return ((PORT_CROSSINGS, when, dimensions, (counted.persons, 1, int(counted.suppressed))),)


REDUCER = AdditiveReducer(_contributions, start_of_window)
