"""Trade: goods, cross-border e-commerce by customs mode, services."""

from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    YEAR,
    deduplicate,
    divide,
    find_metric,
    find_yi_metric,
    query_sum_by,
    select_daily,
    select_largest,
    sum_series,
)
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE
from tidemark.streams.families.trade import TRADE_CHAPTER, TRADE_RELEASED, TRADE_STATUS

_ECOMMERCE = 'mode=~"9610|9710|9810|1210"'


def _sum_goods(*matchers: str, by: str = "") -> str:
    labels = (by,) if by else ()
    return sum_series(deduplicate(find_yi_metric(TRADE_RELEASED, "value_fen"), PERIOD, *matchers), *labels)


GOODS = stat(
    Text("货物贸易", "Trade in goods"),
    Text("时段内放行货值，按进出口。", "Value released by customs in the period, exports and imports."),
    Units.YI.with_decimals(2),
    Query(_sum_goods(by="direction"), "{{direction}}"),
    width=8,
    names=("direction",),
)
ECOMMERCE = stat(
    Text("跨境电商", "Cross-border e-commerce"),
    Text(
        "监管方式 9610、9710、9810、1210 的放行货值。",
        "Value released under customs modes 9610, 9710, 9810 and 1210.",
    ),
    Units.YI.with_decimals(2),
    Query(_sum_goods(_ECOMMERCE)),
)
SHARE = stat(
    Text("跨境电商占比", "Share of e-commerce"),
    Text("跨境电商货值 ÷ 全部放行货值。", "Value of cross-border e-commerce ÷ total value released."),
    Units.PERCENT.with_decimals(1),
    Query(divide(_sum_goods(_ECOMMERCE), _sum_goods())),
)
PARCELS = stat(
    Text("放行包裹", "Parcels released"),
    Text("时段内放行包裹数减退运数。", "Parcels released minus parcels returned, in the period."),
    Units.SHORT,
    Query(sum_series(deduplicate(find_metric(TRADE_RELEASED, "parcels"), PERIOD))),
)
DECLARATIONS = stat(
    Text("放行报关单", "Declarations released"),
    Text(
        "时段内放行报关单数减撤销、退运数。",
        "Declarations released minus those cancelled or returned, in the period.",
    ),
    Units.SHORT,
    Query(sum_series(deduplicate(find_metric(TRADE_RELEASED, "declarations"), PERIOD))),
)
MODES = bars(
    Text("各监管方式货值", "Value by customs mode"),
    Text("时段内放行货值，按监管方式。", "Value released in the period by customs mode."),
    Units.YI.with_decimals(3),
    Query(_sum_goods(by="mode"), "{{mode}}"),
    names=("mode",),
)
PARTNERS = bars(
    Text("贸易伙伴", "Trading partners"),
    Text("时段内货值最高的二十个贸易伙伴组。", "The twenty partner groups with the largest value."),
    Units.YI.with_decimals(3),
    Query(select_largest(20, _sum_goods(by="partner_group")), "{{partner_group}}"),
)
CHAPTERS = bars(
    Text("商品章", "HS chapters"),
    Text(
        "按协调制度编码前两位，货值最高的二十章。",
        "First two digits of the HS code, the twenty with the largest value.",
    ),
    Units.YI.with_decimals(3),
    Query(
        select_largest(
            20, sum_series(deduplicate(find_yi_metric(TRADE_CHAPTER, "value_fen"), PERIOD), "chapter")
        ),
        "{{chapter}}",
    ),
)
STATUSES = bars(
    Text("报关单状态", "Declarations by status"),
    Text("时段内到达各状态的报关单数。", "Declarations that reached each status in the period."),
    Units.SHORT,
    query_sum_by("status", deduplicate(find_metric(TRADE_STATUS, "declarations"), PERIOD)),
)
TREND = lines(
    Text("今年跨境电商货值累计", "Cross-border e-commerce since New Year"),
    Text(
        "今年以来跨境电商各监管方式货值累计的 90 天走势。",
        "Value of cross-border e-commerce since New Year by customs mode, the last 90 days.",
    ),
    Units.YI,
    query_sum_by("mode", select_daily(find_yi_metric(TRADE_RELEASED, "value_fen"), YEAR, _ECOMMERCE)),
    days=90,
    names=("mode",),
)
SERVICES = stat(
    Text("服务贸易", "Trade in services"),
    Text(
        "时段内各月的服务贸易额，按进出口，美元；按月报送，不提供今日数。",
        "Services traded in the months of the period, US dollars; reported monthly, not available for today.",
    ),
    Units.DOLLARS,
    query_sum_by("direction", deduplicate(find_metric(SERVICE_TRADE_VALUE, "amount_usd_cents"), PERIOD)),
    height=8,
    names=("direction",),
)
KINDS = bars(
    Text("服务类别", "Service categories"),
    Text("按 EBOPS 分类，金额最高的二十类，美元。", "The twenty largest EBOPS categories, US dollars."),
    Units.DOLLARS,
    Query(
        select_largest(
            20,
            sum_series(
                deduplicate(find_metric(SERVICE_TRADE_VALUE, "amount_usd_cents"), PERIOD), "ebops_code"
            ),
        ),
        "{{ebops_code}}",
    ),
)
REGIONS = bars(
    Text("服务贸易伙伴地区", "Counterpart regions"),
    Text("按伙伴地区，金额最高的二十个，美元。", "The twenty largest counterpart regions, US dollars."),
    Units.DOLLARS,
    Query(
        select_largest(
            20,
            sum_series(
                deduplicate(find_metric(SERVICE_TRADE_VALUE, "amount_usd_cents"), PERIOD),
                "counterpart_region",
            ),
        ),
        "{{counterpart_region}}",
    ),
)

PAGE = Page(
    uid="trade",
    folder="business",
    title=Text("贸易", "Trade"),
    about=Text("货物、跨境电商与服务贸易。", "Goods, cross-border e-commerce and services."),
    variables=("period",),
    sections=(
        section(Text("货物", "Goods"), [GOODS, ECOMMERCE, SHARE, PARCELS, DECLARATIONS]),
        section(Text("构成", "Composition"), [MODES, PARTNERS, CHAPTERS], [STATUSES, TREND]),
        section(Text("服务", "Services"), [SERVICES, KINDS, REGIONS]),
    ),
)
