"""What is seen while all is well."""

from .case import Series

LEDGER: Series = {
    "waiting": ('ledger_lag_records{partition="0"}', 0),
    "position": ('ledger_position_offset{partition="0"}', "0+10x*"),
}

STOPPED = {"waiting": 5, "position": 10}
"""What is seen of a ledger that does not move though records wait."""


def feed(family: str, limit_s: float) -> Series:
    """A feed whose newest event is a second old, and the ledger."""
    of = f'{{family="{family}"}}'
    return {
        "age": (f"newest_event_age_seconds{of}", 1),
        "age_limit": (f"feed_age_limit_seconds{of}", limit_s),
        **LEDGER,
    }
