"""Wall screens: 1920 × 1080, dark, few large panels, nothing to scroll.

A screen in kiosk mode holds 28 rows: 28 × 30 pixels and 27 gaps of 8 are 1,056.
"""

from collections.abc import Sequence
from dataclasses import replace

from tidemark.deploy.grafana.page import Page, Panel, section
from tidemark.streams.contracts.text import Text

from . import footfall, plan_overview, refund_coverage, tax_refund

REFRESH = "5s"


def _row(height: int, *panels: Panel, first: int = 0) -> Sequence[Panel]:
    """The panels that high, of the same width but for the first's where that is given."""
    head, *others = panels
    return [replace(head, width=first, height=height), *(replace(o, width=0, height=height) for o in others)]


def _wall(of: Page, *rows: Sequence[Panel]) -> Page:
    return replace(
        of,
        uid=f"wall-{of.uid}",
        folder="wall",
        title=Text(f"大屏：{of.title.zh}", f"Wall: {of.title.en}"),
        sections=(section(None, *rows),),
        refresh=REFRESH,
    )


PLAN = _wall(
    plan_overview.PAGE,
    _row(6, plan_overview.STATUS, plan_overview.KNOWN, first=16),
    _row(22, plan_overview.BEHIND, plan_overview.PROGRESS),
)
REFUND = _wall(
    tax_refund.PAGE,
    _row(
        6,
        refund_coverage.SHOPS,
        refund_coverage.LAG,
        refund_coverage.NEEDED,
        refund_coverage.DORMANT,
        first=12,
    ),
    _row(11, tax_refund.FUNNEL, refund_coverage.AT_PLACE),
    _row(11, tax_refund.VERIFICATION, tax_refund.QUEUE, tax_refund.RATES),
)
FOOTFALL = _wall(
    footfall.PAGE,
    _row(6, footfall.ENTERED_TODAY, footfall.ENTERED, footfall.INSIDE),
    _row(22, footfall.DISTRICTS, footfall.MALLS, footfall.FULLNESS),
)

PAGES: tuple[Page, ...] = (PLAN, REFUND, FOOTFALL)
