"""The codec refuses what breaks a rule, and names the field and the remedy."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.examples import BY_NAME
from tidemark.streams.families.codec import InvalidEvent, decode

FOOTFALL, CORRECTION, RETRACTION = BY_NAME["footfall.counted"]
CONTROL = "holds a control character or an unusual space"


def catch_refusal(event):
    with pytest.raises(InvalidEvent) as refused:
        decode(event if isinstance(event, bytes) else json.dumps(event).encode())
    return refused.value


def with_data(name, **changes):
    original = BY_NAME[name][0]
    return original | {"data": original["data"] | changes}


def with_after(**changes):
    after = CORRECTION["data"]["after"] | changes
    return CORRECTION | {"data": CORRECTION["data"] | {"after": after}}


@pytest.mark.parametrize(
    ("event", "field", "problem"),
    [
        (FOOTFALL | {"time": "2026-03-14T15:01:00"}, "time", "Expected `datetime` with a timezone component"),
        (FOOTFALL | {"time": "0001-01-01T00:00:00+08:00"}, "time", "lies before 1970"),
        (FOOTFALL | {"specversion": "0.3"}, "specversion", "Invalid enum value '0.3'"),
        (FOOTFALL | {"partitionkey": "cp-n2"}, "partitionkey", "is not the key of this entity"),
        (FOOTFALL | {"subject": "mall.coco\npark"}, "subject", CONTROL),
        (FOOTFALL | {"id": "a\x7f"}, "id", CONTROL),
        (with_data("footfall.counted", entered=-1), "data.entered", "Expected `int` >= 0"),
        (with_data("footfall.counted", entered=1.0), "data.entered", "Expected `int`, got `float`"),
        (with_data("footfall.counted", entered=10**30), "data.entered", "Expected `int` <= 1000000000000000"),
        (with_data("footfall.counted", enterd=1), "data.enterd", "is not known"),
        (with_data("footfall.counted", sensor_id="cp\u0085n1"), "data.sensor_id", CONTROL),
        (with_data("footfall.counted", sensor_id=""), "data.sensor_id", "Expected `str` of length >= 1"),
        (
            with_data("footfall.counted", window_start="2026-03-14T15:02:00+08:00"),
            "data.window_start",
            "lies after time",
        ),
        (
            with_data("footfall.counted", window_start="0001-01-01T00:00:00+08:00"),
            "data.window_start",
            "lies before 1970",
        ),
        (with_after(sensor_id="cp-n2"), "data.after", "names another entity"),
        (with_after(entered=-1), "data.after.entered", "Expected `int` >= 0"),
        (with_after(line_id="a\tb"), "data.after.line_id", CONTROL),
        (CORRECTION | {"data": {"before": FOOTFALL["data"]}}, "data.after", "is missing"),
        (CORRECTION | {"op": "retract"}, "data.after", "does not belong to retract"),
        (FOOTFALL | {"op": "correct"}, "data.sensor_id", "is not known"),
        (with_data("payment.inbound_settled", attempts=1), "data.attempts", "fewer than approved + failed"),
        (
            with_data("payment.inbound_settled", auth_ms_histogram=[1]),
            "data.auth_ms_histogram",
            "has 1 counts",
        ),
        (
            with_data("payment.inbound_settled", auth_ms_histogram=[0] * 8 + [-1]),
            "data.auth_ms_histogram[8]",
            "Expected `int` >= 0",
        ),
        (
            with_data("registry.entity_changed", capabilities=["visa", "x\n"]),
            "data.capabilities[1]",
            "Invalid enum value 'x\\n'",
        ),
        (
            with_data("registry.entity_changed", capabilities=["stub"] * 2),
            "data.capabilities",
            "names one twice",
        ),
        (
            with_data("refund.form_issued", mode="ordinary"),
            "data.commit_by",
            "belongs to instant forms and only to them",
        ),
        (with_data("retail.sales_reported", gross_fen=0), "data.online_fen", "more than gross_fen"),
        (with_data("service_trade.reported", period="2026-02\n"), "data.period", CONTROL),
        (
            with_data("trade.declaration_changed", previous="released"),
            "data.previous",
            "is the status itself",
        ),
        (
            with_data("trade.declaration_changed", previous=None, status="returned"),
            "data.previous",
            "required with status returned",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_error_names_the_field_the_problem_and_a_remedy(event, field, problem):
    error = catch_refusal(event)
    assert (error.reason, error.field, error.problem) == ("invalid", field, problem)
    assert error.remedy
    assert str(error) == f"{field}: {problem}; {error.remedy}"


@pytest.mark.parametrize("period", ["0000-01", "2026-13", "2026", "9999-12", "26-01"])
def test_a_report_belongs_to_a_month_the_calendar_has(period):
    assert catch_refusal(with_data("service_trade.reported", period=period)).field == "data.period"


@pytest.mark.parametrize("name", ["tidemark.footfall.counted.v2", "other", "", None, 7, [], {}])
def test_an_unknown_type_has_its_own_reason(name):
    error = catch_refusal(FOOTFALL | {"type": name})
    assert (error.reason, error.field) == ("unknown_type", "type")


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b'"\xed\xa0\x80"'])
def test_bytes_that_are_not_a_json_object_are_undecodable(raw):
    assert catch_refusal(raw).reason == "undecodable"


@given(raw=st.binary(max_size=200))
@example(json.dumps(FOOTFALL | {"subject": "\ud800"}).encode())
@example(json.dumps(FOOTFALL).encode().replace(b"mall", b"m\xff"))
@example(json.dumps(RETRACTION).encode().replace(b"mall", b"m\xff"))
@example(b'{"type":"tidemark.footfall.counted.v1","data":' + b"[" * 100_000)
@example(b'{"type":"tidemark.footfall.counted.v1","op":"retract","data":' + b"[" * 100_000)
def test_any_bytes_are_an_event_or_a_refusal(raw):
    assert catch_refusal(raw).reason in ("undecodable", "unknown_type", "invalid")


def test_extension_attributes_are_ignored():
    assert decode(json.dumps(FOOTFALL | {"traceparent": "00-\n"}).encode()) == decode(
        json.dumps(FOOTFALL).encode()
    )


@pytest.mark.parametrize("ascii_only", [True, False])
def test_chinese_text_is_accepted(ascii_only):
    raw = json.dumps(FOOTFALL | {"subject": "mall.星河"}, ensure_ascii=ascii_only).encode()
    assert decode(raw).subject == "mall.星河"


def test_a_null_after_is_the_same_as_a_missing_one_in_a_retraction():
    spelt_out = RETRACTION | {"data": RETRACTION["data"] | {"after": None}}
    assert decode(json.dumps(spelt_out).encode()) == decode(json.dumps(RETRACTION).encode())


def test_attributes_may_come_in_any_order():
    backwards = dict(reversed(CORRECTION.items()))
    assert decode(json.dumps(backwards).encode()) == decode(json.dumps(CORRECTION).encode())
