"""Settings of the gateway."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.settings import Host, Port, ServiceSettings
from tidemark.streams.contracts.identity import DEFAULT_DISTRICT, DEFAULT_PARTITIONS, DEFAULT_ZONE, Content
from tidemark.streams.log.engine import MIN_FREE_BYTES

KIB = 1024
MIB = 1024 * KIB


class GatewaySettings(ServiceSettings):
    """Where the gateway listens, where it appends, and its limits."""

    log: str = Field(DEFAULT_LOG, description="URL of the event log, which is created if absent")
    district: str = Field(DEFAULT_DISTRICT, description="District of a newly created log")
    zone: str = Field(DEFAULT_ZONE, description="Time zone of a newly created log")
    partitions: int = Field(
        DEFAULT_PARTITIONS, ge=1, le=1024, description="Number of partitions of a newly created log"
    )
    content: Content = Field(
        "real", description="Events that a newly created log accepts: real, simulated or mixed"
    )
    sources: Path | None = Field(
        None,
        description="TOML file of the sources and their tokens; without it only local requests are served",
    )
    gateway_host: Host = LOOPBACK
    gateway_port: Port = 8080
    max_body_bytes: int = Field(MIB, ge=KIB, description="Maximum size of a request body, in bytes")
    max_event_bytes: int = Field(64 * KIB, ge=KIB, description="Maximum size of an event, in bytes")
    max_batch_events: int = Field(1_000, ge=1, description="Maximum number of events in a batch")
    max_queue_events: int = Field(20_000, ge=1, description="Maximum number of events waiting to be appended")
    max_queue_bytes: int = Field(
        64 * MIB, ge=1, description="Maximum number of bytes being read or waiting to be appended"
    )
    body_timeout_s: float = Field(
        30, gt=0, description="Maximum time for a request body to arrive, in seconds"
    )
    commit_timeout_s: float = Field(
        10, gt=0, description="Maximum time that a request waits for its append, in seconds"
    )
    drain_timeout_s: float = Field(
        20, gt=0, description="Maximum time that a shutdown waits for requests and appends, in seconds"
    )
    min_free_bytes: int = Field(
        MIN_FREE_BYTES, ge=0, description="Free space that appends leave on the disk of the log, in bytes"
    )

    @model_validator(mode="after")
    def _check_queue_limits(self) -> Self:
        """The queue must hold one whole request; its body and its events are briefly held together."""
        if self.max_queue_bytes < 4 * self.max_body_bytes:
            raise ValueError("max_queue_bytes: less than 4 times max_body_bytes; raise it")
        if self.max_queue_events < self.max_batch_events:
            raise ValueError("max_queue_events: less than max_batch_events; raise it")
        return self
