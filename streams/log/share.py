"""Which partitions a ledger worker keeps."""

from typing import Protocol


class Share(Protocol):
    """A worker's part of a log's partitions. It changes when workers come and go."""

    def partitions(self) -> frozenset[int]:
        """Those that are this worker's now."""
        ...

    async def renew(self) -> None:
        """Ask anew which are this worker's, as one that may have missed a change. Raises LogError."""
        ...

    async def close(self) -> None:
        """Leave them to others. May be called twice."""
        ...


class WholeLog:
    """The Share of the only worker there is."""

    def __init__(self, partitions: int) -> None:
        self._partitions = frozenset(range(partitions))

    def partitions(self) -> frozenset[int]:
        return self._partitions

    async def renew(self) -> None:
        """It never changes."""

    async def close(self) -> None:
        """There is no other."""
