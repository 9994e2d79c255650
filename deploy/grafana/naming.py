"""Readable names of the ids that labels hold."""

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

from tidemark.deploy.prometheus.units import Words
from tidemark.services.gazetteer import load_places

from .page import bilingual

PLACES = ("district", "mall", "debut", "landmark", "hub", "zone", "venue")
"""The kinds of places that things happen at; ports are apart."""

CODES: dict[str, dict[str, Words]] = {
    "mode": {
        "9610": Words("9610 直购进出口", "9610 direct parcels"),
        "9710": Words("9710 跨境B2B直接出口", "9710 B2B direct export"),
        "9810": Words("9810 出口海外仓", "9810 overseas warehouse"),
        "1210": Words("1210 保税电商", "1210 bonded e-commerce"),
        "0110": Words("0110 一般贸易", "0110 general trade"),
        "other": Words("其他", "other"),
        "ordinary": Words("离境后退税", "ordinary"),
        "instant": Words("即买即退", "instant"),
    },
    "direction": {
        "export": Words("出口", "exports"),
        "import": Words("进口", "imports"),
        "in": Words("入境", "in"),
        "out": Words("出境", "out"),
    },
    "rail": {
        "cash": Words("现金", "cash"),
        "card": Words("银行卡", "card"),
        "alipay": Words("支付宝", "Alipay"),
        "wechat": Words("微信支付", "WeChat Pay"),
        "alipay_hk": Words("支付宝香港", "AlipayHK"),
        "cross_border_pay": Words("跨境支付通", "Cross-border Pay"),
    },
    "scheme": {
        "visa": Words("维萨", "Visa"),
        "mastercard": Words("万事达", "Mastercard"),
        "alipay_plus": Words("支付宝+", "Alipay+"),
        "wechat_intl": Words("微信支付境外", "WeChat Pay international"),
        "amex": Words("美国运通", "American Express"),
        "jcb": Words("吉士美", "JCB"),
        "diners": Words("大来", "Diners"),
        "ecny_hard": Words("数字人民币硬钱包", "e-CNY hard wallet"),
    },
    "family": {
        "footfall": Words("客流", "footfall"),
        "port": Words("口岸", "port"),
        "refund": Words("退税", "refund"),
        "payment": Words("支付", "payment"),
        "retail": Words("零售", "retail"),
        "ticket": Words("票根", "ticket"),
        "trade": Words("货物贸易", "trade"),
        "service_trade": Words("服务贸易", "services"),
        "circular": Words("循环经济", "circular"),
        "registry": Words("登记", "registry"),
        "activity": Words("活动", "activity"),
        "official": Words("官方数据", "official"),
    },
    "stage": {
        "acquired": Words("收购", "acquired"),
        "graded": Words("分级", "graded"),
        "sold": Words("售出", "sold"),
        "exported": Words("出口", "exported"),
        "reversed": Words("冲回", "reversed"),
        "claimed": Words("领取", "claimed"),
        "redeemed": Words("核销", "redeemed"),
        "expired": Words("过期", "expired"),
    },
    "kind": {
        "shop": Words("退税商店", "refund shops"),
        "point": Words("即买即退点", "instant points"),
        "complex": Words("即买即退综合体", "instant complexes"),
    },
}


def names(group: str) -> dict[str, str]:
    """Names by id: of a kind of place (mall, port…), or of a label's codes (mode, rail…)."""
    if group in CODES:
        return {code: bilingual(words) for code, words in CODES[group].items()}
    return {place.id: f"{place.zh} · {place.en}" for place in load_places() if place.kind == group}


def mapping(groups: tuple[str, ...]) -> ValueMap:
    """Grafana's mapping from the ids of all groups to their names."""
    found = {id_: name for group in groups for id_, name in names(group).items()}
    return ValueMap({id_: ValueMappingResult(text=name) for id_, name in found.items()})
