"""Field types that several payloads share, with their limits."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

Token = Annotated[str, Meta(min_length=1, max_length=64)]
"""An identifier made by its holder: an entity, a sensor, a form."""

Code = Annotated[str, Meta(min_length=1, max_length=32)]
"""A short code of somebody's list: a goods class, an error, a product heading."""

Place = Annotated[str, Meta(min_length=1, max_length=128)]
"""A place of the gazetteer, `<kind>.<name>`."""

LIMIT = 10**15
"""Larger than any amount a district sees, small enough that sums of many stay in 64 bits."""

Count = Annotated[int, Meta(ge=0, le=LIMIT)]
Fen = Annotated[int, Meta(ge=0, le=LIMIT, description="Whole fen; 100 fen are 1 yuan")]
UsdCents = Annotated[int, Meta(ge=0, le=LIMIT, description="Whole US cents")]
BasisPoints = Annotated[int, Meta(ge=0, le=10_000, description="1/100 of a percent")]
WindowSeconds = Annotated[int, Meta(ge=1, le=86_400, description="Length of the counting window")]
Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset")]
Day = date
