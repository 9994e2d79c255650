"""Conditions of the departure tax refund: dormant shops, slow verification and payout, queues at ports,
failed payments and clawbacks."""

from functools import partial

from tidemark.services.exporter import formula_metrics as f
from tidemark.services.exporter import indicator_metrics as i
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.refund import REFUND_PAYOUT_TIME, REFUND_QUEUE_TIME, REFUND_VERIFICATION_TIME
from tidemark.streams.indicators.formulas.times import MINIMUM_OBSERVATIONS

from .condition import COUNT, DAY_S, HOUR_S, MINUTE_S, SECONDS, SHARE, Condition, Judgement, Limits, at
from .promql import (
    LEDGER_ADVANCES,
    build_wilson_lower,
    find_quantile_metric,
    require_fresh,
    require_samples,
    select_quantile,
)

_GUARDS = (require_fresh("refund"), LEDGER_ADVANCES)
_WALLETS = "alipay|wechat|alipay_hk|cross_border_pay"
_PAYOUT = find_quantile_metric(REFUND_PAYOUT_TIME)
_VERIFICATION = find_quantile_metric(REFUND_VERIFICATION_TIME)

_condition = partial(Condition, group="refund", layer="business", family="refund", dashboard="tax-refund")

REFUND_SHOPS_DORMANT = _condition(
    name="RefundShopsDormant",
    audience="bureau",
    value=f"1 - {i.ACTIVE.name}",
    limits=at(warning=0.4),
    unit=SHARE,
    hold_s=HOUR_S,
    guards=(require_samples(i.ACTIVE_SAMPLES.name, 20, ""), *_GUARDS),
    summary=Text("退税商店开而不用", "Many refund shops issue no forms"),
    description=Text(
        "30 天内未开出退税申请单的在营商店占 {value}（限 {limit}）。",
        "{value} of the active refund shops issued no form in 30 days (limit {limit}).",
    ),
    action=Text(
        "调取未开单商店名单，核查开单系统、人员培训和店内标识。",
        "Get the list of these shops; check their systems, staff training and signs.",
    ),
)

REFUND_VERIFICATION_SLOW = _condition(
    name="RefundVerificationSlow",
    audience="port",
    value=select_quantile(_VERIFICATION, 0.95),
    limits=at(warning=300, critical=600),
    unit=SECONDS,
    hold_s=5 * MINUTE_S,
    guards=(require_samples(_VERIFICATION.samples_name, MINIMUM_OBSERVATIONS, "port, window"), *_GUARDS),
    summary=Text("口岸退税验核缓慢", "Refund verification is slow"),
    description=Text(
        "95% 的验核在 {value}内完成（限 {limit}）。",
        "95 % of verifications take up to {value} (limit {limit}).",
    ),
    action=Text(
        "联系口岸海关，核实人工查验比例和在岗窗口数，必要时增开窗口。",
        "Ask customs at the port about the share of manual checks and the number of open desks; "
        "have more desks opened if needed.",
    ),
)


def _build_payout_slow(rail: str, limits: Limits, who: Text, action: Text) -> Condition:
    matching = f'rail="{rail}"' if rail else f'rail=~"{_WALLETS}"'
    return _condition(
        name="RefundPayoutSlow",
        audience="tax",
        value=select_quantile(_PAYOUT, 0.95, matching),
        limits=limits,
        unit=SECONDS,
        hold_s=5 * MINUTE_S,
        guards=(require_samples(_PAYOUT.samples_name, MINIMUM_OBSERVATIONS, "rail, window"), *_GUARDS),
        labels={"rail": rail} if rail else {},
        summary=Text(f"退税到账缓慢：{who.zh}", f"Refund payout is slow: {who.en}"),
        description=Text(
            "验核通过后，95% 的退税款在 {value}内到账（限 {limit}）。",
            "95 % of refunds are credited within {value} of passing verification (limit {limit}).",
        ),
        action=action,
    )


_ASK_AGENCY = Text(
    "联系退税代理机构，核实该渠道是否拥堵或中断。",
    "Ask the refund agency whether this rail is congested or down.",
)

