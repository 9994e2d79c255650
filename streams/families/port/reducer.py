"""Persons who crossed, by port, direction and group."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer, start_of_window
from tidemark.streams.families.port import PORT_CROSSINGS, CrossingsCounted


def _contributions(counted: CrossingsCounted, port: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (port, counted.direction, counted.group)
    return ((PORT_CROSSINGS, when, dimensions, (counted.persons, 1, int(counted.suppressed))),)


REDUCER = AdditiveReducer(_contributions, start_of_window)
