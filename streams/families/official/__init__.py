"""Official figures, as the bureaus publish them, by indicator, period and vintage."""

from typing import Annotated, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import DAY, EventType, Family
from tidemark.streams.contracts.payload import Code, Instant, Payload, Place, Token

DecimalText = Annotated[str, Meta(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$")]


class FigurePublished(Payload, frozen=True):
    """A published figure. `period` is a year (2026), a quarter (2026Q2) or a month (2026-08)."""

    indicator_id: Token
    """The target or indicator, as the catalogue names it; the partition key."""
    period: Annotated[str, Meta(pattern=r"^[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")]
    """The period of the figure: a year (2026), a quarter (2026Q2) or a month (2026-08)."""
    value: DecimalText
    """The figure, as a decimal in a string."""
    unit: Code
    """Unit of the figure."""
    basis: Literal["month", "ytd", "quarter", "year", "stock"]
    """month, quarter or year: of that period alone; ytd: from January on; stock: on its last day."""
    vintage: Code
    """Which publication of the figure it is; each vintage is kept."""
    status: Literal["flash", "preliminary", "revised", "final"]
    """How final the figure is."""
    published_at: Instant
    """When it was published; decides which figures were available on a day."""
    yoy_reported: DecimalText | None = None
    """Change on the year before as published, in percent, as a decimal in a string."""
    source_doc: Place | None = None
    """The publication."""


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
