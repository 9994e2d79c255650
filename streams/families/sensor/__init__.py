"""Sensor: whether a sensor works, and the offset of its clock. A signal."""

from typing import Annotated, Literal

from msgspec import Meta

from tidemark.streams.contracts.family import MINUTE, EventType, Family, Stream
from tidemark.streams.contracts.payload import Code, Payload, Token


class StatusReported(Payload, frozen=True):
    """A sensor's status. `clock_offset_ms` is the sensor's clock minus the gateway's."""

    sensor_id: Token
    """The sensor; the partition key."""
    state: Literal["up", "degraded", "down"]
    """Its state as the gateway sees it."""
    clock_offset_ms: Annotated[int, Meta(ge=-(10**12), le=10**12)]
    """The sensor's clock minus the gateway's, in milliseconds."""
    firmware: Code | None = None
    """Firmware version."""


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
