"""Recording rules that tell money as a bureau does: in 万元 and in 亿元."""

from services.exporter.metrics import SUMS

_YUAN = "_yuan"
_UNITS = {"wan_yuan": 10_000, "yi_yuan": 100_000_000}
"""万元 and 亿元, in yuan."""


def money() -> tuple[str, ...]:
    """Every exported sum in yuan."""
    return tuple(row.name for row in SUMS if row.name.endswith(_YUAN))


def money_rules() -> list[dict[str, str]]:
    """`tidemark:<base>_wan_yuan` and `tidemark:<base>_yi_yuan` of each `tidemark_<base>_yuan`."""
    return [
        {"record": recorded(name, unit), "expr": f"{name} / {yuan}"}
        for name in money()
        for unit, yuan in _UNITS.items()
    ]


def recorded(name: str, unit: str) -> str:
    """What the recording rule of an amount in the unit, wan_yuan or yi_yuan, is called."""
    base = name.removeprefix("tidemark_").removesuffix(_YUAN)
    return f"tidemark:{base}_{unit}"
