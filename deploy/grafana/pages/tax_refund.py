"""Departure tax refund: coverage, funnel, times of the three stages, instant refund and the ports."""

from tidemark.deploy.grafana.page import Page, Panel, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PORT,
    YEAR,
    deduplicate,
    find_metric,
    find_wan_metric,
    query_sum_by,
    select_daily,
    sum_series,
)
from tidemark.deploy.prometheus.alerts.promql import find_quantile_metric
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.port import PORT_CROSSINGS
from tidemark.streams.families.refund import (
    REFUND_COHORT,
    REFUND_CUSTODY_TIME,
    REFUND_ISSUED,
    REFUND_PAYOUT_TIME,
    REFUND_PAYOUTS,
    REFUND_QUEUE_TIME,
    REFUND_VERIFICATION_TIME,
    REFUND_VERIFICATIONS,
)

from . import refund_coverage

_SLOWEST = 'quantile="0.95"'


def _sum_cohort(component: str) -> str:
    return sum_series(deduplicate(find_metric(REFUND_COHORT, component), PERIOD))


FUNNEL = bars(
    Text("退税办理进度", "Refund funnel"),
    Text(
        "时段内开出的申请单截至目前的办理进度：开单、预审、验核、通过、到账。",
        "Forms issued in the period, by the stage they have reached by now.",
    ),
    Units.NUMBER,
    Query(_sum_cohort("forms"), "开单 · issued"),
    Query(_sum_cohort("preaudited"), "预审 · pre-audited"),
    Query(_sum_cohort("verified"), "验核 · verified"),
    Query(_sum_cohort("passed"), "通过 · passed"),
    Query(_sum_cohort("credited"), "到账 · paid"),
)
INVOICES = stat(
    Text("退税商品金额", "Invoice value of refund forms"),
    Text("时段内开单的发票金额。", "Invoice value of the forms issued in the period."),
    Units.WAN.with_decimals(1),
    Query(sum_series(deduplicate(find_wan_metric(REFUND_ISSUED, "invoice_fen"), PERIOD))),
    width=4,
    height=8,
)
PAID = stat(
    Text("已到账退税款", "Refunds paid"),
    Text("时段内到账的退税款。", "Refunds credited in the period."),
    Units.WAN.with_decimals(1),
    Query(sum_series(deduplicate(find_wan_metric(REFUND_PAYOUTS, "amount_fen"), PERIOD, 'stage="credited"'))),
    width=4,
    height=8,
)
RATES = stat(
    Text("开单率、即买即退率、预审率", "Form, instant refund and pre-audit rates"),
    Text(
        "开单率：退税发票金额 ÷ 境外非现金消费；即买即退率：即买即退单 ÷ 全部申请单；"
        "预审率：预审 ÷ 口岸验核。不提供今日数。",
        "Form rate: refund invoices ÷ foreign non-cash spending; instant: instant ÷ all forms; "
        "pre-audit: pre-audited ÷ verified. Not available for today.",
    ),
    Units.PERCENT.with_decimals(1),
    Query(deduplicate(f.FORM_RATE.ratio.name, PERIOD), "开单率 · form rate"),
    Query(deduplicate(f.INSTANT.ratio.name, PERIOD), "即买即退率 · instant"),
    Query(deduplicate(f.PREAUDITED.ratio.name, PERIOD), "预审率 · pre-audited"),
    height=8,
)


def _build_duration_panel(measure: Measure, title: Text, about: Text, legend: str, alert: str = "") -> Panel:
    group = "rail" if legend == "{{rail}}" else "port"
    by_port = (PORT,) if legend == "{{port}}" else ()
    return lines(
        title,
        about,
        Units.SECONDS,
        Query(deduplicate(find_quantile_metric(measure).name, _SLOWEST, *by_port), legend),
        alert=alert,
        names=(group, "mode"),
    )


