"""Circular economy: second-hand devices."""

from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    YEAR,
    deduplicate,
    find_metric,
    find_wan_metric,
    find_yi_metric,
    query_sum_by,
    select_daily,
    sum_series,
)
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER


def _sum_component(component: str, *by: str) -> str:
    return sum_series(deduplicate(find_metric(CIRCULAR_TURNOVER, component), PERIOD), *by)


TURNOVER = stat(
    Text("二手交易额", "Second-hand turnover"),
    Text("时段内售出减冲回的金额。", "Sales minus reversals in the period."),
    Units.YI.with_decimals(3),
    Query(sum_series(deduplicate(find_yi_metric(CIRCULAR_TURNOVER, "amount_fen"), PERIOD))),
)
DEVICES = stat(
    Text("售出设备", "Devices sold"),
    Text("时段内售出减冲回的设备台数。", "Devices sold minus devices reversed, in the period."),
    Units.WHOLE,
    Query(_sum_component("quantity")),
)
LOTS = stat(
    Text("售出批次", "Lots sold"),
    Text("时段内售出减冲回的批次数。", "Lots sold minus lots reversed, in the period."),
    Units.WHOLE,
    Query(_sum_component("lots")),
)
CLASSES = bars(
    Text("各类设备交易额", "Turnover by device class"),
    Text("时段内交易额，按设备类别。", "Turnover in the period by device class."),
    Units.WAN.with_decimals(1),
    query_sum_by("device_class", deduplicate(find_wan_metric(CIRCULAR_TURNOVER, "amount_fen"), PERIOD)),
)
CHANNELS = bars(
    Text("各渠道交易额", "Turnover by channel"),
    Text("时段内交易额，按 B2B 与 B2C。", "Turnover in the period, B2B and B2C."),
    Units.WAN.with_decimals(1),
    query_sum_by("channel", deduplicate(find_wan_metric(CIRCULAR_TURNOVER, "amount_fen"), PERIOD)),
)
STAGES = bars(
    Text("各环节批次", "Lots by stage"),
    Text("时段内到达各环节的批次数。", "Lots that reached each stage in the period."),
    Units.NUMBER,
    query_sum_by("stage", deduplicate(find_metric(CIRCULAR_STAGE, "lots"), PERIOD)),
    names=("stage",),
)
TREND = lines(
    Text("今年交易额累计", "Turnover since New Year"),
    Text("今年以来交易额累计的 90 天走势。", "Turnover since New Year, the last 90 days."),
    Units.WAN,
    query_sum_by("channel", select_daily(find_wan_metric(CIRCULAR_TURNOVER, "amount_fen"), YEAR)),
    days=90,
)

PAGE = Page(
    uid="circular-economy",
    folder="business",
    title=Text("循环经济", "Circular economy"),
    about=Text("二手设备的流转与交易。", "Second-hand devices: stages and turnover."),
    variables=("period",),
    sections=(
        section(Text("概况", "Overview"), [TURNOVER, DEVICES, LOTS]),
        section(Text("构成", "Composition"), [CLASSES, CHANNELS, STAGES], [TREND]),
    ),
)
