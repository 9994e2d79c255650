"""Readable names of the ids that labels hold."""

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

from tidemark.services.gazetteer import load_places
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.definitions import DEFINITIONS
from tidemark.streams.families.table import FAMILIES

from .page import join_languages

PLACES = ("district", "mall", "debut", "landmark", "hub", "zone", "venue")
"""The kinds of places with business events; ports have a variable of their own."""

_READ_FIRST = ("footfall", "port", "refund", "payment", "retail", "ticket")


def _order_families() -> list[str]:
    """The families of facts in the order of display: the main ones, those with measures, the rest."""
    facts = [family for family in FAMILIES if family.stream is Stream.FACTS]
    rest = [family for family in facts if family.name not in _READ_FIRST]
    rest.sort(key=lambda family: not family.measures)
    return [*_READ_FIRST, *(family.name for family in rest)]


CODES: dict[str, dict[str, Text]] = {
    "mode": {
        "9610": Text("9610 直购进出口", "9610 direct parcels"),
        "9710": Text("9710 跨境B2B直接出口", "9710 B2B direct export"),
        "9810": Text("9810 出口海外仓", "9810 overseas warehouse"),
        "1210": Text("1210 保税电商", "1210 bonded e-commerce"),
        "0110": Text("0110 一般贸易", "0110 general trade"),
        "other": Text("其他", "other"),
        "ordinary": Text("离境后退税", "ordinary"),
        "instant": Text("即买即退", "instant"),
    },
    "direction": {
        "export": Text("出口", "exports"),
        "import": Text("进口", "imports"),
        "in": Text("入境", "in"),
        "out": Text("出境", "out"),
    },
    "rail": {
        "cash": Text("现金", "cash"),
        "card": Text("银行卡", "card"),
        "alipay": Text("支付宝", "Alipay"),
        "wechat": Text("微信支付", "WeChat Pay"),
        "alipay_hk": Text("支付宝香港", "AlipayHK"),
        "cross_border_pay": Text("跨境支付通", "Cross-border Pay"),
    },
    "scheme": {
        "visa": Text("维萨", "Visa"),
        "mastercard": Text("万事达", "Mastercard"),
        "alipay_plus": Text("支付宝+", "Alipay+"),
        "wechat_intl": Text("微信支付境外", "WeChat Pay international"),
        "amex": Text("美国运通", "American Express"),
        "jcb": Text("吉士美", "JCB"),
        "diners": Text("大来", "Diners"),
        "ecny_hard": Text("数字人民币硬钱包", "e-CNY hard wallet"),
    },
    "family": {family: DEFINITIONS[family].label for family in _order_families()},
    "stage": {
        "acquired": Text("收购", "acquired"),
        "graded": Text("分级", "graded"),
        "sold": Text("售出", "sold"),
        "exported": Text("出口", "exported"),
        "reversed": Text("冲回", "reversed"),
        "claimed": Text("领取", "claimed"),
        "redeemed": Text("核销", "redeemed"),
        "expired": Text("过期", "expired"),
    },
    "kind": {
        "shop": Text("退税商店", "refund shops"),
        "point": Text("即买即退点", "instant points"),
        "complex": Text("即买即退综合体", "instant complexes"),
    },
}


def list_names(group: str) -> dict[str, str]:
    """Names by id, of a kind of place (mall, port…) or of a label's codes (mode, rail…)."""
    if group in CODES:
        return {code: join_languages(words) for code, words in CODES[group].items()}
    return {place.id: f"{place.zh} · {place.en}" for place in load_places() if place.kind == group}


def build_value_map(groups: tuple[str, ...]) -> ValueMap:
    """Grafana's value mapping from the ids of all groups to their names."""
    labels = {id_: name for group in groups for id_, name in list_names(group).items()}
    return ValueMap({id_: ValueMappingResult(text=name) for id_, name in labels.items()})
