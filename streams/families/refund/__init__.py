"""Departure tax refund: forms from issue at the shop to payout."""

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
    """The refund form, as a token assigned by the data holder; the partition key."""
    shop_id: Token
    """The shop that issued the form, as the registry names it; decides whether a shop is dormant."""
    mode: Mode
    """ordinary: refunded after customs at the port; instant: advanced at the shop against a card
    pre-authorisation."""
    invoice_fen: Fen
    """Invoice value, tax included."""
    vat_rate_bp: BasisPoints
    """VAT rate of the goods."""
    refund_rate_bp: BasisPoints
    """Refund rate: 11 % for goods at 13 % VAT, 8 % for goods at 9 %."""
    fee_rate_bp: BasisPoints
    """The agency's fee as a share of the invoice; paid is invoice × (refund rate − fee rate)."""
    goods_class: Code
    """Class of goods, from the tax bureau's list."""
    item_count: Count
    """Items on the form."""
    region_group: RegionGroup
    """Region from which the traveller comes, in groups large enough to be anonymous."""
    traveller_token: Token
    """The traveller, as a token assigned by the data holder; never a passport number."""
    commit_by: Day | None = None
    """Instant refunds only: the day by which the traveller must leave through a port."""
    bag_token: Token | None = None
    """The sealed bag with the goods."""

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
    """The refund form; the partition key."""
    result: Literal["pass", "fail", "manual"]
    """Outcome; `manual` refers the form to an officer."""
    started_at: Instant
    """Start of the pre-audit."""
    ended_at: Instant
    """End of the pre-audit; not before `started_at`."""
    reason_code: Code | None = None
    """Why the form did not pass, from the auditing office's list."""

    rules: ClassVar[tuple[Rule, ...]] = (_ENDS_AFTER_IT_STARTS,)


class FormVerified(Payload, frozen=True):
    """Customs inspected the goods and decided; `queue_s` is the wait before the inspection, in seconds."""

    form_token: Token
    """The refund form; the partition key."""
    port_id: Place
    """The port at which customs verified it."""
    started_at: Instant
    """Start of the verification; the custody time ends and the verification time begins here."""
    ended_at: Instant
    """End of the verification; not before `started_at`."""
    result: Literal["pass", "fail", "partial"]
    """Outcome; `partial`: only some of the goods were presented."""
    seal_ok: bool
    """Whether the bag's seal was intact."""
    manual_check: bool
    """Whether an officer opened the bag."""
    queue_s: Count
    """Seconds the traveller waited before the verification started."""

    rules: ClassVar[tuple[Rule, ...]] = (_ENDS_AFTER_IT_STARTS,)


class PayoutChanged(Payload, frozen=True):
    """The refund's payout reached a stage."""

    form_token: Token
    """The refund form; the partition key."""
    payout_id: Token
    """The payout; a form can have several."""
    stage: Stage
    """The stage reached; instant refunds go through advance_paid, preauth_held and preauth_released or
    clawed_back, ordinary ones through initiated and credited or failed."""
    rail: Rail
    """How the money reaches the traveller; the alerts have separate limits for cash and card."""
    amount_fen: Fen
    """Amount of this stage."""
    fee_fen: Fen
    """The agency's fee on it."""
    error_code: Code | None = None
    """Stage `failed` only: why, from the agency's list."""

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
    "Refund forms audited before the traveller reached the port",
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
    "refund.verification_time", by("port"), "Verification time: from its start at the port to its result"
)
REFUND_QUEUE_TIME = _timing("refund.queue_time", by("port"), "Wait at the port before verification")
REFUND_CUSTODY_TIME = _timing(
    "refund.custody_time",
    by("mode"),
    "Custody time: from issue to the first verification's start, the traveller's choice",
)
REFUND_PAYOUTS = Measure(
    "refund.payouts",
    (*counts("payouts"), *fen("amount_fen", "fee_fen")),
    by("rail", "stage"),
    INTRADAY,
    "Refund payouts that reached a stage",
)
REFUND_PAYOUT_TIME = _timing(
    "refund.payout_time", by("rail"), "Payout time: from the first pass at the port to the first credit"
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
        EventType(
            "refund.form_preaudited",
            FormPreaudited,
            _FORM,
            "A form was audited before the traveller reached the port",
        ),
        EventType("refund.form_verified", FormVerified, _FORM, "Customs verified a form and its goods"),
        EventType("refund.payout_changed", PayoutChanged, _FORM, "A refund's payout reached a stage"),
    ),
    lateness_ms=24 * HOUR,
    inactivity_gap_ms=120 * DAY,
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
