"""Ticket economy: what ticket stubs do for shops."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Section, bars, lines, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PLACE,
    YEAR,
    daily,
    largest,
    name_of,
    one,
    share,
    total,
    wan,
)
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.ticket import TICKET_ADMITTED, TICKET_BENEFITS

_CHOSEN = (PERIOD, PLACE)


def _stubs(component: str, *by: str) -> str:
    return total(one(name_of(TICKET_ADMITTED, component), *_CHOSEN), *by)


ADMITTED = stat(
    title=Text("入场票数", "Tickets admitted"),
    about=Text(
        "时段内入场的不同票，及其中跨城观众。", "Distinct tickets admitted, and those from other cities."
    ),
    unit="locale",
    width=8,
    queries=(Query(_stubs("tickets"), "入场 · admitted"), Query(_stubs("cross_city"), "跨城 · other cities")),
)
USE = stat(
    title=Text("票根使用率", "Stub use"),
    about=Text(
        "票根至今被核销过的票 ÷ 入场票。", "Admitted tickets whose stub was redeemed by now ÷ all admitted."
    ),
    unit="percentunit",
    decimals=1,
    queries=(Query(share(_stubs("used"), _stubs("tickets"))),),
)
CONVERSION = stat(
    title=Text("二次消费转化率", "Secondary conversion"),
    about=Text(
        "有关联付款订单的票 ÷ 入场票。",
        "Admitted tickets with a paid order linked to the stub ÷ all admitted.",
    ),
    unit="percentunit",
    decimals=1,
    queries=(Query(share(_stubs("converted"), _stubs("tickets"))),),
)
PULL = stat(
    title=Text("拉动倍数", "Pull"),
    about=Text(
        "票根关联消费 ÷ 票面金额；无今日数。", "Spending linked to stubs ÷ face value; from the month up."
    ),
    unit="none",
    decimals=2,
    queries=(Query(one(f.PULL.ratio.name, PERIOD)),),
)
PARTICIPATION = stat(
    title=Text("商户参与率", "Merchants taking part"),
    about=Text(
        "有过核销的商户 ÷ 接受票根的商户。", "Merchants with a redeemed stub ÷ merchants that accept stubs."
    ),
    unit="percentunit",
    decimals=1,
    queries=(Query(one(f.PARTICIPATION.ratio.name), "{{window}}"),),
)
LINKED = stat(
    title=Text("票根关联消费", "Spending linked to stubs"),
    about=Text("时段内入场票的关联消费。", "Orders linked to the tickets admitted in the period."),
    unit="suffix: 万元",
    decimals=1,
    height=8,
    width=6,
    queries=(Query(total(one(wan(TICKET_ADMITTED, "linked_fen"), *_CHOSEN))),),
)
BY_PLACE = bars(
    title=Text("各场所票根使用率", "Stub use by venue"),
    about=Text("使用率最高的二十处。", "The twenty places with the highest use."),
    unit="percentunit",
    width=9,
    names=PLACES,
    queries=(Query(largest(20, share(_stubs("used", "place"), _stubs("tickets", "place"))), "{{place}}"),),
)
BENEFITS = bars(
    title=Text("权益流转", "Benefits by stage"),
    about=Text("时段内票根权益到达各环节的次数。", "Benefits that reached each stage in the period."),
    unit="short",
    width=9,
    names=("stage",),
    queries=(Query(total(one(name_of(TICKET_BENEFITS, "benefits"), *_CHOSEN), "stage"), "{{stage}}"),),
)
DISCOUNTS = bars(
    title=Text("优惠与带动订单", "Discounts and the orders they brought"),
    about=Text(
        "时段内核销的优惠金额与关联订单金额。", "Discounts given and orders linked, of redeemed benefits."
    ),
    unit="suffix: 万元",
    decimals=1,
    width=12,
    queries=(
        Query(
            total(one(wan(TICKET_BENEFITS, "discount_fen"), *_CHOSEN, 'stage="redeemed"')), "优惠 · discounts"
        ),
        Query(total(one(wan(TICKET_BENEFITS, "order_fen"), *_CHOSEN, 'stage="redeemed"')), "订单 · orders"),
    ),
)
TREND = lines(
    title=Text("今年入场累计", "Admissions since New Year"),
    about=Text("今年以来入场票数累计的 90 天走势。", "Tickets admitted since New Year, over 90 days."),
    unit="short",
    days=90,
    queries=(Query(total(daily(name_of(TICKET_ADMITTED, "tickets"), YEAR, PLACE)), "入场 · admitted"),),
)

PAGE = Page(
    uid="ticket-economy",
    folder="business",
    title=Text("票根经济", "Ticket economy"),
    about=Text("票根使用、二次消费与拉动。", "Stub use, secondary conversion and pull."),
    variables=("period", "place"),
    sections=(
        Section(Text("概况", "Overview"), (ADMITTED, USE, CONVERSION, PULL, PARTICIPATION)),
        Section(Text("流向", "Where it goes"), (LINKED, BY_PLACE, BENEFITS, DISCOUNTS, TREND)),
    ),
)
