"""Departure tax refund: coverage, funnel, the three clocks, instant refund and the ports."""

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
    Text("退税漏斗", "Refund funnel"),
    Text(
        "时段内开出的申请单至今走到哪一步：开单、预审、验核、通过、到账。",
        "What became of the forms issued in the period: issued, pre-audited, verified, passed, paid.",
    ),
    Units.NUMBER,
    Query(_sum_cohort("forms"), "开单 · issued"),
    Query(_sum_cohort("preaudited"), "预审 · pre-audited"),
    Query(_sum_cohort("verified"), "验核 · verified"),
    Query(_sum_cohort("passed"), "通过 · passed"),
    Query(_sum_cohort("credited"), "到账 · paid"),
)
INVOICES = stat(
    Text("退税商品金额", "Invoice value of forms"),
    Text("时段内开单的发票金额。", "Invoice value of the forms issued in the period."),
    Units.WAN.with_decimals(1),
    Query(sum_series(deduplicate(find_wan_metric(REFUND_ISSUED, "invoice_fen"), PERIOD))),
    width=4,
    height=8,
)
PAID = stat(
    Text("已到账退税款", "Refunds paid"),
    Text("时段内到账的退税款。", "Refund money credited in the period."),
    Units.WAN.with_decimals(1),
    Query(sum_series(deduplicate(find_wan_metric(REFUND_PAYOUTS, "amount_fen"), PERIOD, 'stage="credited"'))),
    width=4,
    height=8,
)
RATES = stat(
    Text("开单、秒退、预审比例", "Form, instant and pre-audit rates"),
    Text(
        "开单率：退税发票 ÷ 境外非现金消费；秒退：即买即退单 ÷ 全部；预审：预审 ÷ 口岸验核。无今日数。",
        "Invoices ÷ foreign non-cash spending; instant ÷ all forms; pre-audited ÷ verified; not for today.",
    ),
    Units.PERCENT.with_decimals(1),
    Query(deduplicate(f.FORM_RATE.ratio.name, PERIOD), "开单率 · form rate"),
    Query(deduplicate(f.INSTANT.ratio.name, PERIOD), "即买即退（秒退）· instant"),
    Query(deduplicate(f.PREAUDITED.ratio.name, PERIOD), "预审 · pre-audited"),
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
    Text("携带时钟", "Custody clock"),
    Text(
        "从开单到口岸验核开始，95% 的旅客在此之内；由旅客行程决定。",
        "Issue to verification, 95 % within; the traveller's choice.",
    ),
    "{{mode}}",
)
VERIFICATION = _build_duration_panel(
    REFUND_VERIFICATION_TIME,
    Text("验核时钟", "Verification clock"),
    Text("口岸验核从开始到得出结果，95% 在此之内。", "Start to result at the port, 95 % within."),
    "{{port}}",
    "RefundVerificationSlow",
)
PAYOUT = _build_duration_panel(
    REFUND_PAYOUT_TIME,
    Text("到账时钟", "Payout clock"),
    Text(
        "从验核通过到退税款到账，95% 在此之内；限值为电子钱包的，现金和银行卡另有限值。",
        "Pass to credit, 95 % within; the limits are those of wallets, cash and card have their own.",
    ),
    "{{rail}}",
    "RefundPayoutSlow",
)
FAILED = bars(
    Text("退税付款失败率", "Refund payments failed"),
    Text(
        "失败 ÷（失败 + 到账），取样本足 20 的最短时段。",
        "Failed ÷ (failed + credited) over the shortest window with 20 of them.",
    ),
    Units.PERCENT,
    Query(deduplicate(f.PAYOUT_FAILED.ratio.name), "{{rail}}"),
    alert="RefundPayoutFailing",
    names=("rail",),
)
CLAWBACK = stat(
    Text("垫付追回率", "Advances clawed back"),
    Text(
        "即买即退垫付款被追回的比例，和此前 90 天的均值。",
        "Advances clawed back ÷ advances paid, and the mean of the 90 days before.",
    ),
    Units.PERCENT.with_decimals(2),
    Query(deduplicate(f.CLAWBACK.ratio.name), "追回率 · now"),
    Query(deduplicate(f.CLAWBACK_BASE.name), "90 天均值 · 90-day mean"),
    height=8,
    alert="ClawbackRising",
)
MODES = bars(
    Text("开单方式", "Forms by way of refund"),
    Text("时段内离境后退税与即买即退的开单数。", "Forms issued in the period, ordinary and instant."),
    Units.NUMBER,
    query_sum_by("mode", deduplicate(find_metric(REFUND_ISSUED, "forms"), PERIOD)),
    names=("mode",),
)
QUEUE = lines(
    Text("口岸验核排队", "Queue at the port"),
    Text("90% 的旅客验核前排队不超过此时长。", "90 % of travellers queued no longer before verification."),
    Units.SECONDS,
    Query(deduplicate(find_quantile_metric(REFUND_QUEUE_TIME).name, 'quantile="0.9"', PORT), "{{port}}"),
    width=12,
    alert="PortQueueLong",
    names=("port",),
)
CROSSINGS = bars(
    Text("过境人次", "Persons crossing"),
    Text("时段内各口岸过境人次。", "Persons who crossed each port in the period."),
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
    Text("今年以来开单累计的 90 天走势。", "Forms issued since New Year, over 90 days."),
    Units.NUMBER,
    Query(sum_series(select_daily(find_metric(REFUND_ISSUED, "forms"), YEAR)), "开单 · forms"),
    days=90,
)

PAGE = Page(
    uid="tax-refund",
    folder="business",
    title=Text("离境退税", "Tax refund"),
    about=Text(
        "覆盖、漏斗、三个时钟、秒退与口岸。", "Coverage, funnel, the three clocks, instant refund, ports."
    ),
    variables=("period", "place", "port"),
    sections=(
        section(Text("覆盖", "Coverage"), *refund_coverage.ROWS),
        section(Text("漏斗", "Funnel"), [FUNNEL, INVOICES, PAID, RATES], [TREND]),
        section(Text("三个时钟", "Three clocks"), [CUSTODY, VERIFICATION, PAYOUT]),
        section(Text("秒退与付款", "Instant refund and payout"), [MODES, FAILED, CLAWBACK]),
        section(Text("口岸", "Ports"), [QUEUE, CROSSINGS, RESULTS]),
    ),
)
