"""Settings of the ledger."""

from pydantic import Field

from tidemark.services.defaults import DEFAULT_LOG, LOOPBACK
from tidemark.services.settings import Host, LogUrl, Port, ServiceSettings


class LedgerSettings(ServiceSettings):
    """Which log the ledger follows, under which name, and where it serves its metrics."""

    log: LogUrl = DEFAULT_LOG
    instance: str | None = Field(
        None,
        description="Stable name of this worker in the Kafka group: after a restart it keeps its partitions",
    )
    ledger_host: Host = LOOPBACK
    ledger_port: Port | None = Field(
        None,
        description="Port for the worker's metrics while it follows the log; without it they are not served",
    )
