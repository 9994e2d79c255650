"""Coverage of the departure tax refund: shops, points and complexes, and the dormant ones among them."""

from tidemark.deploy.grafana.page import Query, Units, bars, stat
from tidemark.deploy.grafana.promql import PLACE, deduplicate
from tidemark.services.exporter import indicator_metrics as i
from tidemark.streams.contracts.text import Text

_SHOPS = 'indicator="refund_shops"'
_IS_SHOP = 'kind="shop"'

SHOPS = stat(
    Text("在营退税商店", "Active refund shops"),
    Text(
        "登记为在营的离境退税商店数，以及规划路径当日应达数和 2030 年目标。",
        "Refund shops registered as active, what the path expects today, and the target for 2030.",
    ),
    Units.NUMBER,
    Query(deduplicate(i.VALUE.name, _SHOPS), "现有 · now"),
    Query(deduplicate(i.EXPECTED.name, _SHOPS), "应达 · expected"),
    Query(deduplicate(i.TARGET.name, _SHOPS), "目标 · target"),
    width=8,
)
LAG = stat(
    Text("落后天数", "Days behind the path"),
    Text(
        "落后于规划路径的天数，负数为超前；持续 7 天才告警。",
        "Days behind the path, negative when ahead; the alert fires after seven days.",
    ),
    Units.DAYS.with_decimals(0),
    Query(f"{deduplicate(i.LAG.name, _SHOPS)} / 86400"),
    alert="RefundCoverageLagging",
)
NEEDED = stat(
    Text("年底前尚需商店", "Shops still needed this year"),
    Text(
        "距规划路径年底应达数尚缺的商店数。",
        "Shops still missing to what the path expects at the end of the year.",
    ),
    Units.NUMBER,
    Query(deduplicate(i.NEEDED.name)),
)
DORMANT = stat(
    Text("未开单商店占比", "Share of dormant shops"),
    Text("在营商店中 30 天未开单的占比。", "Share of the active shops that issued no form in 30 days."),
    Units.PERCENT,
    Query(f"1 - {deduplicate(i.ACTIVE.name)}"),
    alert="RefundShopsDormant",
)
ENTITIES = stat(
    Text("商店、即买即退点、综合体", "Shops, instant points, complexes"),
    Text("登记为在营的家数，按类别。", "Entries registered as active, by kind."),
    Units.NUMBER,
    Query(deduplicate(i.ENTITIES.name), "{{kind}}"),
    names=("kind",),
)
BY_PLACE = bars(
    Text("各商圈、商场的退税商店", "Refund shops by district and mall"),
    Text("含其下属全部场所；没有的显示 0。", "Includes all places within; 0 where there is none."),
    Units.NUMBER,
    Query(f"sort_desc({deduplicate(i.AT_PLACE.name, _IS_SHOP, PLACE)})", "{{place}}"),
    height=10,
    names=("district", "mall"),
)
FORMS = bars(
    Text("各商圈、商场近 30 天开单", "Forms in 30 days by district and mall"),
    Text("近 30 天开出的退税申请单数。", "Refund forms issued in the last 30 days."),
    Units.NUMBER,
    Query(f"sort_desc({deduplicate(i.FORMS.name, PLACE)})", "{{place}}"),
    height=10,
    names=("district", "mall"),
)

ROWS = ((SHOPS, LAG, NEEDED, DORMANT, ENTITIES), (BY_PLACE, FORMS))