CUSTODY = _build_duration_panel(
    REFUND_CUSTODY_TIME,
    Text("开单至验核用时", "Time from issue to verification"),
    Text(
        "从开单到口岸开始验核，95% 在此时间内；由旅客行程决定。",
        "From issue to the start of verification, 95th percentile; it depends on the traveller's itinerary.",
    ),
    "{{mode}}",
)
VERIFICATION = _build_duration_panel(
    REFUND_VERIFICATION_TIME,
    Text("验核用时", "Verification time"),
    Text(
        "口岸验核从开始到得出结果，95% 在此时间内。",
        "From the start of verification at the port to its result, 95th percentile.",
    ),
    "{{port}}",
    "RefundVerificationSlow",
)
PAYOUT = _build_duration_panel(
    REFUND_PAYOUT_TIME,
    Text("到账用时", "Payout time"),
    Text(
        "从验核通过到退税款到账，95% 在此时间内；图中为电子钱包的限值，现金和银行卡另有限值。",
        "From passing verification to the credit, 95th percentile. "
        "The limits shown are those of wallets; cash and cards have their own.",
    ),
    "{{rail}}",
    "RefundPayoutSlow",
)
FAILED = bars(
    Text("退税付款失败率", "Failure rate of refund payments"),
    Text(
        "失败 ÷（失败 + 到账），取样本不少于 20 笔的最短时段。",
        "Failed ÷ (failed + credited), over the shortest window with at least 20 payments.",
    ),
    Units.PERCENT,
    Query(deduplicate(f.PAYOUT_FAILED.ratio.name), "{{rail}}"),
    alert="RefundPayoutFailing",
    names=("rail",),
)
CLAWBACK = stat(
    Text("垫付款追回率", "Clawback rate"),
    Text(
        "即买即退垫付款被追回的比例，以及此前 90 天的均值。",
        "Advances clawed back ÷ advances paid, and the mean of the 90 days before.",
    ),
    Units.PERCENT.with_decimals(2),
    Query(deduplicate(f.CLAWBACK.ratio.name), "追回率 · now"),
    Query(deduplicate(f.CLAWBACK_BASE.name), "90 天均值 · 90-day mean"),
    height=8,
    alert="ClawbackRising",
)
MODES = bars(
    Text("各退税方式开单数", "Forms by refund mode"),
    Text(
        "时段内离境后退税与即买即退的开单数。",
        "Forms issued in the period by refund mode: ordinary or instant.",
    ),
    Units.NUMBER,
    query_sum_by("mode", deduplicate(find_metric(REFUND_ISSUED, "forms"), PERIOD)),
    names=("mode",),
)
QUEUE = lines(
    Text("口岸验核排队时间", "Queueing time at the port"),
    Text(
        "90% 的旅客验核前排队不超过此时间。",
        "Time queued before verification, 90th percentile.",
    ),
    Units.SECONDS,
    Query(deduplicate(find_quantile_metric(REFUND_QUEUE_TIME).name, 'quantile="0.9"', PORT), "{{port}}"),
    width=12,
    alert="PortQueueLong",
    names=("port",),
)
CROSSINGS = bars(
    Text("出入境人次", "Crossings"),
    Text("时段内各口岸出入境人次。", "Crossings at each port in the period."),
    Units.SHORT,
    query_sum_by("port", deduplicate(find_metric(PORT_CROSSINGS, "persons"), PERIOD, PORT)),
    names=("port",),
)
RESULTS = bars(
    Text("验核次数", "Verifications"),
    Text("时段内各口岸验核次数。", "Verifications at each port in the period."),
    Units.NUMBER,
    query_sum_by("port", deduplicate(find_metric(REFUND_VERIFICATIONS, "verifications"), PERIOD, PORT)),
    names=("port",),
)
TREND = lines(
    Text("今年开单累计", "Forms since New Year"),
    Text("今年以来开单累计的 90 天走势。", "Forms issued since New Year, the last 90 days."),
    Units.NUMBER,
    Query(sum_series(select_daily(find_metric(REFUND_ISSUED, "forms"), YEAR)), "开单 · forms"),
    days=90,
)

PAGE = Page(
    uid="tax-refund",
    folder="business",
    title=Text("离境退税", "Tax refund"),
    about=Text(
        "覆盖、办理进度、各环节用时、即买即退与口岸。",
        "Coverage, funnel, times of the three stages, instant refund and ports.",
    ),
    variables=("period", "place", "port"),
    sections=(
        section(Text("覆盖", "Coverage"), *refund_coverage.ROWS),
        section(Text("办理进度", "Funnel"), [FUNNEL, INVOICES, PAID, RATES], [TREND]),
        section(Text("各环节用时", "Times of the three stages"), [CUSTODY, VERIFICATION, PAYOUT]),
        section(Text("即买即退与付款", "Instant refund and payout"), [MODES, FAILED, CLAWBACK]),
        section(Text("口岸", "Ports"), [QUEUE, CROSSINGS, RESULTS]),
    ),
)
