"""Settings of the board."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class BoardSettings(BaseSettings):
    """Which log the board shows, where it listens, and its limits."""

    model_config = SettingsConfigDict(env_prefix="TIDEMARK_", env_file=".env", extra="ignore")

    log: str = Field("sqlite:///var/tidemark.db", description="URL of the event log")
    board_host: str = Field("127.0.0.1", description="Address to listen on")
    board_port: int = Field(8081, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    board_refresh_s: float = Field(0.2, gt=0, description="Pause between two looks at the state, in seconds")
    board_screens: int = Field(200, ge=1, description="Most screens connected at once")
