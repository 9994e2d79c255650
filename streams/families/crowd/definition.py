"""A signal: it feeds no total, so it has no additions and no staleness limit."""

from tidemark.streams.contracts.definition import Definition
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("人群密度", "Crowd density"), label=Text("人群", "crowd"), stale_after_ms=None, adds=None
)
