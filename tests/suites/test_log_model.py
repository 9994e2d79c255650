"""Any sequence of appends reads back as a plain dictionary of lists would."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.log_contents import whole_log
from tests.support.log_engines import PARTITIONS, Engine, kafka_url, log_url
from tidemark.streams.contracts.family import DAY, Stream
from tidemark.streams.log.port import Entry, Receipt

# Signals that arrived within 7 days of each other, so that none is dropped.
arrivals = st.none() | st.integers(0, 6 * DAY)
entries = st.lists(
    st.builds(Entry, st.integers(0, PARTITIONS - 1), st.binary(max_size=40), arrivals),
    max_size=12,
)
receipts = st.none() | st.builds(Receipt, st.sampled_from(["a", "b"]), st.text("0123456789", max_size=3))
appends = st.lists(st.tuples(st.sampled_from(Stream), entries, receipts), max_size=8)


@pytest.mark.parametrize("name", ["memory", "sqlite"])
@given(appends=appends, page=st.integers(1, 5))
def test_a_log_is_a_list_for_each_stream_and_partition(name, appends, page):
    with tempfile.TemporaryDirectory() as folder:
        url = log_url(Path(folder)) if name == "sqlite" else None
        asyncio.run(_compare(Engine(name, url), appends, page))


@settings(max_examples=10, phases=[Phase.explicit, Phase.generate])
@given(appends=appends, page=st.integers(1, 5))
def test_a_log_on_kafka_is_a_list_for_each_stream_and_partition(kafka, appends, page):
    asyncio.run(_compare(Engine("kafka", kafka_url(kafka)), appends, page))


async def _compare(engine, appends, page):
    now_ms = 5
    lists = {(stream, partition): [] for stream in Stream for partition in range(PARTITIONS)}
    receipts = {}
    log = await engine.new_log(lambda: now_ms)
    for stream, batch, receipt in appends:
        offsets = await log.append(stream, batch, receipt)
        for (partition, value, arrival_ms), offset in zip(batch, offsets, strict=True):
            lists[stream, partition].append((offset, now_ms if arrival_ms is None else arrival_ms, value))
        if receipt is not None:
            receipts[receipt.name] = receipt.value
    assert await whole_log(log) == lists
    assert dict(await log.receipts()) == receipts
    for (stream, partition), records in lists.items():
        offsets = [offset for offset, _, _ in records]
        assert offsets == sorted(set(offsets))
        assert engine.name == "kafka" or offsets == list(range(len(records)))
        for start in range(0, len(records), page):
            chunk = await log.read(stream, partition, records[start][0], page)
            assert 0 < len(chunk.records) <= page
            assert chunk.records == records[start : start + len(chunk.records)]
        assert (await log.ends(stream))[partition] >= (offsets[-1] + 1 if offsets else 0)
    await log.close()
