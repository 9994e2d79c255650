"""The demo's feed refuses a log that was begun by another version of the simulator."""

from datetime import date

import msgspec
import pytest

from tidemark.services.cli.demo_feed import RECEIPT, DemoFeed, OtherModel, Past
from tidemark.services.simulator.simulation import MODEL
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log.memory import MemoryLog
from tidemark.streams.log.port import Receipt


async def test_a_demo_of_another_version_of_the_simulator_is_refused_with_the_remedy() -> None:
    log = MemoryLog(LogIdentity(content="simulated"), lambda: 0)
    past = Past(7, date(2026, 1, 1), [], 0, 0, MODEL + 1)
    await log.append(Stream.FACTS, [], Receipt(RECEIPT, msgspec.json.encode(past).decode()))
    with pytest.raises(OtherModel, match="var/demo"):
        await DemoFeed.open(log, 7, 0)
