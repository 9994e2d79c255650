"""Defaults of services and commands."""

import time

DEFAULT_LOG = "sqlite:///var/tidemark.db"
LOOPBACK = "127.0.0.1"


def wall_clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
