"""Official figures: what the bureaus publish, by indicator, period and vintage."""

from typing import Annotated, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import DAY, EventType, Family
from tidemark.streams.contracts.payload import Code, Instant, Payload, Place, Token

DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$")]


class FigurePublished(Payload, frozen=True):
    """`period` is a year (2026), a quarter (2026Q2) or a month (2026-08)."""

    indicator_id: Token
    period: Annotated[str, Meta(pattern=r"^[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")]
    value: DecimalText
    unit: Code
    basis: Literal["month", "ytd", "quarter", "year", "stock"]
    vintage: Code
    status: Literal["flash", "preliminary", "revised", "final"]
    published_at: Instant
    yoy_reported: DecimalText | None = None
    source_doc: Place | None = None


FAMILY = Family(
    name="official",
    types=(
        EventType(
            name="official.figure_published",
            payload=FigurePublished,
            keyed_by=("indicator_id",),
            meaning="A bureau published or revised a figure",
        ),
    ),
    lateness_ms=60 * DAY,
)
