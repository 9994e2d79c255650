"""Writes alerts as plain text for people, Chinese first and then English, for any kind of channel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tidemark.services.gazetteer import Place
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.targets.catalogue import Catalogue

from .outbox import Batch
from .senders import Message
from .webhook import Alert

_SEVERITIES = {
    "critical": Text("严重", "Critical"),
    "warning": Text("警告", "Warning"),
    "info": Text("提示", "Info"),
}
_RESOLVED = Text("已恢复", "Resolved")
_REPEATED = "重复发送，此消息可能此前已送达 / Repeated: this message may have arrived before"
_LINKS = (("处理手册 Runbook", "runbook_url"), ("看板 Dashboard", "dashboard_url"))
_DESCRIPTIONS = ("description_zh", "description_en")
_ELLIPSIS = "…"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NAMED_LABELS = ("place", "port", "indicator")
_SHOWN_LABELS = {
    "rail": ("渠道", "rail"),
    "scheme": ("卡组织", "scheme"),
    "reason": ("原因", "reason"),
    "partition": ("分区", "partition"),
}
_ABOUT_FEEDS = ("FeedStale", "FeedIncomplete")


class Names:
    """Describes the subject of an alert from its labels."""

    def __init__(self, places: Iterable[Place], catalogue: Catalogue) -> None:
        self._names = {place.id: Text(place.zh, place.en) for place in places}
        self._names.update({target.id: Text(target.name_zh, target.name_en) for target in catalogue})

    def describe_subject(self, labels: Mapping[str, str]) -> Text:
        """The name of the place, port or target, then the other labels that identify the series."""
        parts = [
            self._names.get(labels[key], Text(labels[key], labels[key]))
            for key in _NAMED_LABELS
            if key in labels
        ]
        parts += [
            Text(f"{zh} {labels[key]}", f"{en} {labels[key]}")
            for key, (zh, en) in _SHOWN_LABELS.items()
            if key in labels
        ]
        if labels["alertname"] in _ABOUT_FEEDS and "family" in labels:
            parts.append(Text(f"数据源 {labels['family']}", f"feed {labels['family']}"))
        return Text(" · ".join(part.zh for part in parts), " · ".join(part.en for part in parts))


class Wording(NamedTuple):
    """Writes messages with this deployment's names, in its time zone."""

    names: Names
    civil: Civil

    def write(self, batch: Batch, max_bytes: int) -> Message:
        """A text about all alerts of a batch, of at most `max_bytes` in UTF-8.

        A single alert is described, without details if they do not fit. Several alerts are listed
        as far as they fit, and the others are counted.
        """
        title, second = _write_headings(batch.alerts)
        room = max_bytes - _count_bytes([title])
        above = [_REPEATED] if batch.repeated else []
        if len(batch.alerts) > 1:
            return Message(title, _truncate(self._write_list(batch.alerts, above, second, room), room))
        lines = self._write_alert(batch.alerts[0], second, detailed=True)
        if _count_bytes([*above, *lines]) > room:
            lines = self._write_alert(batch.alerts[0], second, detailed=False)
        return Message(title, _truncate([*above, *lines], room))

    def _write_alert(self, alert: Alert, second: str, detailed: bool) -> list[str]:
        facts_zh, facts_en = self._write_facts(alert, detailed)
        return [*facts_zh, "", second, *facts_en, *_write_links(alert)]

    def _write_facts(self, alert: Alert, detailed: bool) -> tuple[list[str], list[str]]:
        subject, since, notes = (
            self.names.describe_subject(alert.labels),
            self._write_duration(alert),
            alert.annotations,
        )
        value, limit = notes.get("value", ""), notes.get("limit", "")
        amounts = (
            Text(f"当前 {value}（限 {limit}）", f"Value {value} (limit {limit})") if value else Text("", "")
        )
        # A description contains value and limit in the units of its language.
        described = Text(*(notes.get(name, "") if detailed else "" for name in _DESCRIPTIONS))
        action = _write_action(alert)
        zh = [subject.zh, described.zh or (value and amounts.zh), since.zh, action.zh]
        en = [subject.en, described.en or (value and amounts.en), _capitalise(since.en), action.en]
        return list(filter(None, zh)), list(filter(None, en))

    def _write_list(self, alerts: Sequence[Alert], above: list[str], second: str, room: int) -> list[str]:
        action = _write_action(alerts[0])
        actions_zh, actions_en = (["", action.zh], [action.en]) if action.zh else ([], [])
        below = [*actions_zh, "", second, *actions_en, *_write_links(alerts[0])]
        lines = [self._write_list_item(alert) for alert in alerts]
        left = room - _count_bytes([*above, *below, _write_omitted(len(lines))])
        listed = _fit_lines(lines, left)
        others = len(lines) - len(listed)
        return [*above, *listed, *([_write_omitted(others)] if others else []), *below]

    def _write_list_item(self, alert: Alert) -> str:
        subject, since = self.names.describe_subject(alert.labels), self._write_duration(alert)
        value, limit = alert.annotations.get("value", ""), alert.annotations.get("limit", "")
        amount = f"{value}（限 / limit {limit}）" if value else ""
        about = f"{subject.zh} / {subject.en}" if subject.zh else alert.fingerprint
        return "，".join(filter(None, (f"· {about}", amount, f"{since.zh} / {since.en}")))

    def _write_duration(self, alert: Alert) -> Text:
        start = _format_instant(alert.starts_at, self.civil)
        if alert.status == "firing":
            return Text(f"自 {start.zh} 起", f"since {start.en}")
        end = _format_instant(alert.ends_at, self.civil)
        length = _format_length(alert.ends_at - alert.starts_at)
        return Text(
            f"{start.zh} 至 {end.zh}，持续 {length.zh}", f"{start.en} to {end.en}, lasted {length.en}"
        )


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _write_headings(alerts: Sequence[Alert]) -> Text:
    """The title, and the first line of the English part."""
    alert, count = alerts[0], len(alerts)
    severity = alert.labels.get("severity", "")
    mark = _RESOLVED if alert.status == "resolved" else _SEVERITIES.get(severity, Text(severity, severity))
    zh = alert.annotations.get("summary_zh", alert.name)
    en = alert.annotations.get("summary_en", alert.name)
    several = Text(f"（{count} 项）", f" ({count})") if count > 1 else Text("", "")
    return Text(f"【{mark.zh}】{zh}{several.zh}", f"[{mark.en}] {en}{several.en}")


