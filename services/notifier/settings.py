"""Settings of the notifier."""

from pathlib import Path

from pydantic import Field

from tidemark.services.defaults import LOOPBACK
from tidemark.services.settings import Host, Port, ServiceSettings
from tidemark.streams.contracts.identity import DEFAULT_ZONE


class NotifierSettings(ServiceSettings):
    """The notifier's address, files, and limits of delivery."""

    notifier_host: Host = LOOPBACK
    notifier_port: Port = 9466
    notifier_outbox: Path = Field(
        Path("var/notifier.db"), description="File of the outbox; created if it does not exist"
    )
    notifier_secret_file: Path = Field(
        Path("var/notifier.secret"), description="File with the secret that Alertmanager sends"
    )
    notifier_channels: Path = Field(
        Path("var/channels.toml"), description="TOML file of the channels; it contains secrets"
    )
    notifier_window_s: float = Field(
        2,
        ge=0,
        le=300,
        description="Time for which a message waits for others to be sent with it, in seconds",
    )
    notifier_send_timeout_s: float = Field(
        30, gt=0, description="Time within which a channel must answer, in seconds"
    )
    notifier_max_tries: int = Field(12, ge=1, description="Attempts before a message becomes a dead letter")
    notifier_max_age_s: float = Field(
        86_400, gt=0, description="Age at which a failing message becomes a dead letter, in seconds"
    )
    notifier_max_messages: int = Field(
        10_000, ge=1, description="Maximum number of messages waiting to be sent"
    )
    notifier_kept_days: int = Field(
        90, ge=8, description="Days for which a message is kept after Alertmanager last sent its alert"
    )
    zone: str = Field(DEFAULT_ZONE, description="Time zone of the times in messages")
