"""Which partition an entity's events go to: murmur2(key) mod P, as Kafka's own clients do."""

from functools import lru_cache
from struct import Struct

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF
_WORDS = tuple(Struct(f"<{count}I").unpack_from for count in range(65))
"""Unpackers of 0 to 64 little-endian words; longer keys are rare."""


def murmur2(data: bytes) -> int:
    """The 32-bit hash of Kafka's default partitioner (Apache Kafka, Utils.murmur2), unsigned."""
    length = len(data)
    whole = length >> 2
    h = _SEED ^ length
    words = _WORDS[whole] if whole < len(_WORDS) else Struct(f"<{whole}I").unpack_from
    for word in words(data):
        k = (word * _M) & _MASK
        h = ((h * _M) ^ ((k ^ (k >> 24)) * _M)) & _MASK
    rest = data[whole << 2 :]
    if rest:
        h = ((h ^ int.from_bytes(rest, "little")) * _M) & _MASK
    h = ((h ^ (h >> 13)) * _M) & _MASK
    return h ^ (h >> 15)


@lru_cache(maxsize=1 << 17)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, 0 ≤ result < partitions."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions
