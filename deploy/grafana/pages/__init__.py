"""Every dashboard, once."""

from tidemark.deploy.grafana.page import Page

from . import (
    circular_economy,
    data_quality,
    footfall,
    inbound_payment,
    launch_economy,
    plan_overview,
    retail,
    tax_refund,
    ticket_economy,
    tidemark_itself,
    trade,
    walls,
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
    *walls.PAGES,
)
