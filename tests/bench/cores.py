"""Where a measurement runs."""

import os


def stay_on_one_core() -> None:
    """Keep every thread that this process starts, SQLite's too, on one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
