"""Folding events in tests, and the state in a comparable form."""

from collections.abc import Iterable, Sequence

import msgspec

from tidemark.streams.contracts.published import NO_VALUE, Kind, Row
from tidemark.streams.ledger.fold import PartitionFold

from .events import ARRIVAL_MS, IDENTITY

State = dict[tuple[Kind, bytes], bytes]


def records(raws: Iterable[bytes]) -> list[tuple[int, int, bytes]]:
    return [(offset, ARRIVAL_MS, raw) for offset, raw in enumerate(raws)]


def merge(state: State, rows: Iterable[Row]) -> State:
    """Apply published rows to a state, in place."""
    for kind, key, value in rows:
        if value is None:
            state.pop((kind, key), None)
        else:
            state[kind, key] = value
    return state


def fold_all(raws: Sequence[bytes], settle_after: Iterable[int] = ()) -> State:
    """The state after all events, published after each of the given positions and at the end."""
    fold = PartitionFold(IDENTITY, 0)
    state: State = {}
    cuts = sorted({cut for cut in settle_after if cut < len(raws)} | {len(raws)})
    feed = records(raws)
    start = 0
    for cut in cuts:
        fold.fold(feed[start:cut])
        merge(state, fold.drain_changes())
        start = cut
    return state


def net(state: State) -> dict[bytes, object]:
    """The cells that are not zero and the latest values: what must not depend on order."""
    return {
        key: msgspec.json.decode(value)
        for (kind, key), value in state.items()
        if (kind is Kind.LATEST and value != NO_VALUE)
        or (kind is Kind.CELL and any(msgspec.json.decode(value)))
    }
