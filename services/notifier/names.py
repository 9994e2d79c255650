"""What places and targets are called in messages."""

from collections.abc import Iterable, Mapping

from tidemark.services.gazetteer import Place
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.catalogue import Catalogue

_NAMED = ("place", "port", "indicator")
_SHOWN = {
    "rail": ("渠道", "rail"),
    "scheme": ("卡组织", "scheme"),
    "reason": ("原因", "reason"),
    "partition": ("分区", "partition"),
}
_FAMILIES = ("FeedStale", "FeedIncomplete")


class Names:
    """Says what an alert is about from its labels."""

    def __init__(self, places: Iterable[Place], catalogue: Catalogue) -> None:
        self._names = {place.id: Text(place.zh, place.en) for place in places}
        self._names.update({each.id: Text(each.name_zh, each.name_en) for each in catalogue})

    def subject(self, labels: Mapping[str, str]) -> Text:
        """Place, port or target by name, then what else tells one series from another."""
        parts = [
            self._names.get(labels[key], Text(labels[key], labels[key])) for key in _NAMED if key in labels
        ]
        parts += [
            Text(f"{zh} {labels[key]}", f"{en} {labels[key]}")
            for key, (zh, en) in _SHOWN.items()
            if key in labels
        ]
        if labels["alertname"] in _FAMILIES and "family" in labels:
            parts.append(Text(f"数据源 {labels['family']}", f"feed {labels['family']}"))
        return Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))
