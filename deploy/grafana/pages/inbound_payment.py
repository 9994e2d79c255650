"""Payments of visitors from abroad."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PLACE,
    SCHEME,
    YEAR,
    deduplicate,
    divide,
    find_metric,
    find_wan_metric,
    find_yi_metric,
    query_sum_by,
    select_daily,
    select_largest,
    sum_series,
)
from tidemark.deploy.prometheus.alerts.promql import find_quantile_metric
from tidemark.services.exporter.formula_metrics import FAILED_TECHNICAL, FAILED_TECHNICAL_BASE
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.payment import PAYMENT_AUTHORISATION_TIME, PAYMENT_INBOUND

_CHOSEN = (PERIOD, PLACE, SCHEME)


def _sum_component(component: str, *by: str) -> str:
    return sum_series(deduplicate(find_metric(PAYMENT_INBOUND, component), *_CHOSEN), *by)


def _compute_acceptance(*by: str) -> str:
    judged = f"({_sum_component('attempts', *by)} - {_sum_component('failed_issuer', *by)})"
    return divide(_sum_component("approved", *by), judged)


def _select_worst(name: str, by: str, *matchers: str) -> str:
    return f"max by ({by}) ({deduplicate(name, PLACE, SCHEME, *matchers)})"


AMOUNT = stat(
    Text("境外消费金额", "Spending of visitors from abroad"),
    Text("时段内成功支付的金额。", "Amount paid in the period."),
    Units.YI.with_decimals(2),
    Query(sum_series(deduplicate(find_yi_metric(PAYMENT_INBOUND, "amount_fen"), *_CHOSEN))),
    width=6,
)
ATTEMPTS = stat(
    Text("支付笔数", "Payments attempted"),
    Text("时段内尝试笔数与成功笔数。", "Payments attempted and approved in the period."),
    Units.SHORT,
    Query(_sum_component("attempts"), "尝试 · attempted"),
    Query(_sum_component("approved"), "成功 · approved"),
)
ACCEPTANCE = stat(
    Text("受理成功率", "Acceptance rate"),
    Text(
        "成功 ÷（尝试 − 发卡方拒绝），反映境内受理能力。",
        "Approved ÷ (attempts − declines by the card issuer).",
    ),
    Units.PERCENT.with_decimals(2),
    Query(_compute_acceptance()),
)
BY_SCHEME = bars(
    Text("各卡组织成功率", "Acceptance by scheme"),
    Text("受理成功率，按卡组织和钱包。", "Acceptance rate by card scheme or wallet."),
    Units.PERCENT,
    Query(_compute_acceptance("scheme"), "{{scheme}}"),
    names=("scheme",),
)
BY_PLACE = bars(
    Text("各地消费金额", "Spending by place"),
    Text("时段内金额最高的二十处。", "The twenty places with the largest amounts in the period."),
    Units.WAN.with_decimals(1),
    Query(
        select_largest(
            20, sum_series(deduplicate(find_wan_metric(PAYMENT_INBOUND, "amount_fen"), *_CHOSEN), "place")
        ),
        "{{place}}",
    ),
    names=PLACES,
)
SCHEMES = bars(
    Text("各卡组织金额", "Spending by scheme"),
    Text("时段内金额，按卡组织和钱包。", "Amounts in the period by card scheme or wallet."),
    Units.WAN.with_decimals(1),
    query_sum_by("scheme", deduplicate(find_wan_metric(PAYMENT_INBOUND, "amount_fen"), *_CHOSEN)),
    names=("scheme",),
)
FAILING = lines(
    Text("各地技术失败率", "Technical failures by place"),
    Text(
        "因境内技术原因失败的比例，每处取最高的卡组织，最高的二十处；超过近 28 天均值 3 倍才告警。",
        "Share failed for technical reasons, the worst scheme of each place, the twenty worst places; "
        "the alert also requires 3 times the 28-day mean.",
    ),
    Units.PERCENT,
    Query(select_largest(20, _select_worst(FAILED_TECHNICAL.ratio.name, "place")), "{{place}}"),
    alert="AcceptanceFailing",
    names=PLACES,
)
FAILING_SCHEME = bars(
    Text("各卡组织技术失败率", "Technical failures by scheme"),
    Text(
        "因境内技术原因失败的比例，每个卡组织取最高的地点。",
        "Share failed for technical reasons, the worst place of each scheme.",
    ),
    Units.PERCENT,
    Query(_select_worst(FAILED_TECHNICAL.ratio.name, "scheme"), "{{scheme}}"),
    alert="AcceptanceFailing",
    names=("scheme",),
)
USUAL = bars(
    Text("近 28 天技术失败率", "Technical failures over 28 days"),
    Text(
        "今日之前 28 天，每个卡组织取最高的地点。",
        "Over the 28 days before today, the worst place of each scheme.",
    ),
    Units.PERCENT,
    Query(_select_worst(FAILED_TECHNICAL_BASE.name, "scheme"), "{{scheme}}"),
    names=("scheme",),
)
SPEED = bars(
    Text("授权耗时", "Authorisation time"),
    Text(
        "95% 的授权在此时间内完成，每个卡组织取最慢的地点。",
        "95th percentile, the slowest place of each scheme.",
    ),
    Units.SECONDS,
    Query(
        _select_worst(find_quantile_metric(PAYMENT_AUTHORISATION_TIME).name, "scheme", 'quantile="0.95"'),
        "{{scheme}}",
    ),
    names=("scheme",),
)
TREND = lines(
    Text("今年金额累计", "Spending since New Year"),
    Text("今年以来金额累计的 90 天走势。", "Amount since New Year, the last 90 days."),
    Units.YI,
    Query(
        sum_series(select_daily(find_yi_metric(PAYMENT_INBOUND, "amount_fen"), YEAR, PLACE, SCHEME)),
        "金额 · amount",
    ),
    days=90,
)

PAGE = Page(
    uid="inbound-payment",
    folder="business",
    title=Text("境外来宾支付", "Inbound payment"),
    about=Text(
        "境外来宾的支付受理与消费。",
        "Acceptance of foreign cards and wallets, and what visitors from abroad spend.",
    ),
    variables=("period", "place", "scheme"),
    sections=(
        section(
            Text("概况", "Overview"), [AMOUNT, ATTEMPTS, ACCEPTANCE], [BY_SCHEME, SCHEMES, BY_PLACE], [TREND]
        ),
        section(Text("受理质量", "Acceptance quality"), [FAILING], [FAILING_SCHEME, USUAL, SPEED]),
    ),
)
