"""The queries of dashboards as they are on disk, with their variables filled in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

VALUES = {
    "period": "year",
    "place": ".+",
    "port": ".+",
    "scheme": ".+",
    "job": ".+",
    "instance": ".+",
    "__rate_interval": "1m",
    "__range": "6h",
}
"""The default values of the variables."""

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class PanelQuery(NamedTuple):
    """One query of a panel, its variables filled in."""

    panel: str
    expr: str


def panels(dashboard: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The panels that show something, not the rows between them."""
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def queries(dashboard: Mapping[str, Any], values: Mapping[str, str] = VALUES) -> list[PanelQuery]:
    """Every query of every panel. Raises KeyError for a variable without a value."""
    return [
        PanelQuery(panel["title"], fill_variables(target["expr"], values))
        for panel in panels(dashboard)
        for target in panel["targets"]
    ]


def fill_variables(expr: str, values: Mapping[str, str] = VALUES) -> str:
    """The expression with its variables replaced. Raises KeyError for one without a value."""
    return _VARIABLE.sub(lambda match: values[match[1] or match[2]], expr)
