"""What services and commands use when they are given nothing else."""

import time

DEFAULT_LOG = "sqlite:///var/tidemark.db"
LOOPBACK = "127.0.0.1"


def wall_clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
