"""Instants and lengths of time as people read them."""

from datetime import datetime, timedelta

from tidemark.streams.contracts.civil import Civil

from .names import Both

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def told(at: datetime, civil: Civil) -> Both:
    """Day and time of day in the civil zone."""
    local = at.astimezone(civil.zone)
    clock = f"{local:%H:%M}"
    return Both(f"{local.month}月{local.day}日 {clock}", f"{local.day} {_MONTHS[local.month - 1]} {clock}")


def lasted(length: timedelta) -> Both:
    """A length of time in its two largest units, at least a minute."""
    minutes = max(1, round(length.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "天", "d"), (hours, "小时", "h"), (rest, "分钟", "min")]
    kept = [part for part in parts if part[0]][:2]
    return Both(
        "".join(f"{count}{unit}" for count, unit, _ in kept),
        " ".join(f"{count} {unit}" for count, _, unit in kept),
    )
