"""Departure tax refund: a form's life from issue at the shop to the money paid out."""

from typing import ClassVar, Literal

from tidemark.streams.contracts.family import (
    DAILY,
    DAY,
    DURATION_BOUNDS_S,
    ENTITY_DAYS,
    HOUR,
    INTRADAY,
    Component,
    Dimension,
    EventType,
    Family,
    Measure,
    by,
    counts,
    entity,
    fen,
)
from tidemark.streams.contracts.payload import (
    AtMost,
    BasisPoints,
    Code,
    Count,
    Day,
    Depends,
    Fen,
    Instant,
    Payload,
    Place,
    Rule,
    Token,
)

Mode = Literal["ordinary", "instant"]
RegionGroup = Literal["HK", "MO", "TW", "ASEAN", "EAST_ASIA", "EU", "NORTH_AMERICA", "OTHER"]
Stage = Literal[
    "advance_paid", "preauth_held", "initiated", "credited", "failed", "preauth_released", "clawed_back"
]
Rail = Literal["cash", "card", "alipay", "wechat", "alipay_hk", "cross_border_pay"]


_ENDS_AFTER_IT_STARTS = AtMost(("started_at",), "ended_at", "ended_at: lies before started_at; swap them")


class FormIssued(Payload, frozen=True):
    """A shop issued a refund form for a traveller's purchase."""

    form_token: Token
    shop_id: Token
    mode: Mode
    invoice_fen: Fen
    vat_rate_bp: BasisPoints
    refund_rate_bp: BasisPoints
    fee_rate_bp: BasisPoints
    goods_class: Code
    item_count: Count
    region_group: RegionGroup
    traveller_token: Token
    commit_by: Day | None = None
    bag_token: Token | None = None

    rules: ClassVar[tuple[Rule, ...]] = (
        Depends(
            "commit_by",
            "mode",
            "commit_by: belongs to instant forms and only to them; give it with mode instant",
            required=("instant",),
            allowed=("instant",),
        ),
    )


class FormPreaudited(Payload, frozen=True):
    """The form was checked before the traveller reached the port."""

    form_token: Token
    result: Literal["pass", "fail", "manual"]
    started_at: Instant
    ended_at: Instant
    reason_code: Code | None = None

    rules: ClassVar[tuple[Rule, ...]] = (_ENDS_AFTER_IT_STARTS,)


class FormVerified(Payload, frozen=True):
    """Customs saw the goods and decided; `queue_s` is the wait before that, in seconds."""

    form_token: Token
    port_id: Place
    started_at: Instant
    ended_at: Instant
    result: Literal["pass", "fail", "partial"]
    seal_ok: bool
    manual_check: bool
    queue_s: Count

    rules: ClassVar[tuple[Rule, ...]] = (_ENDS_AFTER_IT_STARTS,)


class PayoutChanged(Payload, frozen=True):
    """The refund's money moved one stage on."""

    form_token: Token
    payout_id: Token
    stage: Stage
    rail: Rail
    amount_fen: Fen
    fee_fen: Fen
    error_code: Code | None = None

    rules: ClassVar[tuple[Rule, ...]] = (
        Depends(
            "error_code",
            "stage",
            "error_code: belongs to stage failed only; leave it out",
            allowed=("failed",),
        ),
    )


_FORM = ("form_token",)


def _timing(name: str, dimensions: tuple[Dimension, ...], meaning: str) -> Measure:
    buckets = counts(*(f"le_{bound}s" for bound in DURATION_BOUNDS_S), "above")
    return Measure(
        name, (*buckets, Component("sum", "seconds")), dimensions, INTRADAY, meaning, DURATION_BOUNDS_S
    )


REFUND_ISSUED = Measure(
    "refund.issued",
    (*counts("forms"), *fen("invoice_fen"), *counts("items")),
    by("place", "mode", "region_group"),
    INTRADAY,
    "Refund forms issued at shops",
)
REFUND_SHOP = Measure(
    "refund.shop",
    (*counts("forms"), *fen("invoice_fen")),
    (*by("place"), entity("shop")),
    ENTITY_DAYS,
    "Refund forms issued by a shop",
)
REFUND_PREAUDITS = Measure(
    "refund.preaudits",
    counts("audits"),
    by("place", "result"),
    INTRADAY,
    "Refund forms audited before the port",
)
REFUND_PREAUDIT_TIME = _timing("refund.preaudit_time", by("place"), "Time from start to end of a pre-audit")
REFUND_VERIFICATIONS = Measure(
    "refund.verifications",
    counts("verifications", "manual_checks", "seals_broken"),
    by("port", "result"),
    INTRADAY,
    "Customs verifications of refund forms",
)
REFUND_VERIFICATION_TIME = _timing(
    "refund.verification_time", by("port"), "Verification clock: from its start at the port to its result"
)
REFUND_QUEUE_TIME = _timing("refund.queue_time", by("port"), "Wait at the port before verification")
REFUND_CUSTODY_TIME = _timing(
    "refund.custody_time",
    by("mode"),
    "Custody clock: from issue to the first verification's start, the traveller's choice",
)
REFUND_PAYOUTS = Measure(
    "refund.payouts",
    (*counts("payouts"), *fen("amount_fen", "fee_fen")),
    by("rail", "stage"),
    INTRADAY,
    "Refund payments that reached a stage",
)
REFUND_PAYOUT_TIME = _timing(
    "refund.payout_time", by("rail"), "Payout clock: from the first pass at the port to the first credit"
)
REFUND_COHORT = Measure(
    "refund.cohort",
    counts("forms", "preaudited", "verified", "passed", "credited", "completed_90d"),
    by("place", "mode"),
    DAILY,
    "What became of the forms issued in the period; completed_90d: passed and "
    "credited within 90 days of issue",
)

FAMILY = Family(
    name="refund",
    types=(
        EventType("refund.form_issued", FormIssued, _FORM, "A shop issued a refund form"),
        EventType("refund.form_preaudited", FormPreaudited, _FORM, "A form was audited before the port"),
        EventType("refund.form_verified", FormVerified, _FORM, "Customs verified a form and its goods"),
        EventType("refund.payout_changed", PayoutChanged, _FORM, "A refund's payment moved a stage on"),
    ),
    lateness_ms=24 * HOUR,
    lifetime_ms=120 * DAY,
    measures=(
        REFUND_ISSUED,
        REFUND_SHOP,
        REFUND_PREAUDITS,
        REFUND_PREAUDIT_TIME,
        REFUND_VERIFICATIONS,
        REFUND_VERIFICATION_TIME,
        REFUND_QUEUE_TIME,
        REFUND_CUSTODY_TIME,
        REFUND_PAYOUTS,
        REFUND_PAYOUT_TIME,
        REFUND_COHORT,
    ),
)
