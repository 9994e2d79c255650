"""All targets of the plan: value, pace and projection."""

from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat, table
from tidemark.deploy.grafana.promql import deduplicate, select_daily
from tidemark.services.exporter import indicator_metrics as m
from tidemark.streams.contracts.text import Text

_INFO = deduplicate(m.INFO.name)


def join_names(series: str, *also: str) -> str:
    """The indicator's series with its names as labels, and `also` other labels of its info metric."""
    return f"{series} * on (indicator) group_left ({', '.join(('name_zh', 'name_en', *also))}) {_INFO}"


STATUS = stat(
    Text("各状态的目标数", "Targets by status"),
    Text(
        "88 项目标按评价结论计数；数据不足、口径未定或数据过期的暂不评价。",
        "The 88 targets by status; unknown, stale and ambiguous ones have no verdict.",
    ),
    Units.NUMBER,
    Query(f"sum by (status) ({deduplicate(m.STATUS.name)})", "{{status}}"),
)
WITH_VALUE = stat(
    Text("已有数值的目标", "Targets with a value"),
    Text(
        "有官方数据或实时数据的目标个数，以及目标总数。",
        "Targets with a live or official value, and all targets.",
    ),
    Units.NUMBER,
    Query(f"count({deduplicate(m.VALUE.name)})", "有数值 · with a value"),
    Query(f"count({_INFO})", "总数 · all"),
    width=8,
)
BEHIND = bars(
    Text("进度最慢的十项", "The ten furthest behind"),
    Text(
        "进度指数 = 现值 ÷ 规划路径当日应达值，1 为符合进度。",
        "Pace index: value ÷ what the path expects today; 1 is on the path.",
    ),
    Units.NUMBER.with_decimals(2),
    Query(f"bottomk(10, {join_names(deduplicate(m.PACE.name))})", "{{name_zh}} · {{name_en}}"),
    height=10,
    alert="IndicatorBehindPace",
)
PROGRESS = bars(
    Text("完成度最高的十项", "The ten closest to their target"),
    Text(
        "完成度 =（现值 − 基期值）÷（目标 − 基期值）。",
        "Progress: (value − baseline) ÷ (target − baseline).",
    ),
    Units.PERCENT,
    Query(f"topk(10, {join_names(deduplicate(m.PROGRESS.name))})", "{{name_zh}} · {{name_en}}"),
    height=10,
)
TARGETS = table(
    Text("全部目标", "All targets"),
    Text(
        "数值采用各目标的计量单位；滞后为负表示超前；进度指数按告警限值着色。",
        "Numbers in each target's own unit; a negative lag means ahead; "
        "the pace index is coloured by the alert's limits.",
    ),
    Units.SHORT,
    Query(join_names(deduplicate(m.VALUE.name), "unit"), "现值 · Value"),
    Query(deduplicate(m.BASELINE.name), "基期 · Baseline"),
    Query(deduplicate(m.TARGET.name), "目标 · Target"),
    Query(deduplicate(m.EXPECTED.name), "应达 · Expected"),
    Query(deduplicate(m.PACE.name), "进度指数 · Pace", alert="IndicatorBehindPace"),
    Query(deduplicate(m.LAG.name), "滞后 · Lag", unit=Units.SECONDS),
    Query(deduplicate(m.REQUIRED.name), "每日需增 · Needed per day"),
    Query(deduplicate(m.PROJECTION.name), "2030 预测 · Projection"),
    Query(deduplicate(m.PROBABILITY.name), "达成概率 · Probability", unit=Units.PERCENT),
    height=18,
)
PACE = lines(
    Text("进度指数走势", "Pace over time"),
    Text(
        "近 90 天的进度指数，取最低的二十项。",
        "Pace index over the last 90 days, the twenty lowest.",
    ),
    Units.NUMBER,
    Query(f"bottomk(20, {join_names(select_daily(m.PACE.name))})", "{{name_zh}} · {{name_en}}"),
    height=9,
    days=90,
    alert="IndicatorBehindPace",
)
NOWCAST = bars(
    Text("校准估计与官方数据的偏差", "Nowcast compared with the official figure"),
    Text(
        "最新一期校准估计 ÷ 官方数据 − 1 的绝对值。",
        "Absolute value of nowcast ÷ official figure − 1, of the newest vintage.",
    ),
    Units.PERCENT,
    Query(join_names(f"abs({deduplicate(m.DRIFT.name)})"), "{{name_zh}} · {{name_en}}"),
    alert="NowcastDrift",
)
AGE = bars(
    Text("数据最旧的十项", "The ten oldest values"),
    Text("数值所依据的最新数据距今时间。", "Age of the newest event or figure behind the value."),
    Units.SECONDS,
    Query(f"topk(10, {join_names(deduplicate(m.AGE.name))})", "{{name_zh}} · {{name_en}}"),
)

PAGE = Page(
    uid="plan-overview",
    folder="business",
    title=Text("规划总览", "Plan overview"),
    about=Text("规划 88 项目标（2030 年）的进度。", "Progress of the plan's 88 targets for 2030."),
    sections=(
        section(Text("概况", "Overview"), [STATUS, WITH_VALUE], [BEHIND, PROGRESS]),
        section(Text("目标", "Targets"), [TARGETS], [PACE]),
        section(Text("数据可信度", "Reliability of the values"), [NOWCAST, AGE]),
    ),
)
