"""A signal: it feeds no total, so it has no additions and no staleness limit."""

from tidemark.streams.contracts.definition import Definition
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("传感器", "Sensor"), label=Text("传感器", "sensor"), stale_after_ms=None, adds=None
)
