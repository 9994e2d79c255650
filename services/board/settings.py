"""Settings of the board."""

from pydantic import Field

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.settings import Host, LogUrl, Port, ServiceSettings


class BoardSettings(ServiceSettings):
    """Which log the board shows, where it listens, and its limits."""

    log: LogUrl = DEFAULT_LOG
    board_host: Host = LOOPBACK
    board_port: Port = 8081
    board_refresh_s: float = Field(0.2, gt=0, description="Pause between two reads of the state, in seconds")
    board_screens: int = Field(200, ge=1, description="Maximum number of screens connected at once")
