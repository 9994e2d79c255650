"""Money as a bureau tells it: in 万元 and in 亿元, beside the yuan that is exported."""

from tidemark.streams.families.definitions import SUMS

_YUAN = "_yuan"

UNITS = {"wan_yuan": 10_000, "yi_yuan": 100_000_000}
"""万元 and 亿元, in yuan."""


def money() -> tuple[str, ...]:
    """Every exported sum in yuan."""
    return tuple(row.name for row in SUMS if row.name.endswith(_YUAN))


def recorded(name: str, unit: str) -> str:
    """What the recording rule of an amount in the unit, wan_yuan or yi_yuan, is called."""
    base = name.removeprefix("tidemark_").removesuffix(_YUAN)
    return f"tidemark:{base}_{unit}"
