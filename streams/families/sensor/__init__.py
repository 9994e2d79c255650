"""Sensor: whether a counter works and how far its clock is off. A signal."""

from typing import Annotated, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import MINUTE, EventType, Family, Stream
from tidemark.streams.contracts.payload import Code, Payload, Token


class StatusReported(Payload, frozen=True):
    """`clock_offset_ms`: the sensor's clock minus the gateway's."""

    sensor_id: Token
    state: Literal["up", "degraded", "down"]
    clock_offset_ms: Annotated[int, Meta(ge=-(10**12), le=10**12)]
    firmware: Code | None = None


FAMILY = Family(
    name="sensor",
    types=(
        EventType(
            name="sensor.status_reported",
            payload=StatusReported,
            keyed_by=("sensor_id",),
            meaning="A sensor's health and the offset of its clock",
        ),
    ),
    lateness_ms=MINUTE,
    stream=Stream.SIGNALS,
)
