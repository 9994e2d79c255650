"""Footfall: visitors that a counter saw pass during a window."""

from .family import MINUTE, EventType, Family, Payload
from .fields import BasisPoints, Count, Instant, Token, WindowSeconds


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


FAMILY = Family(
    name="footfall",
    types=(
        EventType(
            name="footfall.counted",
            payload=FootfallCounted,
            key=lambda _subject, data: data.sensor_id,
            meaning="Visitors counted by a sensor during a window",
            windowed=True,
        ),
    ),
    lateness_ms=MINUTE,
)
