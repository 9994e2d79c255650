"""When in a day single things happen: more often at busy hours."""

from random import Random

from .calendar import Calendar
from .shapes import Shape


def moment_in_day(calendar: Calendar, day: int, shape: Shape, random: Random) -> int:
    """An instant of the day in ms, drawn from the shape's hours."""
    off = calendar.is_off(day)
    start_ms = calendar.start_ms(day)
    return start_ms + shape.moment(off, random.random(), random.random())
