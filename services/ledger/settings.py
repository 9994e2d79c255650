"""Settings of the ledger."""

from pydantic import Field

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.settings import Host, LogUrl, Port, ServiceSettings


class LedgerSettings(ServiceSettings):
    """Which log the ledger follows, under which name, and where it serves its own metrics."""

    log: LogUrl = DEFAULT_LOG
    instance: str | None = Field(
        None,
        description="On Kafka, a lasting name of this worker: restarted under it, it keeps its partitions",
    )
    ledger_host: Host = LOOPBACK
    ledger_port: Port | None = Field(
        None,
        description="Port of the worker's own metrics while it follows the log; none serves them nowhere",
    )
