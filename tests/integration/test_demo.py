"""`tidemark demo` killed, started again and ended with Ctrl-C, over a month. CI fills the whole year to
date with an installed wheel (`tests/install`)."""

import re
import signal
import subprocess
import time
from pathlib import Path
from typing import IO

import httpx

from tests.support.commands import LIMIT_S, TIDEMARK
from tests.support.demos import shorten_scenario

PAST_DAYS = 30
NEVER_S = 86_400
"""When the scenario's fault would begin; only the scenario's number of past days is used."""


def start(folder: Path) -> subprocess.Popen[str]:
    scenario = shorten_scenario(folder, "dead-letters", after_s=NEVER_S, lasts_s=1, past_days=PAST_DAYS)
    return subprocess.Popen(
        [TIDEMARK, "demo", "--log", f"sqlite:///{folder}/demo.db", "--scenario", scenario],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def metrics_address(lines: IO[str]) -> str:
    """Read the demo's output up to the address of its metrics, which it prints once it runs live."""
    for line in lines:
        match = re.search(r"http://\S+/metrics", line)
        if match:
            return match[0]
    raise AssertionError("the demo ended before it ran live")


def metrics(address: str) -> str:
    """The metrics, once the exporter's view is complete."""
    for _ in range(LIMIT_S):
        answer = httpx.get(address, timeout=30)
        if answer.status_code == 200:
            return answer.text
        time.sleep(1)
    raise AssertionError(f"the exporter still answers {answer.status_code}")


def test_a_demo_killed_while_live_continues_at_the_next_start_and_verifies(tmp_path: Path) -> None:
    with start(tmp_path) as first:
        assert first.stdout is not None
        metrics_address(first.stdout)
        first.send_signal(signal.SIGKILL)
    with start(tmp_path) as second:
        assert second.stdout is not None
        address = metrics_address(second.stdout)
        assert "tidemark_footfall_entered_persons" in metrics(address)
        second.send_signal(signal.SIGINT)
        rest = second.stdout.read()
        assert second.wait(LIMIT_S) == 0, rest
    assert re.search(r"[1-9][0-9,]* compared, 0 differences", rest)
