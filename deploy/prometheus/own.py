"""What conditions of Tidemark itself have in common."""

from functools import partial

from .condition import Condition

own = partial(
    Condition,
    group="tidemark",
    layer="pipeline",
    audience="platform",
    family="",
    dashboard="tidemark-itself",
)

EXPORTER_FRESH_S = 30
"""An exporter that has not read the totals for longer shows the past."""

UP = "and on (job, instance) (up == 1)"
"""A guard: the instance answers; that it does not is another alert."""
