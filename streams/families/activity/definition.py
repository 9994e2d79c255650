"""The latest value of each activity."""

from tidemark.streams.contracts.definition import Definition, EntityReducer, latest_fact
from tidemark.streams.contracts.family import DAY
from tidemark.streams.contracts.text import Text

DEFINITION = Definition(
    name=Text("活动", "Activity"),
    label=Text("活动", "activity"),
    stale_after_ms=7 * DAY,
    adds=EntityReducer(("activity_id",), latest_value=latest_fact),
)
