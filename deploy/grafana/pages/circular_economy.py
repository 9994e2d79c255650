"""Circular economy: second-hand devices."""

from tidemark.deploy.grafana.page import Page, Query, Section, bars, lines, stat
from tidemark.deploy.grafana.promql import PERIOD, YEAR, daily, name_of, one, total, wan, yi
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.circular import CIRCULAR_STAGE, CIRCULAR_TURNOVER


def _count(component: str, *by: str) -> str:
    return total(one(name_of(CIRCULAR_TURNOVER, component), PERIOD), *by)


TURNOVER = stat(
    title=Text("二手交易额", "Turnover"),
    about=Text("时段内售出减冲回的金额。", "Sold less reversed in the period."),
    unit="suffix: 亿元",
    decimals=3,
    width=8,
    queries=(Query(total(one(yi(CIRCULAR_TURNOVER, "amount_fen"), PERIOD))),),
)
DEVICES = stat(
    title=Text("售出设备", "Devices sold"),
    about=Text("时段内售出减冲回的设备台数。", "Devices sold less reversed."),
    unit="locale",
    width=8,
    queries=(Query(_count("quantity")),),
)
LOTS = stat(
    title=Text("售出批次", "Lots sold"),
    about=Text("时段内售出减冲回的批次。", "Lots sold less reversed."),
    unit="locale",
    width=8,
    queries=(Query(_count("lots")),),
)
CLASSES = bars(
    title=Text("各类设备交易额", "Turnover by device"),
    about=Text("时段内交易额，按设备类别。", "Turnover of the period by class of device."),
    unit="suffix: 万元",
    decimals=1,
    queries=(
        Query(total(one(wan(CIRCULAR_TURNOVER, "amount_fen"), PERIOD), "device_class"), "{{device_class}}"),
    ),
)
CHANNELS = bars(
    title=Text("渠道", "Channels"),
    about=Text("时段内交易额，按 B2B 与 B2C。", "Turnover of the period, B2B and B2C."),
    unit="suffix: 万元",
    decimals=1,
    queries=(Query(total(one(wan(CIRCULAR_TURNOVER, "amount_fen"), PERIOD), "channel"), "{{channel}}"),),
)
STAGES = bars(
    title=Text("流转环节", "Stages"),
    about=Text("时段内到达各环节的批次。", "Lots that reached each stage in the period."),
    unit="none",
    names=("stage",),
    queries=(Query(total(one(name_of(CIRCULAR_STAGE, "lots"), PERIOD), "stage"), "{{stage}}"),),
)
TREND = lines(
    title=Text("今年交易额累计", "Turnover since New Year"),
    about=Text("今年以来交易额累计的 90 天走势。", "Turnover since New Year, over 90 days."),
    unit="suffix: 万元",
    width=24,
    days=90,
    queries=(Query(total(daily(wan(CIRCULAR_TURNOVER, "amount_fen"), YEAR), "channel"), "{{channel}}"),),
)

PAGE = Page(
    uid="circular-economy",
    folder="business",
    title=Text("循环经济", "Circular economy"),
    about=Text("二手设备的流转与交易。", "Second-hand devices: stages and turnover."),
    variables=("period",),
    sections=(
        Section(Text("概况", "Overview"), (TURNOVER, DEVICES, LOTS)),
        Section(Text("构成", "What it is made of"), (CLASSES, CHANNELS, STAGES, TREND)),
    ),
)
