"""Consumption and retail."""

from dataclasses import replace

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Section, bars, lines, stat
from tidemark.deploy.grafana.promql import PERIOD, PLACE, YEAR, daily, largest, name_of, one, share, total, yi
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.retail import RETAIL_SALES

from .plan_overview import NOWCAST

_CHOSEN = (PERIOD, PLACE)


def _money(component: str, *by: str) -> str:
    return total(one(yi(RETAIL_SALES, component), *_CHOSEN), *by)


def _net(*by: str) -> str:
    return f"{_money('gross_fen', *by)} - {_money('returned_fen', *by)}"


NET = stat(
    title=Text("零售净额", "Net retail sales"),
    about=Text("时段内销售减退货。", "Sales less returns in the period."),
    unit="suffix: 亿元",
    decimals=2,
    width=6,
    queries=(Query(_net()),),
)
ONLINE = stat(
    title=Text("线上占比", "Online share"),
    about=Text("线上下单金额 ÷ 销售金额。", "Sales ordered online ÷ gross sales."),
    unit="percentunit",
    decimals=1,
    queries=(Query(share(_money("online_fen"), _money("gross_fen"))),),
)
RETURNED = stat(
    title=Text("退货率", "Return rate"),
    about=Text("退货金额 ÷ 销售金额。", "Returned ÷ gross sales."),
    unit="percentunit",
    decimals=1,
    queries=(Query(share(_money("returned_fen"), _money("gross_fen"))),),
)
ORDERS = stat(
    title=Text("订单数", "Orders"),
    about=Text("时段内上报的订单数。", "Orders reported in the period."),
    unit="short",
    width=5,
    queries=(Query(total(one(name_of(RETAIL_SALES, "orders"), *_CHOSEN))),),
)
SPEND = stat(
    title=Text("每次到访消费", "Spending per visit"),
    about=Text(
        "零售净额 ÷ 到访人次，全区；无今日数。",
        "Net retail sales ÷ visits, the whole district; from the month up.",
    ),
    unit="suffix: 元",
    decimals=0,
    width=5,
    queries=(Query(one(f.SPEND.name, PERIOD)),),
)
CATEGORIES = bars(
    title=Text("各业态净额", "Net sales by category"),
    about=Text("时段内销售减退货，按业态。", "Sales less returns by category."),
    unit="suffix: 亿元",
    decimals=2,
    width=12,
    queries=(Query(_net("category"), "{{category}}"),),
)
BY_PLACE = bars(
    title=Text("各地净额", "Net sales by place"),
    about=Text("时段内净额最高的二十处。", "The twenty places with the largest net sales."),
    unit="suffix: 亿元",
    decimals=2,
    width=12,
    names=PLACES,
    queries=(Query(largest(20, _net("place")), "{{place}}"),),
)
TREND = lines(
    title=Text("今年销售累计", "Sales since New Year"),
    about=Text("今年以来销售金额累计的 90 天走势。", "Gross sales since New Year, over 90 days."),
    unit="suffix: 亿元",
    width=24,
    days=90,
    queries=(Query(total(daily(yi(RETAIL_SALES, "gross_fen"), YEAR, PLACE)), "销售 · sales"),),
)
PAGE = Page(
    uid="retail",
    folder="business",
    title=Text("消费与零售", "Consumption and retail"),
    about=Text("商场与发票平台上报的零售。", "Retail sales as malls and invoice platforms report them."),
    variables=("period", "place"),
    sections=(
        Section(
            Text("概况", "Overview"), (NET, ONLINE, RETURNED, ORDERS, SPEND, CATEGORIES, BY_PLACE, TREND)
        ),
        Section(Text("与官方数据比", "Against official figures"), (replace(NOWCAST, width=24),)),
    ),
)
