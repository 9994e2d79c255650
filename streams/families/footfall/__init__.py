"""Footfall: visitors that a counter saw pass during a window."""

from tidemark.streams.contracts.family import (
    ENTITY_DAYS,
    LIVE,
    MINUTE,
    QUARTERS,
    Component,
    EventType,
    Family,
    Measure,
    by,
    entity,
)
from tidemark.streams.contracts.payload import BasisPoints, Count, Instant, Payload, Token, WindowSeconds


class FootfallCounted(Payload, frozen=True):
    """What one sensor counted in one window; never a running counter's reading."""

    sensor_id: Token
    window_start: Instant
    window_s: WindowSeconds
    entered: Count
    exited: Count
    line_id: Token | None = None
    staff_excluded: bool = False
    confidence_bp: BasisPoints | None = None


_VISITS = (
    Component("entered", "persons"),
    Component("exited", "persons"),
    Component("windows"),
    Component("seconds", "seconds"),
)
FOOTFALL_PLACE = Measure("footfall.place", _VISITS, by("place"), LIVE, "Visitors counted at a place")
FOOTFALL_SENSOR = Measure(
    "footfall.sensor", _VISITS, (*by("place"), entity("sensor")), ENTITY_DAYS, "Visitors counted by a sensor"
)
FOOTFALL_DEBUT = Measure(
    "footfall.debut_sensor",
    _VISITS,
    (*by("place"), entity("sensor")),
    (QUARTERS,),
    "Visitors counted by a sensor of a debut space (places named debut.…)",
)

FAMILY = Family(
    name="footfall",
    types=(
        EventType(
            name="footfall.counted",
            payload=FootfallCounted,
            keyed_by=("sensor_id",),
            meaning="Visitors counted by a sensor during a window",
        ),
    ),
    lateness_ms=MINUTE,
    measures=(FOOTFALL_PLACE, FOOTFALL_SENSOR, FOOTFALL_DEBUT),
)
