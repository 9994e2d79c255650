"""The causes behind values and verdicts as sentences for people, in both languages."""

from collections.abc import Mapping
from datetime import timedelta

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.text import Text
from tidemark.streams.indicators.values.cause import Cause, Code, Parameter
from tidemark.streams.indicators.values.spans import Span

SENTENCES: Mapping[Code, Text] = {
    Code.NO_EVENT_IN_SPAN: Text("{span} 没有 {family} 类事件", "there are no {family} events ({span})"),
    Code.NO_ACTIVITY: Text("截至 {by} 没有任何活动记录", "no activity had begun by {by}"),
    Code.NO_DEBUT_SPACE: Text("该活动没有首秀空间", "the activity has no debut space"),
    Code.NO_ENTITY: Text("登记库中还没有 {entity_class} 类记录", "no {entity_class} is registered yet"),
    Code.NOTHING_BEFORE: Text(
        "{span} 数据不完整或合计为零，无法比较", "the data are incomplete or add up to nothing ({span})"
    ),
    Code.NO_FIGURE_BY: Text(
        "截至 {by} 尚无 {indicator} 的官方数据", "no official figure for {indicator} was published by {by}"
    ),
    Code.NO_FIGURE_OF_MONTH: Text(
        "{month} 尚无 {indicator} 的官方数据", "no official {month} figure for {indicator} was published"
    ),
    Code.NO_FIGURE_OF_YEAR: Text(
        "截至 {by} 尚无 {indicator} {year} 年的官方数据",
        "no official {year} figure for {indicator} was published by {by}",
    ),
    Code.NO_FIGURE_SINCE: Text(
        "{since} 至 {by} 尚无 {indicator} 的官方数据",
        "no official figure for {indicator} since {since} was published by {by}",
    ),
    Code.NOT_HELD: Text(
        "读取端未保留 {measure} 自 {first} 起的{grain}数据；请按整月查询，或改用较晚的日期",
        "the reader does not hold {measure} by {grain} from {first} on; "
        "ask for whole months or for a later day",
    ),
    Code.NOT_YET: Text("{span} 没有已满 {days} 天的月份", "no month ended at least {days} days ago ({span})"),
    Code.ZERO_DENOMINATOR: Text(
        "分母为零，无法计算比率", "the denominator is zero, so the ratio is undefined"
    ),
    Code.OTHER_UNIT: Text(
        "{period} 的官方数据单位为 {found}，应为 {unit}",
        "the official figure of {period} is in {found}, not {unit}; have it corrected",
    ),
    Code.NO_CALIBRATION: Text(
        "{indicator} 尚无可与实时数据比对的月度官方数据",
        "no month of {indicator} has both an official figure and live sales",
    ),
    Code.UNDECLARED: Text(
        "规划未说明口径（年度、累计或存量），须由部署方声明",
        "the plan does not say whether the target is annual, cumulative or a stock; declare which",
    ),
    Code.NEVER_CAME: Text("未收到 {family} 类数据", "no {family} event was received"),
    Code.TOO_OLD: Text(
        "{family} 类最新数据距今 {age}，超过 {limit}",
        "the newest {family} event is {age} old, more than {limit}",
    ),
    Code.BEGINS_LATE: Text(
        "数据自 {begins} 起，缺 {first} 以来的部分",
        "the data begin on {begins}; those since {first} are missing",
    ),
    Code.WINDOWS_LACK: Text(
        "仅收到应报时段的 {ratio:.1%}，低于 {least:.0%}",
        "{ratio:.1%} of the expected windows were received, less than {least:.0%}",
    ),
    Code.SMALL_SAMPLE: Text(
        "样本量 {n}，少于 {minimum}，不作评价",
        "{n} observations, fewer than the {minimum} that allow a verdict",
    ),
    Code.AWAITING_OFFICIAL: Text(
        "规划期已满，等待 {end} 的官方数据",
        "the plan period has ended; the official figure for {end} is not published yet",
    ),
    Code.REACHED: Text("已达到目标", "the target is met"),
    Code.REACHED_AT_END: Text("规划期末达到目标", "the target was met at the end of the plan period"),
    Code.MISSED: Text("规划期末未达到目标", "the target was not met at the end of the plan period"),
    Code.NO_BASELINE: Text(
        "规划未给出基期值，只显示数值与差距",
        "the plan gives no baseline, so a value and a gap are shown but no path",
    ),
    Code.TOO_EARLY: Text(
        "自 {first} 起仅 {days} 天，不足 {least} 天，不作评价",
        "{days} days since {first}, fewer than the {least} that allow a verdict",
    ),
    Code.ON_PACE: Text("进度指数 {index:.3f}", "pace index {index:.3f}"),
    Code.BEHIND_PACE: Text(
        "进度指数 {index:.3f}，落后路径 {lag_days:.0f} 天",
        "pace index {index:.3f}, {lag_days:.0f} days behind the path",
    ),
    Code.SHORT_OF_PATH: Text("目前应达 {expected:g}", "{expected:g} is expected by now"),
    Code.ON_PATH: Text("目前应达 {expected:g}，已达到", "{expected:g} is expected by now; it is met"),
    Code.OFFICIAL: Text("官方数据不按时段报送", "official figures are not reported by window"),
    Code.NO_WINDOWS: Text(
        "数据源未说明应报送的时段数", "the feed does not declare how many windows to expect"
    ),
    Code.NO_SENSORS: Text("登记库中没有这些地点的传感器", "no sensor of these places is registered"),
    Code.NOT_JUDGED: Text("尚未评价", "not assessed yet"),
    Code.NOT_PROJECTED: Text(
        "此类指标不作预测", "ranks, growth rates, milestones and ambiguous targets are not projected"
    ),
    Code.SHORT_HISTORY: Text("历史数据太短，不足以预测", "the history is too short for a projection"),
    Code.MONTHS_LACK: Text("历史数据有缺月", "months are missing from the history"),
    Code.NO_MOVEMENT: Text("数值一直未变，没有趋势可循", "the value has not changed, so there is no trend"),
    Code.NOT_POSITIVE: Text("有的月份数值不大于零", "some months are zero or below, so growth is undefined"),
    Code.PLAN_OVER: Text("规划期已满", "the plan period has ended"),
}

