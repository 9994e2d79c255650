"""Persons who crossed, by port, direction and group."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, sums
from tidemark.streams.contracts.family import HOUR, SUBJECT
from tidemark.streams.contracts.text import Text

from . import PORT_CROSSINGS, CrossingsCounted

DEFINITION = Definition(
    name=Text("口岸", "Port"),
    label=Text("口岸", "port"),
    stale_after_ms=HOUR,
    stale_alert=True,
    adds=(
        Additions(
            CrossingsCounted,
            (Addition(PORT_CROSSINGS, (SUBJECT, "direction", "group"), ("persons", ONE, "suppressed")),),
        ),
    ),
    exports=sums(
        PORT_CROSSINGS,
        ("tidemark_port_crossings_persons", "persons", "Persons who crossed the port"),
        (
            "tidemark_port_suppressed_windows",
            "suppressed",
            "Counting windows the port office withheld because the group was too small to show",
        ),
    ),
)
