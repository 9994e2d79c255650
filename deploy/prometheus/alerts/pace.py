"""Conditions of the plan's targets: pace, and the drift of nowcasts from official figures."""

from functools import partial

from tidemark.services.exporter import indicator_metrics as m
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators import thresholds

from .condition import DAY_S, DAYS, HOUR_S, INDEX, MINUTE_S, SHARE, Condition, Judgement, Limits, at
from .promql import HAS_VERDICT, INDICATOR_FRESH, LEDGER_ADVANCES, require_history

_SHOPS = "refund_shops"
_OF_SHOPS = f'{{indicator="{_SHOPS}"}}'
_OF_OTHERS = f'{{indicator!~"{"|".join(thresholds.OWN_LIMITS)}"}}'
_COVERAGE, _PACE = thresholds.OWN_LIMITS[_SHOPS], thresholds.PACE


def _limit_index(limits: thresholds.Limits) -> Limits:
    return at(warning=limits.warn_index, critical=limits.critical_index)


def _limit_lag(limits: thresholds.Limits) -> Limits:
    return at(warning=limits.warn_lag_days, critical=limits.critical_lag_days)


def _select_window(name: str) -> str:
    return f'max without (window) ({m.WINDOW_PACE.name}{{window="{name}"}})'


_condition = partial(Condition, group="pace", layer="business", audience="bureau")

REFUND_COVERAGE_LAGGING = _condition(
    name="RefundCoverageLagging",
    family="registry",
    dashboard="tax-refund",
    # Not 7 days of `for`, which would restart whenever a guard applies or the exporter restarts.
    value=f"min_over_time({m.LAG.name}{_OF_SHOPS}[7d]) / {DAY_S}",
    limits=_limit_lag(_COVERAGE),
    unit=DAYS,
    either=(
        Judgement(
            value=f"max_over_time({m.PACE.name}{_OF_SHOPS}[7d])",
            comparison="<",
            limits=_limit_index(_COVERAGE),
            unit=INDEX,
        ),
    ),
    hold_s=15 * MINUTE_S,
    guards=(require_history(m.LAG.name, 7), INDICATOR_FRESH, HAS_VERDICT, LEDGER_ADVANCES),
    summary=Text("离境退税商店建设进度落后", "Tax refund shops are behind the planned path"),
    description=Text(
        "近 7 天始终落后规划路径 {value}以上（限 {limit}），"
        f"或进度指数始终低于限值（预警 {_COVERAGE.warn_index}，严重 {_COVERAGE.critical_index}）。",
        "Throughout the last 7 days at least {value} behind the path (limit {limit}), or with a pace index "
        f"below its limit (warning {_COVERAGE.warn_index}, critical {_COVERAGE.critical_index}).",
    ),
    action=Text(
        "查看各商圈、商场的覆盖缺口，督促申请中和已暂停的商店尽快办结。",
        "Find the districts and malls that lack shops; follow up pending applications and suspended shops.",
    ),
)

INDICATOR_BEHIND_PACE = _condition(
    name="IndicatorBehindPace",
    family="official",
    dashboard="plan-overview",
    value=m.PACE.name + _OF_OTHERS,
    comparison="<",
    limits=_limit_index(_PACE),
    unit=INDEX,
    both=(_select_window("short"), _select_window("long")),
    hold_s=HOUR_S,
    guards=(
        f"and on (indicator) ({m.PREVIOUS_PACE.name} < {_PACE.warn_index} "
        f"or {m.PACE.name} < {_PACE.critical_index})",
        INDICATOR_FRESH,
        HAS_VERDICT,
        LEDGER_ADVANCES,
    ),
    summary=Text("{indicator_name}落后于规划进度", "{indicator_name} is behind the planned path"),
    description=Text(
        "进度指数 {value}（限 {limit}），近 30 天和近 90 天的增量也低于规划路径。",
        "Pace index {value} (limit {limit}); the increases over the last 30 and 90 days fall short too.",
    ),
    action=Text(
        "核对官方数据与实时数据，找出落后的商圈或行业，会同责任单位研究追赶措施。",
        "Compare official and live figures, find the districts or sectors that lag, "
        "and agree measures with the responsible office.",
    ),
)

NOWCAST_DRIFT = _condition(
    name="NowcastDrift",
    family="retail",
    dashboard="retail",
    value=f"abs({m.DRIFT.name})",
    limits=at(warning=0.05),
    unit=SHARE,
    both=(f"abs({m.PREVIOUS_DRIFT.name})",),
    hold_s=HOUR_S,
    guards=(INDICATOR_FRESH, LEDGER_ADVANCES),
    summary=Text(
        "{indicator_name}：校准估计偏离官方数据",
        "{indicator_name}: the nowcast deviates from the official figure",
    ),
    description=Text(
        "最近两期校准估计与官方数据的偏差均超过 {limit}，最新一期为 {value}。",
        "The last two vintages deviate by more than {limit}, the newest by {value}.",
    ),
    action=Text(
        "以官方数据为准；核对报送商户名单和报送范围有无变化。",
        "Use the official figure. Check whether the set of reporting merchants has changed.",
    ),
)

CONDITIONS = (REFUND_COVERAGE_LAGGING, INDICATOR_BEHIND_PACE, NOWCAST_DRIFT)
