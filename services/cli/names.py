"""The names of places, families, measures and components in the reader's language."""

import re
from collections.abc import Mapping

from tidemark.services.gazetteer import read_place_names
from tidemark.streams.contracts.family import Component, Measure, Unit
from tidemark.streams.contracts.money import yuan
from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.families.definitions import DEFINITIONS

MEASURE_NAMES: Mapping[str, Text] = {
    "footfall.place": Text("客流（按地点）", "footfall by place"),
    "footfall.sensor": Text("客流（按传感器）", "footfall by sensor"),
    "footfall.debut_sensor": Text("首发空间客流（按传感器）", "footfall of debut spaces by sensor"),
    "port.crossings": Text("口岸通关", "port crossings"),
    "payment.inbound": Text("境外来客支付", "inbound visitors' payments"),
    "payment.authorisation_time": Text("支付授权时长", "authorisation time"),
    "retail.sales": Text("零售额", "retail sales"),
    "trade.released": Text("放行报关单", "released declarations"),
    "trade.chapter": Text("放行报关单（按章）", "released declarations by HS chapter"),
    "trade.status": Text("报关单状态", "declarations by status"),
    "service_trade.value": Text("服务贸易额", "services trade"),
    "circular.turnover": Text("循环经济成交额", "second-hand turnover"),
    "circular.stage": Text("循环经济各环节", "second-hand lots by stage"),
    "refund.issued": Text("退税申请单开具", "refund forms issued"),
    "refund.shop": Text("退税申请单开具（按商店）", "refund forms by shop"),
    "refund.preaudits": Text("退税预审", "pre-audits"),
    "refund.preaudit_time": Text("退税预审时长", "pre-audit time"),
    "refund.verifications": Text("海关验核", "customs verifications"),
    "refund.verification_time": Text("海关验核时长", "verification time"),
    "refund.queue_time": Text("口岸排队时长", "queue time at the port"),
    "refund.custody_time": Text("开单至验核时长", "time from issue to verification"),
    "refund.payouts": Text("退税款支付", "refund payouts"),
    "refund.payout_time": Text("退税到账时长", "payout time"),
    "refund.cohort": Text("退税单办理进展（按开具期）", "outcome of refund forms by issue period"),
    "ticket.scans": Text("检票", "ticket scans"),
    "ticket.admitted": Text("入场票", "tickets admitted"),
    "ticket.activity": Text("入场票（按活动）", "tickets admitted by activity"),
    "ticket.benefits": Text("票根权益", "stub benefits"),
    "ticket.merchant": Text("票根权益核销（按商户）", "stub benefits by merchant"),
}

COMPONENT_NAMES: Mapping[str, Text] = {
    "above": Text("超过上限", "above all limits"),
    "amount_fen": Text("金额", "amount"),
    "amount_usd_cents": Text("金额", "amount"),
    "approved": Text("成功", "approved"),
    "attempts": Text("支付笔数", "attempts"),
    "audits": Text("预审", "audits"),
    "benefits": Text("权益", "benefits"),
    "completed_90d": Text("90 天内办结", "completed in 90 days"),
    "converted": Text("带动消费", "converted"),
    "credited": Text("已到账", "credited"),
    "cross_city": Text("跨城观众", "from other cities"),
    "declarations": Text("报关单", "declarations"),
    "discount_fen": Text("优惠金额", "discount"),
    "entered": Text("进入", "entered"),
    "exited": Text("离开", "exited"),
    "face_value_fen": Text("票面金额", "face value"),
    "failed_issuer": Text("发卡方拒绝", "declined by issuer"),
    "failed_technical": Text("技术失败", "failed technically"),
    "fee_fen": Text("手续费", "fee"),
    "forms": Text("申请单", "forms"),
    "gross_fen": Text("销售总额", "gross sales"),
    "invoice_fen": Text("发票金额", "invoice amount"),
    "items": Text("商品件数", "items"),
    "linked_fen": Text("带动消费金额", "linked spending"),
    "lots": Text("批次", "lots"),
    "manual_checks": Text("人工查验", "manual checks"),
    "online_fen": Text("线上销售额", "online sales"),
    "order_fen": Text("订单金额", "order amount"),
    "orders": Text("订单", "orders"),
    "parcels": Text("包裹", "parcels"),
    "passed": Text("验核通过", "passed"),
    "payouts": Text("支付笔数", "payouts"),
    "persons": Text("人次", "persons"),
    "preaudited": Text("已预审", "pre-audited"),
    "quantity": Text("数量", "quantity"),
    "redemptions": Text("核销", "redemptions"),
    "reports": Text("报告", "reports"),
    "returned_fen": Text("退货金额", "returns"),
    "scans": Text("检票次数", "scans"),
    "seals_broken": Text("封签破损", "seals broken"),
    "seconds": Text("统计秒数", "seconds counted"),
    "sum": Text("合计时长（秒）", "total seconds"),
    "suppressed": Text("隐去时段", "suppressed windows"),
    "tickets": Text("票", "tickets"),
    "used": Text("使用票根", "used a stub benefit"),
    "value_fen": Text("货值", "value of goods"),
    "verifications": Text("验核", "verifications"),
    "verified": Text("已验核", "verified"),
    "windows": Text("统计时段", "windows"),
}

_CURRENCIES: Mapping[Unit, Text] = {"fen": Text("元", "CNY"), "usd_cents": Text("美元", "USD")}
_BUCKET = re.compile(r"le_(\d+)(m?s)")


class Names:
    """The names in one language. Raises OSError, msgspec.DecodeError when the gazetteer cannot be read."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._places = read_place_names()

    def name_place(self, value: str) -> str:
        """The name of a place; empty for an id that is not in the gazetteer."""
        text = self._places.get(value)
        return text.in_language(self.language) if text else ""

    def name_family(self, family: str) -> str:
        """A family; empty for what is not one."""
        definition = DEFINITIONS.get(family)
        return definition.name.in_language(self.language) if definition else ""

    def name_measure(self, measure: Measure) -> str:
        """A measure; empty for one that has no name."""
        text = MEASURE_NAMES.get(measure.name)
        return text.in_language(self.language) if text else ""

    def name_component(self, component: Component) -> str:
        """A component; a bucket by its upper bound: le_5s is ≤ 5 s."""
        bucket = _BUCKET.fullmatch(component.name)
        if bucket:
            return f"≤ {int(bucket[1]):,} {bucket[2]}"
        text = COMPONENT_NAMES.get(component.name)
        return text.in_language(self.language) if text else component.name

    def format_value(self, component: Component, value: int) -> str:
        """A component's value; money in yuan or dollars with its currency."""
        if component.unit in _CURRENCIES:
            return f"{yuan(value)} {_CURRENCIES[component.unit].in_language(self.language)}"
        return f"{value:,}"
