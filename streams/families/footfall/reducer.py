"""Visitors by place, by sensor and, in debut spaces, by sensor and quarter-hour."""

from tidemark.streams.contracts.civil import Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer, start_of_window
from tidemark.streams.families.footfall import (
    FOOTFALL_DEBUT,
    FOOTFALL_PLACE,
    FOOTFALL_SENSOR,
    FootfallCounted,
)


def _contributions(counted: FootfallCounted, place: str, when: Periods) -> tuple[Contribution, ...]:
    visits = (counted.entered, counted.exited, 1, counted.window_s)
    at_sensor = (place, counted.sensor_id)
    of_place = (FOOTFALL_PLACE, when, (place,), visits)
    of_sensor = (FOOTFALL_SENSOR, when, at_sensor, visits)
    if place.startswith("debut."):
        return of_place, of_sensor, (FOOTFALL_DEBUT, when, at_sensor, visits)
    return of_place, of_sensor


REDUCER = AdditiveReducer(_contributions, start_of_window)
