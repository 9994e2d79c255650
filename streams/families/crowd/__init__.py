"""Crowd: how dense a zone is right now. A signal, useless after half a minute."""

from tidemark.streams.contracts.family import SECOND, EventType, Family, Stream
from tidemark.streams.contracts.payload import Count, Payload, Token


class DensityObserved(Payload, frozen=True):
    """`max_cell_millipersons_m2`: the densest cell, in thousandths of a person per m²."""

    zone_id: Token
    """The zone observed; the partition key."""
    persons: Count
    """Persons in the zone."""
    area_cm2: Count
    """Area of the zone in cm²."""
    max_cell_millipersons_m2: Count
    """Density of the densest cell, in thousandths of a person per m²."""
    inflow_per_min: Count
    """Persons who entered the zone in the last minute."""
    outflow_per_min: Count
    """Persons who left the zone in the last minute."""


FAMILY = Family(
    name="crowd",
    types=(
        EventType(
            name="crowd.density_observed",
            payload=DensityObserved,
            keyed_by=("zone_id",),
            meaning="How many people stand in a zone, and how densely",
        ),
    ),
    lateness_ms=5 * SECOND,
    stream=Stream.SIGNALS,
)
