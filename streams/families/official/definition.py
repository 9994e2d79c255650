"""Published figures: one latest value per indicator, period, basis and vintage."""

from tidemark.streams.contracts.definition import Definition, EntityReducer, latest_fact
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("官方数据", "Official figures"),
    label=Text("官方数据", "official"),
    stale_after_ms=7 * DAY,
    adds=EntityReducer(("indicator_id", "period", "basis", "vintage"), latest_value=latest_fact),
)
