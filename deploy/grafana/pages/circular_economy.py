"""Circular economy: second-hand devices."""

from tidemark.deploy.grafana.page import In, Page, Query, bars, lines, section, stat
from tidemark.deploy.grafana.promql import (
    PERIOD,
    YEAR,
    daily,
    deduplicate,
    name_of,
    sum_by,
    total,
    wan_name,
    yi_name,
)
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER


def _count(component: str, *by: str) -> str:
    return total(deduplicate(name_of(CIRCULAR_TURNOVER, component), PERIOD), *by)


TURNOVER = stat(
    Text("二手交易额", "Turnover"),
    Text("时段内售出减冲回的金额。", "Sold less reversed in the period."),
    In.YI.to(3),
    Query(total(deduplicate(yi_name(CIRCULAR_TURNOVER, "amount_fen"), PERIOD))),
)
DEVICES = stat(
    Text("售出设备", "Devices sold"),
    Text("时段内售出减冲回的设备台数。", "Devices sold less reversed."),
    In.WHOLE,
    Query(_count("quantity")),
)
LOTS = stat(
    Text("售出批次", "Lots sold"),
    Text("时段内售出减冲回的批次。", "Lots sold less reversed."),
    In.WHOLE,
    Query(_count("lots")),
)
CLASSES = bars(
    Text("各类设备交易额", "Turnover by device"),
    Text("时段内交易额，按设备类别。", "Turnover of the period by class of device."),
    In.WAN.to(1),
    sum_by("device_class", deduplicate(wan_name(CIRCULAR_TURNOVER, "amount_fen"), PERIOD)),
)
CHANNELS = bars(
    Text("渠道", "Channels"),
    Text("时段内交易额，按 B2B 与 B2C。", "Turnover of the period, B2B and B2C."),
    In.WAN.to(1),
    sum_by("channel", deduplicate(wan_name(CIRCULAR_TURNOVER, "amount_fen"), PERIOD)),
)
STAGES = bars(
    Text("流转环节", "Stages"),
    Text("时段内到达各环节的批次。", "Lots that reached each stage in the period."),
    In.NUMBER,
    sum_by("stage", deduplicate(name_of(CIRCULAR_STAGE, "lots"), PERIOD)),
    names=("stage",),
)
TREND = lines(
    Text("今年交易额累计", "Turnover since New Year"),
    Text("今年以来交易额累计的 90 天走势。", "Turnover since New Year, over 90 days."),
    In.WAN,
    sum_by("channel", daily(wan_name(CIRCULAR_TURNOVER, "amount_fen"), YEAR)),
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
        section(Text("构成", "What it is made of"), [CLASSES, CHANNELS, STAGES], [TREND]),
    ),
)
