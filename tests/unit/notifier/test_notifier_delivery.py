"""Messages that channels do not accept are retried, and become dead letters after a limit."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.alerts import alert
from tidemark.services.background import OneThread
from tidemark.services.gazetteer import load_places
from tidemark.services.notifier.channels import Channel
from tidemark.services.notifier.delivery import BACKOFF, DeliveryLimits, Dispatcher
from tidemark.services.notifier.metrics import Metrics
from tidemark.services.notifier.outbox import Limits, Outbox, list_undelivered, retry_undelivered
from tidemark.services.notifier.senders import MemorySender, SendFailed
from tidemark.services.notifier.wording import Names, Wording
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.storage import ignore_step

CHANNEL = Channel("duty", ("port",), "json://localhost")
WORDING = Wording(Names(load_places(), read_plan().catalogue), Civil("Asia/Shanghai"))


async def test_a_message_that_fails_too_often_is_a_dead_letter_that_can_be_tried_again(
    tmp_path: Path,
) -> None:
    now, path, sender = [0], tmp_path / "o.db", MemorySender()
    outbox, thread = Outbox(path, lambda: now[0], Limits(10, 0), ignore_step), OneThread()
    metrics, limits = Metrics(["duty"]), DeliveryLimits(3, 10**9)
    dispatcher = Dispatcher(outbox, sender, WORDING, limits, metrics, lambda: now[0], lambda: 1.0)
    sender.refuse_with = SendFailed("duty: refused")
    outbox.receive([("duty", alert()), ("duty", alert(status="resolved"))])
    attempts = 0
    while outbox.measure_backlog().messages:
        attempts += await dispatcher.deliver(CHANNEL, thread)
        now[0] += 1_000
    assert attempts == 3
    assert [message.reason for message in list_undelivered(path)] == ["duty: refused"]
    assert metrics.registry.get_sample_value("tidemark_notifier_dead_letters_total", {"channel": "duty"}) == 1
    sender.refuse_with = None
    assert retry_undelivered(path, now[0]) == 1
    while await dispatcher.deliver(CHANNEL, thread):
        pass
    assert [message.title[:4] for _, message in sender.sent] == ["【严重】", "【已恢复"]
    thread.close()
    outbox.close()


@given(tries=st.integers(1, 10_000), draw=st.floats(0, 1))
def test_the_pause_between_attempts_is_at_least_2_5_s_and_at_most_ten_minutes(
    tries: int, draw: float
) -> None:
    assert 2.5 <= BACKOFF.pause_s(tries, draw) <= 600
