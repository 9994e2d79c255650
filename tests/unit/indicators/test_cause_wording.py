"""Every cause has a sentence in both languages, with its parameters."""

from datetime import date, timedelta
from string import Formatter

import msgspec
import pytest

from tidemark.services.wording import SENTENCES, encode_cause, explain_cause
from tidemark.streams.contracts.civil import Grain
from tidemark.streams.indicators.values.cause import Cause, Code
from tidemark.streams.indicators.values.spans import last_days, stock_at


def parameters_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_reason_and_both_languages_use_the_same_parameters(code: Code) -> None:
    assert Cause(code).reason == code.value.partition(".")[0]
    words = SENTENCES[code]
    assert parameters_of(words.zh) == parameters_of(words.en)
    assert words.zh != words.en


def test_a_sentence_without_its_parameters_is_refused() -> None:
    with pytest.raises(KeyError, match="family"):
        explain_cause(Cause(Code.NEVER_CAME))


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(59, "59 秒", "59 s"), (120, "2 分钟", "2 min"), (7_200, "2 小时", "2 h"), (172_800, "2 天", "2 d")],
)
def test_durations_are_written_in_the_largest_unit_they_hold_twice(seconds: int, zh: str, en: str) -> None:
    age = timedelta(seconds=seconds)
    text = explain_cause(Cause(Code.TOO_OLD, family="port", age=age, limit=age))
    assert text.zh == f"port 类最新数据距今 {zh}，超过 {zh}"
    assert text.en == f"the newest port event is {en} old, more than {en}"


def test_spans_and_grains_are_written_in_the_readers_language() -> None:
    day = date(2026, 2, 3)
    none = explain_cause(Cause(Code.NO_EVENT_IN_SPAN, span=last_days(day, 2), family="port"))
    assert (none.zh, none.en) == (
        "2026-02-02 至 2026-02-03 没有 port 类事件",
        "there are no port events (2026-02-02 to 2026-02-03)",
    )
    at_day = explain_cause(Cause(Code.NO_EVENT_IN_SPAN, span=stock_at(day), family="port"))
    assert (at_day.zh, at_day.en) == (
        "2026-02-03 没有 port 类事件",
        "there are no port events (on 2026-02-03)",
    )
    held = explain_cause(Cause(Code.NOT_HELD, measure="a.b", grain=Grain.DAY, first="2026-02-03"))
    assert held.zh == "读取端未保留 a.b 自 2026-02-03 起的按日数据；请按整月查询，或改用较晚的日期"
    assert held.en.startswith("the reader does not hold a.b by day from 2026-02-03 on;")


def test_programs_get_the_reason_and_both_sentences() -> None:
    document = msgspec.to_builtins([Cause(Code.REACHED_AT_END)], enc_hook=encode_cause)
    assert document == [
        {
            "reason": "reached",
            "zh": "规划期末达到目标",
            "en": "the target was met at the end of the plan period",
        }
    ]
    with pytest.raises(TypeError, match="not a cause"):
        msgspec.to_builtins(object(), enc_hook=encode_cause)
