"""A notifier that kills itself with SIGKILL at a chosen step between a webhook and the recorded answer.

    python -m tests.faults.killable_notifier outbox.db http://127.0.0.1:20001/ take.commit

receives one alert that starts, sends it and all that is due, then receives and sends its end, unless it
dies at the step before. Steps are those of the outbox, and `call` and `answer` around the channel.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from random import Random

from tests.faults.killable import Executioner
from tests.support.alerts import alert
from tidemark.services.background import OneThread
from tidemark.services.defaults import wall_clock
from tidemark.services.gazetteer import load_places
from tidemark.services.notifier.channels import Channel
from tidemark.services.notifier.delivery import Dispatcher, RetryBudget, RetryPolicy
from tidemark.services.notifier.metrics import Metrics
from tidemark.services.notifier.outbox import Limits, Outbox
from tidemark.services.notifier.senders import AppriseSender, Message, Sender
from tidemark.services.notifier.wording import Names, Wording
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import Civil
from tidemark.streams.storage import OnStep

NAME = "duty"


class Stepping:
    """A sender that reports its steps."""

    def __init__(self, sender: Sender, on_step: OnStep) -> None:
        self._sender = sender
        self._on_step = on_step

    async def send(self, channel: str, message: Message) -> None:
        self._on_step("call")
        await self._sender.send(channel, message)
        self._on_step("answer")


async def main(path: Path, url: str, on_step: OnStep) -> None:
    channel = Channel(NAME, ("port",), url)
    sender = Stepping(AppriseSender([channel], 10), on_step)
    wording = Wording(Names(load_places(), read_plan().catalogue), Civil("Asia/Shanghai"))
    outbox, thread = Outbox(path, wall_clock, Limits(100, 0), on_step), OneThread()
    budget = RetryBudget(wall_clock, Random(1).random)
    dispatcher = Dispatcher(outbox, sender, wording, RetryPolicy(3, 60_000), budget, Metrics([NAME]))
    try:
        for status in ("firing", "resolved"):
            outbox.receive([(NAME, alert(status=status))])
            os.write(1, f"{status}\n".encode())
            while await dispatcher.deliver(channel, thread):
                pass
    finally:
        thread.close()
        outbox.close()


if __name__ == "__main__":
    signal.alarm(60)
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], Executioner(sys.argv[3], int(sys.argv[4]))))
