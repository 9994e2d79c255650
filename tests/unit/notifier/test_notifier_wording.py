"""Messages as people read them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.alerts import alert
from tidemark.services.gazetteer import load_places
from tidemark.services.notifier.outbox import Batch
from tidemark.services.notifier.webhook import Alert
from tidemark.services.notifier.wording import Names, Wording
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil

WORDING = Wording(Names(load_places(), read_plan().catalogue), Civil("Asia/Shanghai"))


def batch(*alerts: Alert, repeated: bool = False) -> Batch:
    return Batch("duty", tuple(range(len(alerts))), alerts, repeated, 1, 0)


FIRING = """\
皇岗口岸（新皇岗）
95% 的验核在 11分 20秒 内完成（限 10分）。
自 3月14日 20:15 起
处理：联系口岸海关，核实人工查验比例和在岗窗口数。

[Critical] Slow refund verification
Huanggang Port
95 % of verifications took up to 11m 20s (limit 10m).
Since 14 Mar 20:15
What to do: Ask customs at the port about manual checks and open desks.

处理手册 Runbook: http://127.0.0.1:8081/runbooks/RefundVerificationSlow
看板 Dashboard: http://127.0.0.1:3000/d/tax-refund"""


def test_a_message_has_place_value_limit_start_action_and_links() -> None:
    message = WORDING.write(batch(alert()), 2000)
    assert message.title == "【严重】口岸退税验核缓慢"
    assert message.body == FIRING


def test_the_message_about_an_end_has_the_duration_and_no_action() -> None:
    message = WORDING.write(batch(alert(status="resolved")), 2000)
    assert message.title.startswith("【已恢复】")
    assert "3月14日 20:15 至 3月14日 22:20，持续 2小时5分钟" in message.body
    assert "[Resolved] Slow refund verification" in message.body
    assert "14 Mar 20:15 to 14 Mar 22:20, lasted 2 h 5 min" in message.body
    assert "处理：" not in message.body
    assert "What to do" not in message.body


def test_a_repeat_begins_with_a_note_that_it_may_have_arrived_before() -> None:
    first = WORDING.write(batch(alert(), repeated=True), 2000).body.splitlines()[0]
    assert first == "重复发送，此消息可能此前已送达 / Repeated: this message may have arrived before"


def test_a_target_is_shown_by_its_name() -> None:
    body = WORDING.write(batch(alert(indicator="refund_shops")), 2000).body
    plan = read_plan().catalogue["refund_shops"]
    assert plan.name_zh in body
    assert plan.name_en in body


def test_an_alert_without_annotations_is_still_sent() -> None:
    bare = Alert("firing", "f", alert().starts_at, alert().ends_at, {"alertname": "Odd"}, {})
    message = WORDING.write(batch(bare), 2000)
    assert "Odd" in message.title
    assert "自 3月14日 20:15 起" in message.body


def test_several_alerts_are_listed_in_one_message() -> None:
    message = WORDING.write(batch(alert("a"), alert("b", port="port.futian")), 2000)
    assert message.title == "【严重】口岸退税验核缓慢（2 项）"
    assert message.body.splitlines()[0] == (
        "· 皇岗口岸（新皇岗） / Huanggang Port，11m 20s（限 / limit 10m），"
        "自 3月14日 20:15 起 / since 14 Mar 20:15"
    )
    assert sum(line.startswith("· ") for line in message.body.splitlines()) == 2


@given(count=st.integers(1, 200), limit=st.integers(800, 6000), repeated=st.booleans())
def test_a_message_keeps_to_the_size_and_counts_the_alerts_that_it_does_not_list(
    count: int, limit: int, repeated: bool
) -> None:
    alerts = [alert(f"f{n}") for n in range(count)]
    message = WORDING.write(batch(*alerts, repeated=repeated), limit)
    lines = message.body.splitlines()
    assert len(f"{message.title}\n{message.body}".encode()) <= limit
    listed = sum(line.startswith("· ") for line in lines)
    others = [line for line in lines if line.endswith(" more")]
    if count > 1:
        assert listed + sum(int(line.split()[1]) for line in others) == count
    assert any("/runbooks/" in line for line in lines)


def test_a_text_that_is_too_long_for_a_channel_is_truncated_with_an_ellipsis() -> None:
    body = WORDING.write(batch(alert(port="长" * 1000)), 800).body
    assert body.endswith("…")
    assert len(body.encode()) <= 800
