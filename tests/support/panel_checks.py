"""The queries of all panels and rules, and the faults in a Prometheus's answers to them."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.servers.prometheus import Prometheus
from tests.support.panel_queries import VALUES, queries
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.rendering.rules import build_money_rules

DASHBOARDS = Path(__file__).parents[2] / "deploy" / "grafana" / "dashboards"
MOST_SERIES = 200
NO_DATA = "no data"


class Query(NamedTuple):
    """The panel or rule, and the PromQL with its variables filled in."""

    where: str
    expr: str


def panel_queries(dashboards: Path = DASHBOARDS) -> list[Query]:
    """Of every dashboard, in each window of time that its `period` may be set to."""
    periods = ("today", "month", "year", "plan")
    distinct = {
        Query(f"{file.stem}: {query.panel}", query.expr)
        for file in sorted(dashboards.glob("*/*.json"))
        for period in periods
        for query in queries(json.loads(file.read_text("utf-8")), {**VALUES, "period": period})
    }
    return sorted(distinct)


def alert_queries() -> Iterator[Query]:
    """The numbers that alerts compare, without the comparison."""
    for condition in CONDITIONS:
        judged = (condition, *condition.either)
        for value in (*(part.value for part in judged), *condition.both):
            yield Query(f"rule {condition.name}", value)


def recording_queries() -> Iterator[Query]:
    """What recording rules record."""
    for rule in build_money_rules():
        yield Query(f"rule {rule['record']}", rule["expr"])


def wrong(
    server: Prometheus,
    asked: Iterable[Query],
    excluded: Iterable[str] = (),
    most: int = MOST_SERIES,
    at: float | None = None,
) -> list[str]:
    """The faults, one line per query: an error, no data, too many series.

    A query that matches a pattern of `excluded` may be without data. `at`: the Unix time at which all are
    evaluated, or else now.
    """
    may_lack = re.compile("|".join(excluded) or r"(?!)")
    return [
        f"{where}: {fault}: {expr}"
        for where, expr in asked
        if (fault := _fault(server, expr, most, at)) and not (fault == NO_DATA and may_lack.search(expr))
    ]


def _fault(server: Prometheus, expr: str, most: int, at: float | None) -> str:
    try:
        series = len(server.query(expr, at))
    except httpx.HTTPStatusError as error:
        return str(error.response.json()["error"])
    if series > most:
        return f"{series} series"
    return "" if series else NO_DATA
