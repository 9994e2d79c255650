"""The families of events: for each one folder, and one line below; everything else is derived.

A folder's `__init__` holds what every module may import, the payloads and the measures; its
`definition` declares what they add up to. `table` and `definitions` collect them by name, in this
order, so that importing the one does not load the other.
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
