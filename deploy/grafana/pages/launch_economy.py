"""Launch economy: debuts, first stores and their visitors."""

from tidemark.deploy.grafana.naming import PLACES
from tidemark.deploy.grafana.page import Page, Query, Units, bars, lines, section, stat
from tidemark.deploy.grafana.promql import deduplicate, query_sum_by, select_daily, select_largest
from tidemark.services.exporter import formula_metrics as f
from tidemark.services.exporter import indicator_metrics as i
from tidemark.services.exporter import pipeline_metrics as p
from tidemark.streams.contracts.text import Text

from .plan_overview import join_names

_OF_LAUNCHES = 'indicator=~".*(debut|first_store|new_brand|premium_store).*"'

LIVE = stat(
    Text("活动状态", "Activities by status"),
    Text(
        "首发、演出、赛事和会议的场次，按状态。",
        "Number of debuts, shows, matches and conferences by status.",
    ),
    Units.NUMBER,
    query_sum_by("status", deduplicate(p.ACTIVITIES.name)),
)
SPACES = stat(
    Text("首发空间与首店", "Debut spaces and first stores"),
    Text(
        "登记为有效的首发空间、首店、旗舰店和新品牌数。",
        "Debut spaces, first stores, premium stores and new brands registered as active.",
    ),
    Units.NUMBER,
    query_sum_by(
        "entity_class",
        deduplicate(
            p.REGISTRY.name,
            'entity_class=~"debut_space|first_store|premium_store|new_brand"',
            'status="active"',
        ),
    ),
)
CATEGORIES = bars(
    Text("活动类别", "Activities by category"),
    Text("活动场次，按类别，不含已取消的。", "Activities by category, without cancelled ones."),
    Units.NUMBER,
    query_sum_by("category", deduplicate(p.ACTIVITIES.name, 'status!="cancelled"')),
)
VISITORS = bars(
    Text("首发活动客流", "Visitors during debuts"),
    Text(
        "近 30 天开始的首发活动期间，首发空间的到访人次，最多的二十处。",
        "Visitors of debut spaces during activities that began in the last 30 days; "
        "the twenty spaces with the most.",
    ),
    Units.WHOLE,
    Query(select_largest(20, deduplicate(f.DEBUT.name, 'window="30d"')), "{{place}}"),
    names=PLACES,
)
PROGRESS = bars(
    Text("首发目标完成度", "Progress of the launch targets"),
    Text(
        "首发经济各目标的完成度：基期为 0，达到 2030 年目标为 100%。",
        "Progress of each target: 0 at the baseline, 100 % at the target for 2030.",
    ),
    Units.PERCENT,
    Query(join_names(deduplicate(i.PROGRESS.name, _OF_LAUNCHES)), "{{name_zh}} · {{name_en}}"),
)
TREND = lines(
    Text("首发目标现值走势", "Values of the launch targets over time"),
    Text("首发经济各目标近 90 天的现值。", "Values of the launch targets, the last 90 days."),
    Units.SHORT,
    Query(join_names(select_daily(i.VALUE.name, _OF_LAUNCHES)), "{{name_zh}} · {{name_en}}"),
    days=90,
)

PAGE = Page(
    uid="launch-economy",
    folder="business",
    title=Text("首发经济", "Launch economy"),
    about=Text("首发活动、首店与其客流。", "Debuts, first stores and their visitors."),
    sections=(
        section(Text("概况", "Overview"), [LIVE, SPACES], [CATEGORIES, VISITORS]),
        section(Text("目标", "Targets"), [PROGRESS, TREND]),
    ),
)
