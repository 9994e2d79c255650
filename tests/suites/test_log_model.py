"""Any sequence of appends reads back as a plain dictionary of lists would."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.family import DAY, Stream
from streams.log.port import Entry, Receipt
from tests.support.log_contents import whole_log
from tests.support.log_engines import ENGINES, PARTITIONS, new_log

# Signals that arrived within 7 days of each other, so that none is old enough to go.
arrivals = st.none() | st.integers(0, 6 * DAY)
entries = st.lists(
    st.builds(Entry, st.integers(0, PARTITIONS - 1), st.binary(max_size=40), arrivals),
    max_size=12,
)
receipts = st.none() | st.builds(Receipt, st.sampled_from(["a", "b"]), st.text("0123456789", max_size=3))
appends = st.lists(st.tuples(st.sampled_from(Stream), entries, receipts), max_size=8)


@pytest.mark.parametrize("engine", ENGINES)
@given(appends=appends, page=st.integers(1, 5))
def test_a_log_is_a_list_for_each_stream_and_partition(engine, appends, page):
    asyncio.run(_compare(engine, appends, page))


async def _compare(engine, appends, page):
    now_ms = 5
    lists = {(stream, partition): [] for stream in Stream for partition in range(PARTITIONS)}
    receipts = {}
    with tempfile.TemporaryDirectory() as folder:
        log = new_log(engine, Path(folder), lambda: now_ms)
        for stream, batch, receipt in appends:
            expected = []
            for partition, value, arrival_ms in batch:
                records = lists[stream, partition]
                expected.append(len(records))
                records.append((len(records), now_ms if arrival_ms is None else arrival_ms, value))
            assert await log.append(stream, batch, receipt) == expected
            if receipt is not None:
                receipts[receipt.name] = receipt.value
        assert await whole_log(log) == lists
        assert dict(await log.receipts()) == receipts
        for (stream, partition), records in lists.items():
            for start in range(0, len(records), page):
                assert await log.read(stream, partition, start, page) == records[start : start + page]
        for stream in Stream:
            assert await log.ends(stream) == [len(lists[stream, p]) for p in range(PARTITIONS)]
        await log.close()
