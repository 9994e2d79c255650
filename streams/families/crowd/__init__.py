"""Crowd: the current density of a zone. A signal, of no use after half a minute."""

from tidemark.streams.contracts.family import SECOND, EventType, Family, Stream
from tidemark.streams.contracts.payload import Count, Payload, Token


class DensityObserved(Payload, frozen=True):
    """A zone's density. `max_cell_millipersons_m2` is that of the densest cell, in thousandths of a person
    per m²."""

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
            meaning="The number and density of people in a zone",
        ),
    ),
    lateness_ms=5 * SECOND,
    stream=Stream.SIGNALS,
)
