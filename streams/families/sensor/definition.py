"""Signals: nothing adds up, nothing goes stale in a total."""

from tidemark.streams.contracts.definition import Definition
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("传感器", "Sensor"), label=Text("传感器", "sensor"), stale_after_ms=None, adds=None
)