REFUND_PAYOUTS_SLOW = (
    _build_payout_slow("", at(warning=60, critical=300), Text("{rail}", "{rail}"), _ASK_AGENCY),
    _build_payout_slow(
        "cash",
        at(warning=600, critical=1_800),
        Text("现金", "cash"),
        Text(
            "联系退税代理机构，核实现金窗口是否排队、备付金是否充足。",
            "Ask the refund agency about queues and the cash float at its counters.",
        ),
    ),
    _build_payout_slow(
        "card", at(warning=7 * DAY_S, critical=30 * DAY_S), Text("银行卡", "card"), _ASK_AGENCY
    ),
)

REFUND_PAYOUT_FAILING = _condition(
    name="RefundPayoutFailing",
    audience="tax",
    value=f.PAYOUT_FAILED.ratio.name,
    limits=at(warning=0.05, critical=0.15),
    unit=SHARE,
    both=(build_wilson_lower(f.PAYOUT_FAILED.ratio.name, f.PAYOUT_FAILED.samples.name),),
    hold_s=5 * MINUTE_S,
    guards=(require_samples(f.PAYOUT_FAILED.samples.name, 20, "rail, window"), *_GUARDS),
    summary=Text("退税付款失败增多：{rail}", "Refund payments are failing: {rail}"),
    description=Text(
        "付款失败率 {value}（限 {limit}，已计入样本误差）。",
        "{value} of payments failed (limit {limit}, after allowing for sampling error).",
    ),
    action=Text(
        "查看失败原因代码，联系退税代理机构处理，并通知受影响的旅客更换收款方式。",
        "Check the error codes, contact the refund agency, "
        "and offer affected travellers another payment method.",
    ),
)

CLAWBACK_RISING = _condition(
    name="ClawbackRising",
    audience="tax",
    value=f.CLAWBACK.ratio.name,
    limits=at(warning=0.03),
    unit=SHARE,
    either=(
        Judgement(
            value=f"{f.CLAWBACK.ratio.name} / scalar(max({f.CLAWBACK_BASE.name}))",
            limits=at(warning=3),
            unit=COUNT,
        ),
    ),
    hold_s=15 * MINUTE_S,
    guards=(require_samples(f.CLAWBACK.samples.name, 30, "window"), *_GUARDS),
    summary=Text("即买即退追回款上升", "More instant refunds are clawed back"),
    description=Text(
        "垫付款追回率 {value}（限 {limit}，或近 90 天均值的 3 倍）。",
        "{value} of advances were clawed back (limit {limit}, or 3 times the 90-day mean).",
    ),
    action=Text(
        "核查是否集中于个别商店或旅客群体，请税务部门会同代理机构排查。",
        "Check whether a few shops or groups of travellers account for it; investigate with the agency.",
    ),
)

_QUEUE = find_quantile_metric(REFUND_QUEUE_TIME)

PORT_QUEUE_LONG = _condition(
    name="PortQueueLong",
    group="port",
    audience="port",
    value=select_quantile(_QUEUE, 0.9),
    limits=at(warning=900),
    unit=SECONDS,
    hold_s=10 * MINUTE_S,
    guards=(require_samples(_QUEUE.samples_name, MINIMUM_OBSERVATIONS, "port, window"), *_GUARDS),
    summary=Text("口岸退税验核排队过长", "Long queue for refund verification"),
    description=Text(
        "90% 的旅客排队时间不超过 {value}（限 {limit}）。",
        "90 % of travellers queue for up to {value} (limit {limit}).",
    ),
    action=Text(
        "通知口岸现场增开验核窗口、引导旅客分流；同时查看出入境客流。",
        "Ask the port to open more desks and redirect travellers; check the number of crossings.",
    ),
)

CONDITIONS = (
    REFUND_SHOPS_DORMANT,
    REFUND_VERIFICATION_SLOW,
    *REFUND_PAYOUTS_SLOW,
    REFUND_PAYOUT_FAILING,
    CLAWBACK_RISING,
    PORT_QUEUE_LONG,
)
