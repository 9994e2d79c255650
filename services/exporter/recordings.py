"""Recording rules: exported sums of money in 万元 (wan) or 亿元 (yi), the units of bureau reports.

Prometheus evaluates them from the rule file that deploy/prometheus renders; the history of past days
contains the same amounts, so that no rule has to be evaluated over the past.
"""

from typing import NamedTuple

WAN = 10_000
YI = 100_000_000


class Recording(NamedTuple):
    """A recorded metric: the exported sum `source`, in yuan, divided by `yuan` (WAN or YI)."""

    name: str
    source: str
    yuan: int


RECORDINGS: tuple[Recording, ...] = (
    Recording("tidemark:payment_inbound_amount_wan_yuan", "tidemark_payment_inbound_amount_yuan", WAN),
    Recording("tidemark:payment_inbound_amount_yi_yuan", "tidemark_payment_inbound_amount_yuan", YI),
    Recording("tidemark:retail_gross_yi_yuan", "tidemark_retail_gross_yuan", YI),
    Recording("tidemark:retail_returned_yi_yuan", "tidemark_retail_returned_yuan", YI),
    Recording("tidemark:retail_online_yi_yuan", "tidemark_retail_online_yuan", YI),
    Recording("tidemark:trade_released_value_yi_yuan", "tidemark_trade_released_value_yuan", YI),
    Recording("tidemark:trade_chapter_value_yi_yuan", "tidemark_trade_chapter_value_yuan", YI),
    Recording("tidemark:circular_turnover_wan_yuan", "tidemark_circular_turnover_yuan", WAN),
    Recording("tidemark:circular_turnover_yi_yuan", "tidemark_circular_turnover_yuan", YI),
    Recording("tidemark:refund_issued_invoice_wan_yuan", "tidemark_refund_issued_invoice_yuan", WAN),
    Recording("tidemark:refund_payout_wan_yuan", "tidemark_refund_payout_yuan", WAN),
    Recording("tidemark:ticket_stub_linked_wan_yuan", "tidemark_ticket_stub_linked_yuan", WAN),
    Recording("tidemark:ticket_benefit_order_wan_yuan", "tidemark_ticket_benefit_order_yuan", WAN),
    Recording("tidemark:ticket_benefit_discount_wan_yuan", "tidemark_ticket_benefit_discount_yuan", WAN),
)
"""Exactly the recordings that dashboards read: a test fails on an unused one."""
