"""Activity: debuts, shows, matches, exhibitions and conferences, from plan to end."""

from typing import ClassVar, Literal

from tidemark.streams.contracts.family import DAY, EventType, Family
from tidemark.streams.contracts.payload import AtMost, Count, Instant, Payload, Place, Rule, Token

Category = Literal[
    "first_store",
    "first_exhibition",
    "first_show",
    "first_performance",
    "premiere",
    "first_match",
    "product_debut",
    "conference",
    "exhibition",
    "cultural",
    "sports",
    "concert",
    "finance_forum",
]

DebutTier = Literal["global", "asia", "china", "south_china", "province", "city"]
"""How widely a debut is the first."""

BrandOrigin = Literal["international_top", "international", "domestic"]


class ActivityChanged(Payload, frozen=True):
    """How an activity stands now; the latest by (time, content) is the record."""

    activity_id: Token
    category: Category
    status: Literal["planned", "approved", "live", "ended", "cancelled"]
    starts: Instant
    ends: Instant
    venue_id: Place
    debut_tier: DebutTier | None = None
    brand_origin: BrandOrigin | None = None
    consumer_electronics: bool = False
    debut_space_id: Token | None = None
    expected_attendance: Count | None = None
    capacity: Count | None = None
    high_end: bool = False

    rules: ClassVar[tuple[Rule, ...]] = (AtMost(("starts",), "ends", "ends: lies before starts; swap them"),)


FAMILY = Family(
    name="activity",
    types=(
        EventType(
            name="activity.changed",
            payload=ActivityChanged,
            keyed_by=("activity_id",),
            meaning="A debut, show, match, exhibition or conference was planned or changed",
        ),
    ),
    lateness_ms=7 * DAY,
)
