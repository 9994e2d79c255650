"""Settings of the exporter."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ExporterSettings(BaseSettings):
    """Which log the exporter reads, where it listens, and its limits."""

    model_config = SettingsConfigDict(env_prefix="TIDEMARK_", env_file=".env", extra="ignore")

    log: str = Field("sqlite:///var/tidemark.db", description="URL of the event log")
    exporter_host: str = Field("127.0.0.1", description="Address to listen on")
    exporter_port: int = Field(9464, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    exporter_refresh_s: float = Field(
        0.1, gt=0, description="Pause between two looks at the state, in seconds"
    )
    exporter_label_budget: int = Field(
        2_000, ge=16, description="Most series per metric; the rest is folded into the label value `other`"
    )
    declarations: Path | None = Field(
        None, description="File that says what ambiguous targets mean here; none leaves them without a status"
    )
