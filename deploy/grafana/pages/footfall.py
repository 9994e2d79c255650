"""Footfall: the 1+5 districts, malls, and current occupancy."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat, table
from tidemark.deploy.grafana.promql import (
    PERIOD,
    PLACE,
    TODAY,
    YEAR,
    deduplicate,
    find_metric,
    select_daily,
    select_largest,
    sum_series,
)
from tidemark.services.exporter import formula_metrics as f
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.footfall import FOOTFALL_PLACE

_ENTERED = find_metric(FOOTFALL_PLACE, "entered")
_SHARE_FULL = f"{deduplicate(f.OCCUPANCY.name, PLACE)} / {deduplicate(f.CAPACITY.name, PLACE)}"


def _match_kind(name: str) -> str:
    return f'place=~"{name}[.].+"'


ENTERED_TODAY = stat(
    Text("今日到访", "Visits today"),
    Text("今日各计数地点的进入人次之和。", "Entries today, summed over all places with counters."),
    Units.WHOLE,
    Query(sum_series(deduplicate(_ENTERED, TODAY, PLACE))),
)
ENTERED = stat(
    Text("时段到访", "Visits in the period"),
    Text("时段内进入人次之和。", "Entries in the period, summed over all places."),
    Units.WHOLE,
    Query(sum_series(deduplicate(_ENTERED, PERIOD, PLACE))),
)
INSIDE = stat(
    Text("当前在场", "Inside now"),
    Text("04:00 以来进入人次减离开人次。", "Entries minus exits since 04:00."),
    Units.WHOLE,
    Query(sum_series(deduplicate(f.OCCUPANCY.name, PLACE))),
)
DISTRICTS = bars(
    Text("1+5 商圈", "The 1+5 districts"),
    Text(
        "时段内各商圈自有计数点的进入人次。", "Entries in the period, counted by each district's own sensors."
    ),
    Units.WHOLE,
    Query(
        f"sort_desc({sum_series(deduplicate(_ENTERED, PERIOD, PLACE, _match_kind('district')), 'place')})",
        "{{place}}",
    ),
    height=10,
    names=("district",),
)
MALLS = bars(
    Text("商场", "Malls"),
    Text("时段内各商场的进入人次。", "Entries in the period by mall."),
    Units.WHOLE,
    Query(
        f"sort_desc({sum_series(deduplicate(_ENTERED, PERIOD, PLACE, _match_kind('mall')), 'place')})",
        "{{place}}",
    ),
    height=10,
    names=("mall",),
)
LIVE = lines(
    Text("在场人数", "Persons inside"),
    Text("各地当前在场人数，最多的二十处。", "Persons inside now, the twenty places with the most."),
    Units.WHOLE,
    Query(select_largest(20, deduplicate(f.OCCUPANCY.name, PLACE)), "{{place}}"),
    names=PLACES,
)
FULLNESS = lines(
    Text("承载率", "Occupancy rate"),
    Text(
        "在场人数 ÷ 承载量；仅含已知承载量的地点。",
        "Persons inside ÷ capacity, for places with a known capacity.",
    ),
    Units.PERCENT,
    Query(select_largest(20, _SHARE_FULL), "{{place}}"),
    alert="OccupancyHigh",
    names=PLACES,
)
STATE = table(
    Text("各地现状", "All places now"),
    Text(
        "今日进入、在场、承载量、平均停留；异常分按往常同一时段比较。",
        "Entries today, persons inside, capacity, mean length of a visit; "
        "the anomaly score compares with the usual quarter-hour.",
    ),
    Units.WHOLE,
    Query(sum_series(deduplicate(_ENTERED, TODAY, PLACE), "place"), "今日进入 · Entered today"),
    Query(deduplicate(f.OCCUPANCY.name, PLACE), "在场 · Inside"),
    Query(deduplicate(f.CAPACITY.name, PLACE), "承载量 · Capacity"),
    Query(_SHARE_FULL, "承载率 · Occupancy rate", unit=Units.PERCENT, alert="OccupancyHigh"),
    Query(deduplicate(f.DWELL.name, PLACE), "平均停留 · Length of a visit", unit=Units.SECONDS),
    Query(
        f"abs({deduplicate(f.ANOMALY.name, PLACE)})",
        "异常分 · Anomaly",
        unit=Units.SHORT,
        alert="FootfallAnomaly",
    ),
    names=PLACES,
)
ANOMALY = lines(
    Text("异常分", "Anomaly score"),
    Text(
        "最近一刻钟与近 8 周同一时段的稳健 z 值（绝对值），最高的二十处。",
        "Absolute robust z-score of the last quarter-hour against 8 weeks; the twenty highest.",
    ),
    Units.SHORT,
    Query(select_largest(20, f"abs({deduplicate(f.ANOMALY.name, PLACE)})"), "{{place}}"),
    alert="FootfallAnomaly",
    names=PLACES,
)
TREND = lines(
    Text("今年到访累计", "Visits since New Year"),
    Text("今年以来进入人次累计的 90 天走势。", "Entries since New Year, the last 90 days."),
    Units.SHORT,
    Query(sum_series(select_daily(_ENTERED, YEAR, PLACE)), "到访 · visits"),
    days=90,
)

PAGE = Page(
    uid="footfall",
    folder="business",
    title=Text("客流与商圈", "Footfall and districts"),
    about=Text("1+5 商圈、商场客流与实时在场人数。", "The 1+5 districts, malls, and current occupancy."),
    variables=("period", "place"),
    sections=(
        section(Text("概况", "Overview"), [ENTERED_TODAY, ENTERED, INSIDE], [DISTRICTS, MALLS]),
        section(Text("实时", "Live"), [LIVE, FULLNESS], [STATE]),
        section(Text("异常与走势", "Anomalies and trend"), [ANOMALY, TREND]),
    ),
)
