"""The families of events: one folder each, and one line each below; all else is derived.

A folder's `__init__` holds what everybody may see, the payloads and the measures; its
`definition` says what they add up to. `table` and `definitions` gather them in this order, by
name, so that whoever reads the one does not load the other.
"""

NAMES: tuple[str, ...] = (
    "registry",
    "refund",
    "port",
    "payment",
    "retail",
    "footfall",
    "crowd",
    "sensor",
    "activity",
    "ticket",
    "trade",
    "service_trade",
    "circular",
    "official",
)
