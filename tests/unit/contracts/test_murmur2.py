"""Partitions against Kafka's own vectors and a Kafka client's partitioner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.streams.contracts.partitions import murmur2, partition_of

KAFKAS_OWN = {
    "21": -973932308,
    "foobar": -790332482,
    "a-little-bit-long-string": -985981536,
    "a-little-bit-longer-string": -1486304829,
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    "abc": 479470107,
}
"""UtilsTest.testMurmur2 of Apache Kafka, signed."""


@pytest.mark.parametrize(("key", "signed"), KAFKAS_OWN.items())
def test_the_hash_is_kafkas(key, signed):
    assert murmur2(key.encode()) == signed % 2**32


@given(key=st.binary(max_size=64))
def test_the_hash_is_a_kafka_clients(key):
    partitioner = pytest.importorskip("aiokafka.partitioner", reason="pip install aiokafka")
    assert murmur2(key) == partitioner.murmur2(key) % 2**32


@given(key=st.text(max_size=40), partitions=st.integers(1, 64))
def test_a_kafka_client_sends_a_key_to_the_same_partition(key, partitions):
    partitioner = pytest.importorskip("aiokafka.partitioner", reason="pip install aiokafka")
    everywhere = list(range(partitions))
    theirs = partitioner.DefaultPartitioner()(key.encode(), everywhere, everywhere)
    assert partition_of(key, partitions) == theirs
