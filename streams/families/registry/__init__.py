"""Registry: shops, spaces, firms, merchants and sensors, and since when they are what they are."""

from typing import ClassVar, Literal

from tidemark.streams.contracts.family import DAY, EventType, Family
from tidemark.streams.contracts.payload import Count, Day, Distinct, Payload, Place, Rule, Token

EntityClass = Literal[
    "refund_shop",
    "instant_point",
    "instant_complex",
    "debut_space",
    "premium_store",
    "first_store",
    "ai_scenario",
    "new_brand",
    "unicorn",
    "vertical_model",
    "service_trade_firm",
    "merchant",
    "sensor",
]
Capability = Literal[
    "visa", "mastercard", "jcb", "amex", "alipay_plus", "wechat_intl", "ecny", "bilingual_menu", "stub"
]
Status = Literal["applied", "active", "suspended", "closed"]


class EntityChanged(Payload, frozen=True):
    """From `valid_from` on, the entity has this status and these properties."""

    entity_class: EntityClass
    entity_id: Token
    status: Status
    valid_from: Day
    capabilities: tuple[Capability, ...] = ()
    tier: Token | None = None
    capacity: Count | None = None
    area_m2: Count | None = None
    parent_id: Place | None = None
    evidence_ref: Place | None = None

    rules: ClassVar[tuple[Rule, ...]] = (
        Distinct("capabilities", "capabilities: names one twice; list each once"),
    )


FAMILY = Family(
    name="registry",
    types=(
        EventType(
            name="registry.entity_changed",
            payload=EntityChanged,
            keyed_by=("entity_id",),
            meaning="A shop, space, firm, merchant or sensor was registered or changed",
        ),
    ),
    lateness_ms=30 * DAY,
)
