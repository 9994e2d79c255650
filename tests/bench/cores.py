"""The cores that a measurement runs on."""

import os


def stay_on_one_core() -> None:
    """Pin this process and all threads it starts, SQLite's too, to one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
