"""What becomes of messages that channels do not take."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.alerts import alert
from tidemark.services.background import OneThread
from tidemark.services.gazetteer import load_places
from tidemark.services.notifier.channels import Channel
from tidemark.services.notifier.delivery import BACKOFF, Dispatcher, RetryBudget, RetryPolicy
from tidemark.services.notifier.metrics import Metrics
from tidemark.services.notifier.outbox import Limits, Outbox, dead_letters, try_again
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
    metrics, chances = Metrics(["duty"]), RetryBudget(lambda: now[0], lambda: 1.0)
    courier = Dispatcher(outbox, sender, WORDING, RetryPolicy(3, 10**9), chances, metrics)
    sender.refuse_with = SendFailed("duty: refused")
    outbox.receive([("duty", alert()), ("duty", alert(status="resolved"))])
    attempts = 0
    while outbox.measure_backlog().messages:
        attempts += await courier.deliver(CHANNEL, thread)
        now[0] += 1_000
    assert attempts == 3
    assert [letter.reason for letter in dead_letters(path)] == ["duty: refused"]
    assert metrics.registry.get_sample_value("tidemark_notifier_dead_letters_total", {"channel": "duty"}) == 1
    sender.refuse_with = None
    assert try_again(path, now[0]) == 1
    while await courier.deliver(CHANNEL, thread):
        pass
    assert [message.title[:4] for _, message in sender.sent] == ["【严重】", "【已恢复"]
    thread.close()
    outbox.close()


@given(tries=st.integers(1, 10_000), luck=st.floats(0, 1))
def test_the_rest_between_attempts_is_never_nothing_and_never_over_ten_minutes(
    tries: int, luck: float
) -> None:
    assert 2.5 <= BACKOFF.pause_s(tries, luck) <= 600
