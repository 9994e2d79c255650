"""The notifier killed by SIGKILL at every step between receiving an alert and recording the answer."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.channels import open_channel
from tests.support.commands import ROOT

STEPS = (
    "recover.begin",
    "recover.commit",
    "recover.return",
    "receive.begin",
    "receive.commit",
    "receive.return",
    "take.begin",
    "take.commit",
    "take.return",
    "call",
    "answer",
    "sent.begin",
    "sent.commit",
    "sent.return",
)
IN_BETWEEN = ("answer", "sent.begin", "sent.commit")
"""Steps at which the channel has answered, but the answer is not recorded."""

MARK = "Repeated: may have been sent already"
LIMIT_S = 60


def run(outbox: Path, url: str, step: str = "never", times: int = 1) -> int:
    command = [sys.executable, "-m", "tests.faults.killable_notifier", str(outbox), url, step, str(times)]
    return subprocess.run(
        command, cwd=ROOT, check=False, timeout=LIMIT_S, stdout=subprocess.DEVNULL
    ).returncode


@pytest.mark.parametrize("step", STEPS)
def test_a_notifier_killed_at_any_step_loses_nothing_and_repeats_once_at_most_marked(
    step: str, tmp_path: Path
) -> None:
    with open_channel() as channel:
        assert run(tmp_path / "o.db", channel.url, step) == -signal.SIGKILL
        assert run(tmp_path / "o.db", channel.url) == 0
    firing = [body for title, body in channel.messages if title.startswith("【严重】")]
    resolved = [body for title, body in channel.messages if title.startswith("【已恢复】")]
    assert len(firing) == (2 if step in IN_BETWEEN else 1)
    assert len(resolved) == 1
    assert MARK not in firing[0] or step in {"take.return", "call"}
    assert all(MARK in body for body in firing[1:])
    assert MARK not in resolved[0]


def test_a_message_with_a_recorded_answer_is_not_sent_again_after_a_restart(tmp_path: Path) -> None:
    with open_channel() as channel:
        assert run(tmp_path / "o.db", channel.url) == 0
        assert run(tmp_path / "o.db", channel.url) == 0
    assert len(channel.messages) == 2
