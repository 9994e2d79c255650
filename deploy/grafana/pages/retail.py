"""Consumption and retail."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PLACE,
    YEAR,
    deduplicate,
    divide,
    find_metric,
    find_yi_metric,
    select_daily,
    select_largest,
    sum_series,
)
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.retail import RETAIL_SALES

from .plan_overview import NOWCAST

_CHOSEN = (PERIOD, PLACE)


def _sum_money(component: str, *by: str) -> str:
    return sum_series(deduplicate(find_yi_metric(RETAIL_SALES, component), *_CHOSEN), *by)


def _sum_net(*by: str) -> str:
    return f"{_sum_money('gross_fen', *by)} - {_sum_money('returned_fen', *by)}"


NET = stat(
    Text("零售净额", "Net retail sales"),
    Text("时段内销售减退货。", "Sales minus returns in the period."),
    Units.YI.with_decimals(2),
    Query(_sum_net()),
    width=6,
)
ONLINE = stat(
    Text("线上占比", "Online share"),
    Text("线上下单金额 ÷ 销售金额。", "Sales ordered online ÷ gross sales."),
    Units.PERCENT.with_decimals(1),
    Query(divide(_sum_money("online_fen"), _sum_money("gross_fen"))),
)
RETURNED = stat(
    Text("退货率", "Return rate"),
    Text("退货金额 ÷ 销售金额。", "Value returned ÷ gross sales."),
    Units.PERCENT.with_decimals(1),
    Query(divide(_sum_money("returned_fen"), _sum_money("gross_fen"))),
)
ORDERS = stat(
    Text("订单数", "Orders"),
    Text("时段内上报的订单数。", "Orders reported in the period."),
    Units.SHORT,
    Query(sum_series(deduplicate(find_metric(RETAIL_SALES, "orders"), *_CHOSEN))),
    width=5,
)
SPEND = stat(
    Text("每次到访消费", "Spending per visit"),
    Text(
        "全区零售净额 ÷ 到访人次；不提供今日数。",
        "Net retail sales ÷ visits, whole district; not available for today.",
    ),
    Units.YUAN.with_decimals(0),
    Query(deduplicate(f.SPEND.name, PERIOD)),
    width=5,
)
CATEGORIES = bars(
    Text("各业态净额", "Net sales by category"),
    Text("时段内销售减退货，按业态。", "Sales minus returns by category."),
    Units.YI.with_decimals(2),
    Query(_sum_net("category"), "{{category}}"),
)
BY_PLACE = bars(
    Text("各地净额", "Net sales by place"),
    Text("时段内净额最高的二十处。", "The twenty places with the largest net sales in the period."),
    Units.YI.with_decimals(2),
    Query(select_largest(20, _sum_net("place")), "{{place}}"),
    names=PLACES,
)
TREND = lines(
    Text("今年销售累计", "Sales since New Year"),
    Text("今年以来销售金额累计的 90 天走势。", "Gross sales since New Year, the last 90 days."),
    Units.YI,
    Query(sum_series(select_daily(find_yi_metric(RETAIL_SALES, "gross_fen"), YEAR, PLACE)), "销售 · sales"),
    days=90,
)
PAGE = Page(
    uid="retail",
    folder="business",
    title=Text("消费与零售", "Consumption and retail"),
    about=Text("商场与发票平台上报的零售。", "Retail sales reported by malls and invoice platforms."),
    variables=("period", "place"),
    sections=(
        section(
            Text("概况", "Overview"), [NET, ONLINE, RETURNED, ORDERS, SPEND], [CATEGORIES, BY_PLACE], [TREND]
        ),
        section(Text("与官方数据比较", "Compared with official figures"), [NOWCAST]),
    ),
)
