"""Departure tax refund: a form's life from issue at the shop to the money paid out."""

from typing import Literal

from .family import DAY, HOUR, EventType, Family, Payload, require
from .fields import BasisPoints, Code, Count, Day, Fen, Instant, Place, Token

Mode = Literal["ordinary", "instant"]
RegionGroup = Literal["HK", "MO", "TW", "ASEAN", "EAST_ASIA", "EU", "NORTH_AMERICA", "OTHER"]
Stage = Literal[
    "advance_paid",
    "preauth_held",
    "initiated",
    "credited",
    "failed",
    "preauth_released",
    "clawed_back",
]
Rail = Literal["cash", "card", "alipay", "wechat", "alipay_hk", "cross_border_pay"]


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

    def __post_init__(self) -> None:
        require(
            (self.commit_by is not None) == (self.mode == "instant"),
            "commit_by: belongs to instant forms and only to them; give it with mode instant",
        )


class FormPreaudited(Payload, frozen=True):
    """The form was checked before the traveller reached the port."""

    form_token: Token
    result: Literal["pass", "fail", "manual"]
    started_at: Instant
    ended_at: Instant
    reason_code: Code | None = None

    def __post_init__(self) -> None:
        require(self.started_at <= self.ended_at, "ended_at: lies before started_at; swap them")


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

    def __post_init__(self) -> None:
        require(self.started_at <= self.ended_at, "ended_at: lies before started_at; swap them")


class PayoutChanged(Payload, frozen=True):
    """The refund's money moved one stage on."""

    form_token: Token
    payout_id: Token
    stage: Stage
    rail: Rail
    amount_fen: Fen
    fee_fen: Fen
    error_code: Code | None = None

    def __post_init__(self) -> None:
        require(
            self.stage == "failed" or self.error_code is None,
            "error_code: belongs to stage failed only; leave it out",
        )


def _form(_subject: str, data: FormIssued | FormPreaudited | FormVerified | PayoutChanged) -> str:
    return data.form_token


FAMILY = Family(
    name="refund",
    types=(
        EventType("refund.form_issued", FormIssued, _form, "A shop issued a refund form"),
        EventType("refund.form_preaudited", FormPreaudited, _form, "A form was audited before the port"),
        EventType("refund.form_verified", FormVerified, _form, "Customs verified a form and its goods"),
        EventType("refund.payout_changed", PayoutChanged, _form, "A refund's payment moved a stage on"),
    ),
    lateness_ms=24 * HOUR,
    lifetime_ms=120 * DAY,
)
