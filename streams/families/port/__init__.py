"""Port: persons who crossed, by direction and group."""

from typing import Literal

from tidemark.streams.contracts.family import (
    HOUR,
    INTRADAY,
    SUBJECT,
    Component,
    EventType,
    Family,
    Measure,
    by,
    counts,
)
from tidemark.streams.contracts.payload import Count, Instant, Payload, WindowSeconds

Direction = Literal["in", "out"]
Group = Literal["mainland", "hmt", "foreign"]


class CrossingsCounted(Payload, frozen=True):
    """Persons of one group who crossed during a window; `suppressed` if too few to publish."""

    window_start: Instant
    """Start of the counting window; decides the period."""
    window_s: WindowSeconds
    direction: Direction
    """Into or out of the city; part of the partition key."""
    group: Group
    """mainland, hmt (Hong Kong, Macao and Taiwan residents) or foreign."""
    persons: Count
    """Persons who crossed."""
    suppressed: bool = False
    """True where the port withheld the number because it was too small to publish."""


PORT_CROSSINGS = Measure(
    "port.crossings",
    (Component("persons", "persons"), *counts("windows", "suppressed")),
    by("port", "direction", "group"),
    INTRADAY,
    "Persons who crossed a port",
)

FAMILY = Family(
    name="port",
    types=(
        EventType(
            name="port.crossings_counted",
            payload=CrossingsCounted,
            keyed_by=(SUBJECT, "direction"),
            meaning="Persons who crossed a port during a window",
        ),
    ),
    lateness_ms=HOUR,
    measures=(PORT_CROSSINGS,),
)
