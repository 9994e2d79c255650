"""The fixed words of reports in both languages, and how a text is written in one or both."""

from collections.abc import Mapping

from tidemark.streams.contracts.text import Language, Text
from tidemark.streams.indicators.assessment.assessment import Status
from tidemark.streams.indicators.assessment.measuring import Provenance
from tidemark.streams.indicators.official.figures import Vintage
from tidemark.streams.indicators.targets.catalogue import Unit
from tidemark.streams.indicators.targets.goal import Kind, Path

LATIN, CHINESE = "Arial", "Microsoft YaHei"
"""The fonts of documents."""

BLUE, GREEN, GREY = "#1f5fa8", "#3f9c6b", "#9aa3ae"
"""Headings and what was measured; the target; the path."""

HEAD, RULE = "#eaf0f7", "#d5dae0"
"""The background of a table's heading, and thin lines."""

NONE = Text("无", "None")
"""Shown in place of a table without rows."""

STATUS: Mapping[Status, Text] = {
    Status.REACHED: Text("已达成", "Reached"),
    Status.ON_TRACK: Text("正常", "On track"),
    Status.AT_RISK: Text("有风险", "At risk"),
    Status.BEHIND: Text("落后", "Behind"),
    Status.MISSED: Text("未达成", "Missed"),
    Status.UNKNOWN: Text("暂不评价", "Unknown"),
    Status.STALE: Text("数据过期", "Stale"),
    Status.AMBIGUOUS: Text("口径待定", "Ambiguous"),
}

COLOUR: Mapping[Status, str] = {
    Status.REACHED: "#1a7f4b",
    Status.ON_TRACK: "#3f9c6b",
    Status.AT_RISK: "#c98a00",
    Status.BEHIND: "#c9502a",
    Status.MISSED: "#9d1f2f",
    Status.UNKNOWN: "#7a8594",
    Status.STALE: "#9aa3ae",
    Status.AMBIGUOUS: "#b3a1c4",
}

UNIT: Mapping[Unit, Text] = {
    "CNY_100m": Text("亿元", "CNY 100 m"),
    "CNY_trn": Text("万亿元", "CNY trn"),
    "USD_100m": Text("亿美元", "USD 100 m"),
    "count": Text("个", "count"),
    "m2": Text("平方米", "m²"),
    "pairs": Text("对", "pairs"),
    "percent": Text("%", "%"),
    "rank": Text("位次", "rank"),
    "times": Text("倍", "times"),
    "visits": Text("人次", "visits"),
}

KIND: Mapping[Kind, Text] = {
    "stock": Text("存量", "stock"),
    "annual_flow": Text("年度流量", "annual flow"),
    "cumulative": Text("累计", "cumulative"),
    "ratio": Text("比率", "ratio"),
    "growth": Text("增长倍数", "growth"),
    "rank": Text("位次", "rank"),
    "ambiguous": Text("口径待定", "ambiguous"),
}

PATH: Mapping[Path, Text] = {
    "linear": Text("线性", "linear"),
    "geometric": Text("等比", "geometric"),
    "milestone": Text("分步", "milestone"),
}

WHOLE: frozenset[Unit] = frozenset({"count", "pairs", "rank", "visits"})
"""Units of what is counted."""

PROVENANCE: Mapping[Provenance, Text] = {
    "live": Text("实时汇总", "live"),
    "official": Text("官方数据", "official"),
    "nowcast": Text("校准估计", "nowcast"),
}

VINTAGE: Mapping[Vintage, Text] = {
    "first": Text("首次发布", "first published"),
    "revised": Text("修订", "revised"),
    "final": Text("最终", "final"),
}

Languages = tuple[Language, ...]
"""The languages that a report shows, each once; the first of them leads."""


def list_lines(text: Text | str, languages: Languages) -> list[tuple[str, str]]:
    """The lines of a text, each with its language. A plain string, such as an id, has none; words that
    are the same in both languages are written once."""
    if isinstance(text, str):
        return [("", text)]
    shown = languages[:1] if text.zh == text.en else languages
    return [(language.value, text.in_language(language)) for language in shown]


def say(text: Text | str, languages: Languages, between: str = "\n") -> str:
    """The lines of a text as one string."""
    return between.join(words for _, words in list_lines(text, languages))
