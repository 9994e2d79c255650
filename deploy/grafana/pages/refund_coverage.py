"""How far the departure tax refund reaches: shops, points and complexes, and which of them sleep."""

from tidemark.deploy.grafana.page import Query, Units, bars, stat
from tidemark.deploy.grafana.promql import PLACE, deduplicate
from tidemark.services.exporter import indicator_metrics as i
from tidemark.streams.contracts.text import Text

_SHOPS = 'indicator="refund_shops"'
_IS_SHOP = 'kind="shop"'

SHOPS = stat(
    Text("有效退税商店", "Active refund shops"),
    Text(
        "登记为有效的离境退税商店，与规划路径当日应有数和 2030 目标。",
        "Refund shops registered as active, what the path expects today, and the target.",
    ),
    Units.NUMBER,
    Query(deduplicate(i.VALUE.name, _SHOPS), "现有 · now"),
    Query(deduplicate(i.EXPECTED.name, _SHOPS), "应有 · expected"),
    Query(deduplicate(i.TARGET.name, _SHOPS), "目标 · target"),
    width=8,
)
LAG = stat(
    Text("落后天数", "Days behind the path"),
    Text(
        "落后规划路径的天数，负数为超前；持续 7 天才告警。",
        "Days behind the path, negative when ahead; the alert wants seven days of it.",
    ),
    Units.DAYS.with_decimals(0),
    Query(f"{deduplicate(i.LAG.name, _SHOPS)} / 86400"),
    alert="RefundCoverageLagging",
)
NEEDED = stat(
    Text("年底前尚需商店", "Shops still needed this year"),
    Text("到年底路径点尚缺的商店数。", "Refund shops missing for the path's point at the year's end."),
    Units.NUMBER,
    Query(deduplicate(i.NEEDED.name)),
)
DORMANT = stat(
    Text("沉默商店占比", "Dormant shops"),
    Text("30 天未开单的有效商店占比。", "Active shops without a form in 30 days, of all."),
    Units.PERCENT,
    Query(f"1 - {deduplicate(i.ACTIVE.name)}"),
    alert="RefundShopsDormant",
)
ENTITIES = stat(
    Text("商店、即买即退点、综合体", "Shops, instant points, complexes"),
    Text("按类别计数的有效登记。", "Active entries of the registry by kind."),
    Units.NUMBER,
    Query(deduplicate(i.ENTITIES.name), "{{kind}}"),
    names=("kind",),
)
BY_PLACE = bars(
    Text("各商圈、商场的商店", "Shops by district and mall"),
    Text("含其中一切场所；没有的显示 0。", "With everything that lies in it; 0 where there is none."),
    Units.NUMBER,
    Query(f"sort_desc({deduplicate(i.AT_PLACE.name, _IS_SHOP, PLACE)})", "{{place}}"),
    height=10,
    names=("district", "mall"),
)
FORMS = bars(
    Text("各商圈、商场 30 天开单", "Forms of 30 days by district and mall"),
    Text("近 30 天开出的退税申请单。", "Refund forms issued in the last 30 days."),
    Units.NUMBER,
    Query(f"sort_desc({deduplicate(i.FORMS.name, PLACE)})", "{{place}}"),
    height=10,
    names=("district", "mall"),
)

ROWS = ((SHOPS, LAG, NEEDED, DORMANT, ENTITIES), (BY_PLACE, FORMS))
