"""The published state as its one writer and its readers see it, whatever engine keeps it.

The state of a partition is a map (kind, key) → value of bytes. Engines do not look inside.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tidemark.streams.contracts.published import Kind, Row

__all__ = ["Kind", "Page", "Row", "StateReader", "StateRebuild", "StateWriter", "Update"]


class Update(NamedTuple):
    """What changed in a partition since it was last published: absolute values, never deltas.

    `position` is the offset of the log that the partition's state stands for with these rows.
    """

    partition: int
    rows: list[Row]
    position: int


class Page(NamedTuple):
    """What readers have not seen yet.

    `version` rises with every publish; ask for what came after it. When `generation` is
    another than before, `rows` is the whole state and the reader starts anew. Rows are heads,
    cells and records; a deleted cell is not told, its period's lifetime is over.
    """

    generation: int
    version: int
    rows: list[tuple[int, Row]]


class StateWriter(Protocol):
    """Each partition is held by one ledger worker at a time. Every call raises LogError."""

    async def load(self, partition: int) -> list[Row]:
        """Take over a partition: whoever held it before can publish it no more.

        Returns all its rows but its dead letters.
        """
        ...

    async def publish(self, updates: Sequence[Update]) -> None:
        """Make each partition's update visible at once, or not at all.

        Raises StateSuperseded; PartitionsLost for those that another worker has taken over, the
        other updates may or may not be published then.
        """
        ...

    async def drop(self, partition: int) -> None:
        """Let go of a partition; another worker may take it over."""
        ...

    async def close(self) -> None:
        """Let go of the state, so that another worker may take it."""
        ...


class StateRebuild(StateWriter, Protocol):
    """The writer of a generation that is not served yet."""

    async def promote(self) -> None:
        """Serve this generation from now on; the one before is kept. Raises StateSuperseded."""
        ...


class StateReader(Protocol):
    """Reads what has been published. Every call raises LogError."""

    async def poll(self, generation: int, version: int) -> Page:
        """What changed after `version` of `generation`; (0, 0) asks for everything."""
        ...

    async def rows(self, kind: Kind, prefix: bytes = b"") -> list[tuple[int, Row]]:
        """The rows of a kind whose key starts so, by partition and key."""
        ...

    async def close(self) -> None:
        """Let go of files and connections. May be called twice."""
        ...
