"""Crowd: how dense a zone is right now. A signal, useless after half a minute."""

from tidemark.streams.contracts.family import SECOND, EventType, Family, Stream
from tidemark.streams.contracts.payload import Count, Payload, Token


class DensityObserved(Payload, frozen=True):
    """`max_cell_millipersons_m2`: the densest cell, in thousandths of a person per m²."""

    zone_id: Token
    persons: Count
    area_cm2: Count
    max_cell_millipersons_m2: Count
    inflow_per_min: Count
    outflow_per_min: Count


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
