"""The outbox as a state machine: in every sequence of steps nothing is lost and repeats are marked.

A killed process ends at once, and what it committed stays. An outbox that records and sends in the
wrong order is caught by the same machine.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.alerts import alert
from tidemark.services.notifier.outbox import Batch, Limits, Outbox
from tidemark.services.notifier.webhook import Status
from tidemark.streams.storage import ignore_step

CHANNELS = ("duty", "mail")
Key = tuple[str, str, str]


class Delivering(RuleBasedStateMachine):
    """Receives, sends, fails, and is killed between any two steps."""

    outbox_type: type[Outbox] = Outbox

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = 0
        self.expected: set[Key] = set()
        self.arrived: dict[Key, list[bool]] = {}
        self.kills_while_sending: dict[Key, int] = {}
        self.outbox = self.open()

    def open(self) -> Outbox:
        return self.outbox_type(self.folder / "o.db", lambda: self.now, Limits(1_000, 0), ignore_step)

    def teardown(self) -> None:
        try:
            self.now += 10**9
            while self.outbox.measure_backlog().messages and self.send_due():
                pass
            assert self.expected <= set(self.arrived), "lost"
            assert self.outbox.measure_backlog().messages == 0
        finally:
            self.outbox.close()
            shutil.rmtree(self.folder)

    @rule(fingerprint=st.sampled_from("abc"), status=st.sampled_from(["firing", "resolved"]))
    def receive(self, fingerprint: str, status: Status) -> None:
        for channel in CHANNELS:
            if status == "firing" or (channel, fingerprint, "firing") in self.expected:
                self.expected.add((channel, fingerprint, status))
        self.outbox.receive([(channel, alert(fingerprint, status)) for channel in CHANNELS])

    @rule()
    def deliver(self) -> None:
        self.send_due()

    def send_due(self) -> bool:
        batches = [batch for channel in CHANNELS if (batch := self.outbox.take(channel))]
        for batch in batches:
            self.arrive(batch)
            self.outbox.record_sent(batch)
        return bool(batches)

    @rule(unclear=st.booleans(), arrives=st.booleans())
    def fail(self, unclear: bool, arrives: bool) -> None:
        batch = self.outbox.take("duty")
        if batch is None:
            return
        if unclear and arrives:
            self.arrive(batch)
            self.count_interruption(batch)
        self.outbox.record_failed(batch, self.now + 10, unclear)

    @rule()
    def die_before_the_call(self) -> None:
        self.outbox.take("duty")
        self.restart()

    @rule()
    def die_after_the_answer(self) -> None:
        batch = self.outbox.take("duty")
        if batch is not None:
            self.arrive(batch)
            self.count_interruption(batch)
        self.restart()

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.arrived)
    @invariant()
    def repeats_are_marked_and_at_most_one_per_interruption(self) -> None:
        for key, marks in self.arrived.items():
            assert all(marks[1:]), f"{key} arrived again unmarked"
            assert len(marks) <= 1 + self.kills_while_sending.get(key, 0), f"{key} arrived too often"

    @invariant()
    def an_end_comes_after_its_start(self) -> None:
        for channel, fingerprint, status in self.arrived:
            assert status == "firing" or (channel, fingerprint, "firing") in self.arrived

    def restart(self) -> None:
        self.outbox.close()
        self.outbox = self.open()

    def arrive(self, batch: Batch) -> None:
        for key in keys(batch):
            self.arrived.setdefault(key, []).append(batch.repeated)

    def count_interruption(self, batch: Batch) -> None:
        for key in keys(batch):
            self.kills_while_sending[key] = self.kills_while_sending.get(key, 0) + 1


def keys(batch: Batch) -> list[Key]:
    return [(batch.channel, alert.fingerprint, alert.status) for alert in batch.alerts]


# Every step waits for the disk, so there are fewer steps than elsewhere.
BRIEF = settings(max_examples=15, stateful_step_count=20, print_blob=False)
TestDelivering = Delivering.TestCase
TestDelivering.settings = BRIEF

# The search ends at the first failure; 60 examples did not always reach one.
UNSHRUNK = settings(BRIEF, phases=[Phase.generate], max_examples=600)


class RecordsSentFirst(Outbox):
    """Records a message as sent before the channel has answered."""

    def take(self, channel: str) -> Batch | None:
        batch = super().take(channel)
        if batch is not None:
            super().record_sent(batch)
        return batch


class RecordsNoAttempt(Outbox):
    """Leaves a message in the state waiting while it is being sent."""

    def take(self, channel: str) -> Batch | None:
        batch = super().take(channel)
        if batch is not None:
            super().record_failed(batch, 0, unclear=False)
        return batch


def _machine(broken: type[Outbox]) -> Callable[[], Delivering]:
    return type("Broken", (Delivering,), {"outbox_type": broken})


@pytest.mark.parametrize(
    ("broken", "message"), [(RecordsSentFirst, "lost"), (RecordsNoAttempt, "arrived again unmarked")]
)
def test_an_outbox_that_records_in_the_wrong_order_is_caught(broken: type[Outbox], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        run_state_machine_as_test(_machine(broken), settings=UNSHRUNK)
