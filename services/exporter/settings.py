"""Settings of the exporter."""

from pathlib import Path

from pydantic import Field

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.settings import Host, LogUrl, Port, ServiceSettings


class ExporterSettings(ServiceSettings):
    """Which log the exporter reads, where it listens, and its limits."""

    log: LogUrl = DEFAULT_LOG
    exporter_host: Host = LOOPBACK
    exporter_port: Port = 9464
    exporter_refresh_s: float = Field(
        0.1, gt=0, description="Pause between two reads of the state, in seconds"
    )
    exporter_label_budget: int = Field(
        2_000,
        ge=16,
        description="Maximum series per metric; the rest is added up under the label value `other`",
    )
    declarations: Path | None = Field(
        None,
        description="File that declares the meaning of ambiguous targets; without it they have no status",
    )
