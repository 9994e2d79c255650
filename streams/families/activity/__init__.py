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
    """The state of an activity; the latest by (time, content) is the published value."""

    activity_id: Token
    """The activity; the partition key."""
    category: Category
    """Kind of activity; targets count activities by category."""
    status: Literal["planned", "approved", "live", "ended", "cancelled"]
    """Current status; targets count activities that are live or ended."""
    starts: Instant
    """When it starts."""
    ends: Instant
    """When it ends; not before `starts`."""
    venue_id: Place
    """The place where it is held."""
    debut_tier: DebutTier | None = None
    """Debuts only: the area in which it is the first."""
    brand_origin: BrandOrigin | None = None
    """Debuts only: where the brand comes from."""
    consumer_electronics: bool = False
    """Whether a consumer-electronics product is launched."""
    debut_space_id: Token | None = None
    """The registered debut space; visitors at its sensors during the activity are the debut's footfall."""
    expected_attendance: Count | None = None
    """Visitors the organiser expects."""
    capacity: Count | None = None
    """Persons that the venue may hold for this activity."""
    high_end: bool = False
    """Whether it counts as a high-end conference."""

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
