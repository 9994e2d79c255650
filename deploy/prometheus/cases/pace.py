"""Cases of the plan's targets."""

from .case import DAY_M, DAY_S, LEDGER, STOPPED, AlertCases, Series


def _build_indicator(name: str) -> Series:
    """An indicator that is on its path; `unknown` set to 1 means that it has no verdict."""
    of = f'indicator="{name}"'
    return {
        "lag": (f"tidemark_indicator_lag_seconds{{{of}}}", 0),
        "pace": (f"tidemark_indicator_pace_index{{{of}}}", 1),
        "before": (f"tidemark_indicator_previous_pace_index{{{of}}}", 1),
        "short": (f'tidemark_indicator_window_pace_index{{{of}, window="short"}}', 1),
        "long": (f'tidemark_indicator_window_pace_index{{{of}, window="long"}}', 1),
        "drift": (f"tidemark_indicator_nowcast_drift_ratio{{{of}}}", 0),
        "drift_before": (f"tidemark_indicator_nowcast_previous_drift_ratio{{{of}}}", 0),
        "name": (f'tidemark_indicator_info{{{of}, name_zh="指标", name_en="Indicator"}}', 1),
        "age": (f"tidemark_indicator_age_seconds{{{of}}}", 10),
        "age_limit": (f"tidemark_indicator_age_limit_seconds{{{of}}}", 100),
        "unknown": (f'tidemark_indicator_status{{{of}, status="unknown"}}', 0),
        **LEDGER,
    }


_COVERAGE = AlertCases(
    alert="RefundCoverageLagging",
    series=_build_indicator("refund_shops"),
    labels={"indicator": "refund_shops", "family": "registry"},
    minutes=8 * DAY_M,
)
_YOUNG = AlertCases(
    alert=_COVERAGE.alert, series=_COVERAGE.series, labels=_COVERAGE.labels, minutes=5 * DAY_M
)
_BEHIND = AlertCases(
    alert="IndicatorBehindPace",
    series=_build_indicator("goods_trade"),
    labels={"indicator": "goods_trade", "family": "official"},
    minutes=2 * DAY_M,
)
_SHOPS_BEHIND = AlertCases(
    alert=_BEHIND.alert, series=_COVERAGE.series, labels=_COVERAGE.labels, minutes=2 * DAY_M
)
_DRIFT = AlertCases(
    alert="NowcastDrift",
    series=_build_indicator("retail_sales_total"),
    labels={"indicator": "retail_sales_total", "family": "retail"},
    minutes=2 * DAY_M,
)
_LATE = {"lag": 61 * DAY_S}
_SLOW = {"before": 0.96, "short": 0.9, "long": 0.9}
_ALL_SLOW = {"pace": 0.93, "before": 0.93, "short": 0.9, "long": 0.9}
_OFF = {"drift": -0.051, "drift_before": 0.052}

CASES = (
    _COVERAGE.fires("61 days late", "warning", **_LATE),
    _COVERAGE.fires("120 days late", "warning", lag=120 * DAY_S),
    _COVERAGE.fires("121 days late", "warning critical", lag=121 * DAY_S),
    _COVERAGE.fires("an index of 0.89", "warning", pace=0.89),
    _COVERAGE.fires("an index of 0.75", "warning", pace=0.75),
    _COVERAGE.fires("an index of 0.74", "warning critical", pace=0.74),
    _COVERAGE.fires(
        "critically late, not yet critical by the index", "warning critical", lag=121 * DAY_S, pace=0.8
    ),
    _COVERAGE.fires(
        "late all week, though the exporter was down for hours",
        "warning",
        lag=f"{61 * DAY_S}+0x8 _ {61 * DAY_S}+0x*",
    ),
    _COVERAGE.below("60 days late and an index of 0.9", lag=60 * DAY_S, pace=0.9),
    _COVERAGE.below(
        "late, but not for one day of the week", lag=f"{61 * DAY_S}+0x8 {10 * DAY_S}+0x1 {61 * DAY_S}+0x*"
    ),
    _COVERAGE.is_guarded("the registry is stale", **_LATE, age=101),
    _COVERAGE.is_guarded("there is no verdict", **_LATE, unknown=1),
    _COVERAGE.is_guarded("the ledger is not advancing", **_LATE, **STOPPED),
    _YOUNG.is_guarded("it has existed for only five days", **_LATE),
    _BEHIND.fires("0.96 for two periods", "warning", pace=0.96, **_SLOW),
    _BEHIND.fires("0.93 for two periods", "warning critical", **_ALL_SLOW),
    _BEHIND.fires(
        "0.93 after being on the path", "warning critical", pace=0.93, before=1, short=0.9, long=0.9
    ),
    _BEHIND.below("0.97", pace=0.97, **_SLOW),
    _BEHIND.below("0.96, but not in the period before", pace=0.96, before=0.98, short=0.9, long=0.9),
    _BEHIND.below("it has caught up over the last month", pace=0.93, before=0.93, short=0.98, long=0.9),
    _BEHIND.below("only the last month was slow", pace=0.93, before=0.93, short=0.9, long=0.98),
    _BEHIND.is_guarded("it is stale", **_ALL_SLOW, age=101),
    _BEHIND.is_guarded("there is no verdict", **_ALL_SLOW, unknown=1),
    _BEHIND.is_guarded("the ledger is not advancing", **_ALL_SLOW, **STOPPED),
    _SHOPS_BEHIND.is_guarded("refund shops have limits of their own", **_ALL_SLOW),
    _DRIFT.fires("5.1 % too low, and 5.2 % too high before", "warning", **_OFF),
    _DRIFT.below("5 %", drift=0.05, drift_before=0.07),
    _DRIFT.below("off for the first time", drift=0.06, drift_before=0.05),
    _DRIFT.is_guarded("it is stale", **_OFF, age=101),
    _DRIFT.is_guarded("the ledger is not advancing", **_OFF, **STOPPED),
)
