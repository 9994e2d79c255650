"""Wall screens: 1920 × 1080, dark, few large panels, nothing to scroll.

A screen in kiosk mode holds 28 rows: 28 × 30 pixels and 27 gaps of 8 are 1,056.
"""

from dataclasses import replace

from tidemark.deploy.grafana.page import Page, Panel, Section
from tidemark.streams.contracts.text import Text

from . import footfall, plan_overview, refund_coverage, tax_refund

REFRESH = "5s"


def _sized(panel: Panel, width: int, height: int) -> Panel:
    return replace(panel, width=width, height=height)


def _wall(of: Page, *panels: Panel) -> Page:
    return replace(
        of,
        uid=f"wall-{of.uid}",
        folder="wall",
        title=Text(f"大屏：{of.title.zh}", f"Wall: {of.title.en}"),
        sections=(Section(None, panels),),
        refresh=REFRESH,
    )


PLAN = _wall(
    plan_overview.PAGE,
    _sized(plan_overview.STATUS, 16, 6),
    _sized(plan_overview.KNOWN, 8, 6),
    _sized(plan_overview.BEHIND, 12, 22),
    _sized(plan_overview.PROGRESS, 12, 22),
)
REFUND = _wall(
    tax_refund.PAGE,
    _sized(refund_coverage.SHOPS, 12, 6),
    _sized(refund_coverage.LAG, 4, 6),
    _sized(refund_coverage.NEEDED, 4, 6),
    _sized(refund_coverage.DORMANT, 4, 6),
    _sized(tax_refund.FUNNEL, 12, 11),
    _sized(refund_coverage.AT_PLACE, 12, 11),
    _sized(tax_refund.VERIFICATION, 8, 11),
    _sized(tax_refund.QUEUE, 8, 11),
    _sized(tax_refund.RATES, 8, 11),
)
FOOTFALL = _wall(
    footfall.PAGE,
    _sized(footfall.ENTERED_TODAY, 8, 6),
    _sized(footfall.ENTERED, 8, 6),
    _sized(footfall.INSIDE, 8, 6),
    _sized(footfall.DISTRICTS, 8, 22),
    _sized(footfall.MALLS, 8, 22),
    _sized(footfall.FULLNESS, 8, 22),
)

PAGES: tuple[Page, ...] = (PLAN, REFUND, FOOTFALL)
