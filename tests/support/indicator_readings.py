"""Readings of a few events, folded by the real fold into a view."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.published import Row
from tidemark.streams.families.official import FAMILY as OFFICIAL
from tidemark.streams.families.official import FigurePublished
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.reading.reading import Reading, Register
from tidemark.streams.indicators.targets.loading import read_catalogue
from tidemark.streams.view.view import EVERYTHING, Reach, View

from .events import envelope
from .folding import fold, make_arrivals, ms
from .ledgers import State, fold_all
from .readers import CIVIL, page

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "tests" / "unit" / "indicators" / "targets.csv"
CATALOGUE = read_catalogue(ROOT / "seeds" / "indicators")
PARENTS = {
    "district.a": "district.all",
    "district.b": "district.all",
    "mall.a": "district.a",
    "mall.b": "district.b",
    "debut.b": "mall.a",
    "port.a": "district.all",
}
NOW = datetime(2026, 2, 9, 4, tzinfo=UTC)


def plan_rows() -> list[dict[str, str]]:
    """The plan's table of targets, transcribed independently of the catalogue."""
    with PLAN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reading_of(
    state: State, now: datetime = NOW, parents: Mapping[str, str] = PARENTS, reach: Reach = EVERYTHING
) -> Reading:
    """A reading of a folded state."""
    view = View(CIVIL, reach)
    view.apply(page(1, *((0, Row(kind, key, value)) for (kind, key), value in state.items())))
    return Reading(Register(view), reach, parents, ms(now))


def reading(events: Iterable[Event], now: datetime = NOW, reach: Reach = EVERYTHING) -> Reading:
    """A reading of events that arrive in order."""
    return reading_of(fold(make_arrivals(*events)), now, reach=reach)


def reading_of_raws(raws: Sequence[bytes], now: datetime = NOW, reach: Reach = EVERYTHING) -> Reading:
    """A reading of encoded events."""
    return reading_of(fold_all(raws), now, reach=reach)


def figure(period: str, value: str, published: date, **fields: str) -> FigurePublished:
    """An official figure, by default of retail sales with basis month."""
    at = datetime(published.year, published.month, published.day, 2, tzinfo=UTC)
    settings = {
        "indicator_id": "retail_sales_total",
        "unit": "CNY_100m",
        "basis": "month",
        "vintage": published.isoformat(),
        "status": "preliminary",
    } | fields
    return FigurePublished(period=period, value=value, published_at=at, **settings)  # type: ignore[arg-type]


def publish_figures(*figures: FigurePublished) -> list[Event]:
    """The events that publish figures."""
    kind = OFFICIAL.types[0]
    return [
        envelope(kind, f"f{number}", figure.published_at, "district.all", figure)
        for number, figure in enumerate(sorted(figures, key=lambda figure: figure.published_at))
    ]


def figures_of(*figures: FigurePublished) -> Figures:
    """Figures as readers see them after the fold."""
    return reading(publish_figures(*figures), datetime(2030, 1, 1, tzinfo=UTC)).figures