_GRAIN_ZH = {Grain.MINUTE: "按分钟", Grain.QUARTER: "按刻钟", Grain.DAY: "按日", Grain.MONTH: "按月"}


def explain_cause(cause: Cause) -> Text:
    """The cause as a sentence."""
    words = {name: _describe(value) for name, value in cause.parameters.items()}
    sentence = SENTENCES[cause.code]
    return Text(
        sentence.zh.format(**{name: zh for name, (zh, _) in words.items()}),
        sentence.en.format(**{name: en for name, (_, en) in words.items()}),
    )


def encode_cause(cause: object) -> dict[str, str]:
    """The cause for programs, as msgspec's `enc_hook`. Raises TypeError for anything else."""
    if not isinstance(cause, Cause):
        raise TypeError(f"{type(cause).__name__}: is not a cause")
    text = explain_cause(cause)
    return {"reason": cause.reason.value, "zh": text.zh, "en": text.en}


def _describe(value: Parameter) -> tuple[object, object]:
    """A parameter in Chinese and English; numbers and days are formatted by the sentence."""
    match value:
        case Span(basis=basis, first=first, last=last):
            return (f"{last}" if basis == "stock" else f"{first} 至 {last}"), f"{value}"
        case Grain():
            return _GRAIN_ZH[value], value.name.lower()
        case timedelta():
            text = describe_time(value.total_seconds())
            return text.zh, text.en
        case _:
            return value, value


def describe_time(seconds: float) -> Text:
    """A length of time in the largest unit of which it has at least two."""
    for zh, en, unit in (("天", "d", 86_400), ("小时", "h", 3_600), ("分钟", "min", 60)):
        if seconds >= 2 * unit:
            return Text(f"{seconds / unit:.0f} {zh}", f"{seconds / unit:.0f} {en}")
    return Text(f"{seconds:.0f} 秒", f"{seconds:.0f} s")
