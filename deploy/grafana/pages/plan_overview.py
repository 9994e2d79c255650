"""All targets of the plan: where they stand, how fast they move, where they will end."""

from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat, table
from tidemark.deploy.grafana.promql import deduplicate, select_daily
from tidemark.services.exporter import indicator_metrics as m
from tidemark.streams.contracts.text import Text

_INFO = deduplicate(m.INFO.name)


def join_names(series: str, *also: str) -> str:
    """The indicator's series with its names as labels, and also others of its information."""
    return f"{series} * on (indicator) group_left ({', '.join(('name_zh', 'name_en', *also))}) {_INFO}"


STATUS = stat(
    Text("各状态的目标数", "Targets by status"),
    Text(
        "88 项目标按评估状态计数；数据不足、口径未定或数据过时的不作判断。",
        "How many of the 88 targets have each status; stale, incomplete or ambiguous ones get no verdict.",
    ),
    Units.NUMBER,
    Query(f"sum by (status) ({deduplicate(m.STATUS.name)})", "{{status}}"),
)
WITH_VALUE = stat(
    Text("已有数值的目标", "Targets with a value"),
    Text(
        "有官方数据或实时数据的目标个数，和目标总数。", "Targets that have a live or official value, of all."
    ),
    Units.NUMBER,
    Query(f"count({deduplicate(m.VALUE.name)})", "有数值 · with a value"),
    Query(f"count({_INFO})", "总数 · all"),
    width=8,
)
BEHIND = bars(
    Text("进度最慢的十项", "The ten furthest behind"),
    Text(
        "进度指数 = 现值 ÷ 规划路径当日应有值，1 为正好。",
        "Pace index: the value ÷ what the path expects that day; 1 is on the path.",
    ),
    Units.NUMBER.with_decimals(2),
    Query(f"bottomk(10, {join_names(deduplicate(m.PACE.name))})", "{{name_zh}} · {{name_en}}"),
    height=10,
    alert="IndicatorBehindPace",
)
PROGRESS = bars(
    Text("完成度最高的十项", "The ten closest to their target"),
    Text("完成度 = (现值 − 基数) ÷ (目标 − 基数)。", "Progress: 0 at the baseline, 1 at the target of 2030."),
    Units.PERCENT,
    Query(f"topk(10, {join_names(deduplicate(m.PROGRESS.name))})", "{{name_zh}} · {{name_en}}"),
    height=10,
)
TARGETS = table(
    Text("全部目标", "All targets"),
    Text(
        "数值按各目标自己的单位；落后为负表示超前；进度指数按告警限值着色。",
        "Numbers in each target's own unit; a negative lag is ahead; the pace index has the alert's colours.",
    ),
    Units.SHORT,
    Query(join_names(deduplicate(m.VALUE.name), "unit"), "现值 · Value"),
    Query(deduplicate(m.BASELINE.name), "基数 · Baseline"),
    Query(deduplicate(m.TARGET.name), "目标 · Target"),
    Query(deduplicate(m.EXPECTED.name), "路径应有 · Expected"),
    Query(deduplicate(m.PACE.name), "进度指数 · Pace", alert="IndicatorBehindPace"),
    Query(deduplicate(m.LAG.name), "落后 · Lag", unit=Units.SECONDS),
    Query(deduplicate(m.REQUIRED.name), "每日需增 · Needed a day"),
    Query(deduplicate(m.PROJECTION.name), "2030 预测 · Projection"),
    Query(deduplicate(m.PROBABILITY.name), "达成概率 · Probability", unit=Units.PERCENT),
    height=18,
)
PACE = lines(
    Text("进度指数的走势", "Pace over time"),
    Text(
        "落后于路径的目标近 90 天的进度指数，至多二十项。",
        "Pace index of the targets that are behind, over 90 days; twenty at most.",
    ),
    Units.NUMBER,
    Query(f"bottomk(20, {join_names(select_daily(m.PACE.name))})", "{{name_zh}} · {{name_en}}"),
    height=9,
    days=90,
    alert="IndicatorBehindPace",
)
NOWCAST = bars(
    Text("推算与官方数据的偏差", "Nowcast against the official figure"),
    Text(
        "最新一期实时推算 ÷ 官方数据 − 1 的绝对值。",
        "Nowcast ÷ official − 1 of the newest vintage, without its sign.",
    ),
    Units.PERCENT,
    Query(join_names(f"abs({deduplicate(m.DRIFT.name)})"), "{{name_zh}} · {{name_en}}"),
    alert="NowcastDrift",
)
AGE = bars(
    Text("数值最旧的十项", "The ten oldest values"),
    Text("数值所依据的最新数据距今多久。", "How old the newest event or figure is that the value rests on."),
    Units.SECONDS,
    Query(f"topk(10, {join_names(deduplicate(m.AGE.name))})", "{{name_zh}} · {{name_en}}"),
)

PAGE = Page(
    uid="plan-overview",
    folder="business",
    title=Text("规划总览", "Plan overview"),
    about=Text("2030 规划 88 项目标的进度。", "How far the 88 targets of the plan are."),
    sections=(
        section(Text("概况", "Overview"), [STATUS, WITH_VALUE], [BEHIND, PROGRESS]),
        section(Text("目标", "Targets"), [TARGETS], [PACE]),
        section(Text("可信度", "How far to trust it"), [NOWCAST, AGE]),
    ),
)
