"""Visitors by place, by sensor and, in debut spaces, by sensor and quarter-hour."""

from tidemark.streams.contracts.definition import ONE, Addition, Additions, Definition, StartsWith, sums
from tidemark.streams.contracts.family import SECOND, SUBJECT
from tidemark.streams.contracts.text import Text

from . import FOOTFALL_DEBUT, FOOTFALL_PLACE, FOOTFALL_SENSOR, FootfallCounted

_VISITS = ("entered", "exited", ONE, "window_s")

DEFINITION = Definition(
    name=Text("客流", "Footfall"),
    label=Text("客流", "footfall"),
    stale_after_ms=120 * SECOND,
    stale_alert=True,
    adds=(
        Additions(
            FootfallCounted,
            (
                Addition(FOOTFALL_PLACE, (SUBJECT,), _VISITS),
                Addition(FOOTFALL_SENSOR, (SUBJECT, "sensor_id"), _VISITS),
                Addition(
                    FOOTFALL_DEBUT, (SUBJECT, "sensor_id"), _VISITS, adds_if=(StartsWith(SUBJECT, "debut."),)
                ),
            ),
        ),
    ),
    exports=sums(
        FOOTFALL_PLACE,
        ("tidemark_footfall_entered_persons", "entered", "Visitors who entered the place"),
        ("tidemark_footfall_exited_persons", "exited", "Visitors who left the place"),
    ),
)
