"""Footfall: visitors counted by sensors during a window."""

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
    """Persons counted by one sensor in one window; never the reading of a running counter."""

    sensor_id: Token
    """The sensor, as the registry names it; the partition key."""
    window_start: Instant
    """Start of the counting window; decides the period."""
    window_s: WindowSeconds
    entered: Count
    """Persons counted inwards; a place's visits are their sum."""
    exited: Count
    """Persons counted outwards; occupancy is entered − exited since 04:00."""
    line_id: Token | None = None
    """The counting line, where a sensor has several."""
    staff_excluded: bool = False
    """Whether staff were left out of the count."""
    confidence_bp: BasisPoints | None = None
    """The sensor's own confidence in the count."""


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