def _write_action(alert: Alert) -> Text:
    """What to do; empty if the alert is resolved."""
    zh, en = (alert.annotations.get(f"action_{language}", "") for language in ("zh", "en"))
    if alert.status == "resolved" or not (zh and en):
        return Text("", "")
    return Text(f"处理：{zh}", f"What to do: {en}")


def _write_links(alert: Alert) -> list[str]:
    notes = alert.annotations
    links = [f"{words}: {notes[name]}" for words, name in _LINKS if notes.get(name)]
    return ["", *links] if links else []


def _format_instant(at: datetime, civil: Civil) -> Text:
    """Day and time of day in the civil zone."""
    local = at.astimezone(civil.zone)
    clock = f"{local:%H:%M}"
    return Text(f"{local.month}月{local.day}日 {clock}", f"{local.day} {_MONTHS[local.month - 1]} {clock}")


def _format_length(length: timedelta) -> Text:
    """A duration in its two largest units, at least a minute."""
    minutes = max(1, round(length.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "天", "d"), (hours, "小时", "h"), (rest, "分钟", "min")]
    parts = [part for part in parts if part[0]][:2]
    return Text(
        "".join(f"{count}{unit}" for count, unit, _ in parts),
        " ".join(f"{count} {unit}" for count, _, unit in parts),
    )


def _write_omitted(count: int) -> str:
    return f"另有 {count} 项 / and {count} more"


def _count_bytes(lines: Sequence[str]) -> int:
    """Bytes of the lines, each with its line break."""
    return sum(len(line.encode()) + 1 for line in lines)


def _fit_lines(lines: Sequence[str], room: int) -> list[str]:
    """The first lines, as many as fit into `room` bytes."""
    fitting: list[str] = []
    for line in lines:
        room -= _count_bytes([line])
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _truncate(lines: Sequence[str], room: int) -> str:
    """The lines as a text of at most `room` bytes; a truncated text ends with an ellipsis."""
    text = "\n".join(lines).encode()
    if len(text) <= room:
        return text.decode()
    kept = max(0, room - len(_ELLIPSIS.encode()))
    return text[:kept].decode(errors="ignore") + _ELLIPSIS
