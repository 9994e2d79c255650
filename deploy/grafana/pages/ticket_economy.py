"""Ticket economy: the spending that ticket stubs bring to shops."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PLACE,
    YEAR,
    deduplicate,
    divide,
    find_metric,
    find_wan_metric,
    query_sum_by,
    select_daily,
    select_largest,
    sum_series,
)
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.ticket import TICKET_ADMITTED, TICKET_BENEFITS

_CHOSEN = (PERIOD, PLACE)


def _sum_tickets(component: str, *by: str) -> str:
    return sum_series(deduplicate(find_metric(TICKET_ADMITTED, component), *_CHOSEN), *by)


ADMITTED = stat(
    Text("入场票数", "Tickets admitted"),
    Text(
        "时段内入场票数，以及其中的跨城观众数。",
        "Distinct tickets admitted in the period, and those of visitors from other cities.",
    ),
    Units.WHOLE,
    Query(_sum_tickets("tickets"), "入场 · admitted"),
    Query(_sum_tickets("cross_city"), "跨城 · other cities"),
    width=8,
)
USE = stat(
    Text("票根使用率", "Stub redemption rate"),
    Text("票根已核销的票数 ÷ 入场票数。", "Admitted tickets with a redeemed stub ÷ all admitted tickets."),
    Units.PERCENT.with_decimals(1),
    Query(divide(_sum_tickets("used"), _sum_tickets("tickets"))),
)
CONVERSION = stat(
    Text("二次消费转化率", "Conversion to further spending"),
    Text(
        "有关联付款订单的票数 ÷ 入场票数。",
        "Admitted tickets with a paid order linked to the stub ÷ all admitted tickets.",
    ),
    Units.PERCENT.with_decimals(1),
    Query(divide(_sum_tickets("converted"), _sum_tickets("tickets"))),
)
PULL = stat(
    Text("拉动倍数", "Spending multiplier"),
    Text(
        "票根关联消费 ÷ 票面金额；不提供今日数。",
        "Spending linked to stubs ÷ face value of the tickets; not available for today.",
    ),
    Units.NUMBER.with_decimals(2),
    Query(deduplicate(f.PULL.ratio.name, PERIOD)),
)
PARTICIPATION = stat(
    Text("商户参与率", "Merchant participation rate"),
    Text(
        "有核销的商户数 ÷ 接受票根的商户数。",
        "Merchants that redeemed a stub ÷ merchants that accept stubs.",
    ),
    Units.PERCENT.with_decimals(1),
    Query(deduplicate(f.PARTICIPATION.ratio.name), "{{window}}"),
)
LINKED = stat(
    Text("票根关联消费", "Spending linked to stubs"),
    Text("时段内入场票的关联消费金额。", "Value of orders linked to the tickets admitted in the period."),
    Units.WAN.with_decimals(1),
    Query(sum_series(deduplicate(find_wan_metric(TICKET_ADMITTED, "linked_fen"), *_CHOSEN))),
    width=6,
    height=8,
)
BY_PLACE = bars(
    Text("各场所票根使用率", "Stub redemption rate by venue"),
    Text("使用率最高的二十处。", "The twenty venues with the highest rate."),
    Units.PERCENT,
    Query(
        select_largest(20, divide(_sum_tickets("used", "place"), _sum_tickets("tickets", "place"))),
        "{{place}}",
    ),
    names=PLACES,
)
BENEFITS = bars(
    Text("权益流转环节", "Benefits by stage"),
    Text("时段内票根权益到达各环节的次数。", "Benefits that reached each stage in the period."),
    Units.SHORT,
    query_sum_by("stage", deduplicate(find_metric(TICKET_BENEFITS, "benefits"), *_CHOSEN)),
    names=("stage",),
)
DISCOUNTS = bars(
    Text("优惠与带动订单", "Discounts and linked orders"),
    Text(
        "时段内核销的优惠金额与关联订单金额。",
        "Value of discounts given and of linked orders, for benefits redeemed in the period.",
    ),
    Units.WAN.with_decimals(1),
    Query(
        sum_series(
            deduplicate(find_wan_metric(TICKET_BENEFITS, "discount_fen"), *_CHOSEN, 'stage="redeemed"')
        ),
        "优惠 · discounts",
    ),
    Query(
        sum_series(deduplicate(find_wan_metric(TICKET_BENEFITS, "order_fen"), *_CHOSEN, 'stage="redeemed"')),
        "订单 · orders",
    ),
)
TREND = lines(
    Text("今年入场累计", "Admissions since New Year"),
    Text("今年以来入场票数累计的 90 天走势。", "Tickets admitted since New Year, the last 90 days."),
    Units.SHORT,
    Query(sum_series(select_daily(find_metric(TICKET_ADMITTED, "tickets"), YEAR, PLACE)), "入场 · admitted"),
    days=90,
)

PAGE = Page(
    uid="ticket-economy",
    folder="business",
    title=Text("票根经济", "Ticket economy"),
    about=Text("票根使用、二次消费与消费拉动。", "Redemption of stubs and the spending linked to them."),
    variables=("period", "place"),
    sections=(
        section(Text("概况", "Overview"), [ADMITTED, USE, CONVERSION, PULL, PARTICIPATION]),
        section(
            Text("消费流向", "Where the spending goes"), [LINKED, BY_PLACE, BENEFITS], [DISCOUNTS, TREND]
        ),
    ),
)
