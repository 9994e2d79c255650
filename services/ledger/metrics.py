"""A ledger worker's metrics of itself, in a registry of its own."""

from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Gauge, Histogram

from tidemark.streams.contracts.published import Row
from tidemark.streams.ledger.worker import Worker
from tidemark.streams.log.port import StateWriter, Update

RESTORING = "tidemark_ledger_restoring_partitions"
HELD_CELLS = "tidemark_ledger_held_cells"
HELD_ENTITIES = "tidemark_ledger_held_entities"
HELD_IDS = "tidemark_ledger_held_ids"
PUBLISH = "tidemark_ledger_publish_seconds"

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_GAUGES: tuple[tuple[str, str, Callable[[Worker], float]], ...] = (
    (RESTORING, "Assigned partitions that are being restored", lambda worker: worker.restoring),
    (HELD_CELLS, "Running sums held in memory", lambda worker: worker.sizes()["cells"]),
    (
        HELD_ENTITIES,
        "Forms, tickets and registry entries whose facts are held in memory",
        lambda worker: worker.sizes()["entities"],
    ),
    (HELD_IDS, "Event ids held in memory to recognise duplicates", lambda worker: worker.sizes()["ids"]),
)


class LedgerMetrics:
    """The metrics of the current worker; without a worker, all but the histogram are 0."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._worker: Worker | None = None
        self._publishing = Histogram(
            PUBLISH, "Duration of publishing totals", buckets=_SECONDS, registry=self.registry
        )
        for name, meaning, value in _GAUGES:
            Gauge(name, meaning, registry=self.registry).set_function(self._read_worker(value))

    def watch(self, worker: Worker) -> None:
        """Report this worker from now on."""
        self._worker = worker

    def time_publishing(self, state: StateWriter) -> StateWriter:
        """A writer of the same state that records how long publishing takes."""
        return _TimedState(state, self._publishing)

    @property
    def restored(self) -> bool:
        """Whether there is a worker that has restored all its partitions."""
        return self._worker is not None and not self._worker.restoring

    def _read_worker(self, value: Callable[[Worker], float]) -> Callable[[], float]:
        return lambda: 0.0 if self._worker is None else value(self._worker)


class _TimedState:
    """A state writer whose publishing is timed."""

    def __init__(self, state: StateWriter, publishing: Histogram) -> None:
        self._state = state
        self._publishing = publishing

    async def load(self, partition: int) -> list[Row]:
        return await self._state.load(partition)

    async def publish(self, updates: Sequence[Update]) -> None:
        with self._publishing.time():
            await self._state.publish(updates)

    async def release(self, partition: int) -> None:
        await self._state.release(partition)

    async def close(self) -> None:
        await self._state.close()
