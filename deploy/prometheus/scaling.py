"""Durations of rules made shorter, so that a test sees in seconds what takes days."""

import re

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION = re.compile(r"(?<=\[)(\d+)([smhd])(?=\])|(?<=offset )(\d+)([smhd])")

SHORTEST_S = 10
"""A range must hold several samples, whatever the scale."""


def text_of(seconds: float) -> str:
    """A duration as Prometheus writes it: 15m, 7d, 1500ms."""
    if seconds != int(seconds):
        return f"{round(seconds * 1000)}ms"
    unit = next((unit for unit in ("d", "h", "m") if seconds and seconds % _SECONDS[unit] == 0), "s")
    return f"{int(seconds) // _SECONDS[unit]}{unit}"


def hold(seconds: int, scale: float) -> str:
    """A rule's `for`; what is not 0 stays at least a second, so that the alert is pending first."""
    return text_of(max(1, seconds * scale) if seconds else 0)


def expression(promql: str, scale: float) -> str:
    """The same with its ranges and offsets scaled, but none below SHORTEST_S."""
    return promql if scale == 1 else _DURATION.sub(lambda found: _scaled(found, scale), promql)


def _scaled(found: re.Match[str], scale: float) -> str:
    number, unit = (part for part in found.groups() if part)
    return text_of(max(SHORTEST_S, int(number) * _SECONDS[unit] * scale))
