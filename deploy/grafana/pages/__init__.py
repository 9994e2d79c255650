"""All dashboards, and the wall screens built from their panels.

A wall screen is 1920 × 1080 pixels, dark, with few large panels and no scrolling. In kiosk mode 28 rows fit:
28 × 30 pixels and 27 gaps of 8 make 1,056.
"""

from collections.abc import Sequence
from dataclasses import replace

from tidemark.deploy.grafana.page import Page, Panel, section
from tidemark.streams.contracts.text import Text

from . import (
    circular_economy,
    data_quality,
    footfall,
    inbound_payment,
    launch_economy,
    plan_overview,
    refund_coverage,
    retail,
    tax_refund,
    ticket_economy,
    tidemark_itself,
    trade,
)

_WALL_REFRESH = "5s"


def _size_row(height: int, *panels: Panel, first: int = 0) -> Sequence[Panel]:
    """The panels with this height, and with equal widths unless `first` gives the first panel's."""
    head, *others = panels
    return [
        replace(head, width=first, height=height),
        *(replace(other, width=0, height=height) for other in others),
    ]


def _build_wall(page: Page, *rows: Sequence[Panel]) -> Page:
    return replace(
        page,
        uid=f"wall-{page.uid}",
        folder="wall",
        title=Text(f"大屏：{page.title.zh}", f"Wall: {page.title.en}"),
        sections=(section(None, *rows),),
        refresh=_WALL_REFRESH,
    )


_PLAN = _build_wall(
    plan_overview.PAGE,
    _size_row(6, plan_overview.STATUS, plan_overview.WITH_VALUE, first=16),
    _size_row(22, plan_overview.BEHIND, plan_overview.PROGRESS),
)
_REFUND = _build_wall(
    tax_refund.PAGE,
    _size_row(
        6,
        refund_coverage.SHOPS,
        refund_coverage.LAG,
        refund_coverage.NEEDED,
        refund_coverage.DORMANT,
        first=12,
    ),
    _size_row(11, tax_refund.FUNNEL, refund_coverage.BY_PLACE),
    _size_row(11, tax_refund.VERIFICATION, tax_refund.QUEUE, tax_refund.RATES),
)
_FOOTFALL = _build_wall(
    footfall.PAGE,
    _size_row(6, footfall.ENTERED_TODAY, footfall.ENTERED, footfall.INSIDE),
    _size_row(22, footfall.DISTRICTS, footfall.MALLS, footfall.FULLNESS),
)

PAGES: tuple[Page, ...] = (
    plan_overview.PAGE,
    tax_refund.PAGE,
    inbound_payment.PAGE,
    retail.PAGE,
    footfall.PAGE,
    ticket_economy.PAGE,
    launch_economy.PAGE,
    trade.PAGE,
    circular_economy.PAGE,
    data_quality.PAGE,
    tidemark_itself.PAGE,
    _PLAN,
    _REFUND,
    _FOOTFALL,
)
