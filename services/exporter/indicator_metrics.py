"""The exporter's metrics of the plan's targets and of the coverage of the tax refund."""

from .pipeline_metrics import PlainMetric, gauge


def _gauge(name: str, meaning: str, *labels: str) -> PlainMetric:
    return gauge(name, meaning, "indicator", *labels)


INFO = _gauge(
    "tidemark_indicator_info", "Description of an indicator in its labels; always 1",
    "name_zh", "name_en", "unit", "kind", "section", "authority",
)  # fmt: skip
VALUE = _gauge(
    "tidemark_indicator_value", "The value that is assessed, in the unit given by tidemark_indicator_info"
)
MEASURED = _gauge(
    "tidemark_indicator_measured", "Value by each way of measuring, in the indicator's unit", "provenance"
)
PROVENANCE = _gauge(
    "tidemark_indicator_provenance", "1 for the way of measuring whose value is assessed", "provenance"
)
BASELINE = _gauge("tidemark_indicator_baseline", "Baseline, where the path starts, in the indicator's unit")
TARGET = _gauge("tidemark_indicator_target", "The plan's target for the end of 2030, in the indicator's unit")
EXPECTED = _gauge("tidemark_indicator_expected", "Value that the path expects now, in the indicator's unit")
PATH = _gauge(
    "tidemark_indicator_path_expected",
    "Value that a stock's linear and geometric paths expect on the day of the assessed value",
    "path",
)
PROGRESS = _gauge(
    "tidemark_indicator_progress_ratio", "Progress of the value: 0 at the baseline, 1 at the target"
)
PACE = _gauge(
    "tidemark_indicator_pace_index", "Value ÷ what the path expects on the day of the value; 1 is on the path"
)
PREVIOUS_PACE = _gauge(
    "tidemark_indicator_previous_pace_index",
    "The pace index at the end of the month before the value's month",
)
WINDOW_PACE = _gauge(
    "tidemark_indicator_window_pace_index",
    "Gain of the value ÷ gain of its path since the end of the month one month (`short`) or one quarter "
    "(`long`) before",
    "window",
)
LAG = _gauge(
    "tidemark_indicator_lag_seconds",
    "Time by which the value is behind its path, negative when ahead; 86400 is one day",
)
REQUIRED = _gauge(
    "tidemark_indicator_required_per_day", "Gain per day that still meets the target, in the indicator's unit"
)
PROJECTION = _gauge(
    "tidemark_indicator_projection", "Median of the projection to the end of 2030, in the indicator's unit"
)
BOUND = _gauge(
    "tidemark_indicator_projection_bound",
    "Ends of the projection's central intervals, in percent",
    "interval",
    "end",
)
PROBABILITY = _gauge("tidemark_indicator_probability_ratio", "Probability of meeting the target")
STATUS = _gauge("tidemark_indicator_status", "1 for the current status, 0 for the others", "status")
AGE = _gauge(
    "tidemark_indicator_age_seconds", "Age of the newest event or figure that the value is computed from"
)
AGE_LIMIT = _gauge(
    "tidemark_indicator_age_limit_seconds", "Age above which the value is stale and has no status"
)
COMPLETENESS = _gauge(
    "tidemark_indicator_completeness_ratio", "Received ÷ expected windows, where the expected number is known"
)
SAMPLES = _gauge("tidemark_indicator_samples", "Observations that a ratio is computed from")
DRIFT = _gauge("tidemark_indicator_nowcast_drift_ratio", "Nowcast ÷ official − 1 of the newest vintage")
PREVIOUS_DRIFT = _gauge(
    "tidemark_indicator_nowcast_previous_drift_ratio", "Nowcast ÷ official − 1 of the previous vintage"
)
YEAR_ON_YEAR = _gauge(
    "tidemark_indicator_year_on_year_ratio",
    "Live value of the year's whole months ÷ that of the same months a year before − 1",
)

ENTITIES = gauge(
    "tidemark_refund_coverage_entities", "Active refund shops, instant-refund points and complexes", "kind"
)
AT_PLACE = gauge(
    "tidemark_refund_coverage_place_entities",
    "Active refund shops, instant-refund points and complexes by district and mall, with all places in it; "
    "0 where there are none",
    "place",
    "kind",
)
FORMS = gauge(
    "tidemark_refund_coverage_place_forms",
    "Refund forms of the last 30 days by district and mall, with all places in it",
    "place",
)
WITHOUT = gauge(
    "tidemark_refund_coverage_places_without",
    "Districts and malls without an active refund shop, or without a form in 30 days",
    "what",
)
ACTIVE = gauge(
    "tidemark_refund_coverage_active_ratio", "Refund shops with a form in the last 30 days ÷ active ones"
)
ACTIVE_SAMPLES = gauge(
    "tidemark_refund_coverage_active_samples", "Active refund shops, which the active ratio is computed from"
)
NEEDED = gauge(
    "tidemark_refund_coverage_needed_shops",
    "Refund shops still needed to be on the path at the end of the year",
)
NEEDED_WEEKLY = gauge(
    "tidemark_refund_coverage_needed_shops_per_week",
    "Refund shops still needed per week to be on the path at the end of the year",
)
