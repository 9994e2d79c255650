"""Signals: nothing adds up, nothing goes stale in a total."""

from tidemark.streams.contracts.definition import Definition
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("人群密度", "Crowd density"), label=Text("人群", "crowd"), stale_after_ms=None, adds=None
)
