"""Registry: shops, spaces, firms, merchants and sensors, with the days from which their status holds."""

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
    """What kind of entity it is; each kind is counted on its own."""
    entity_id: Token
    """The entity, unique within the registry; the partition key."""
    status: Status
    """Its status from `valid_from` on; only `active` entities count towards a stock."""
    valid_from: Day
    """First day on which the status and the properties below apply."""
    capabilities: tuple[Capability, ...] = ()
    """What a merchant offers: card schemes and wallets, bilingual menus, ticket-stub benefits."""
    tier: Token | None = None
    """Level within its class, from the registering office's list."""
    capacity: Count | None = None
    """Persons it may hold; occupancy is compared with it."""
    area_m2: Count | None = None
    """Floor area in m²."""
    parent_id: Place | None = None
    """The place, space or shop it belongs to; links a sensor to its debut space."""
    evidence_ref: Place | None = None
    """Reference to the document that the registration is based on."""

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
