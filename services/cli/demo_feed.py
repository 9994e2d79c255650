"""The demo's events: a simulated year to date, then live ones."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from tidemark.services.simulator.planned import Sent
from tidemark.services.simulator.scenario import load_scenario
from tidemark.services.simulator.simulation import MODEL, Run, Simulation
from tidemark.services.simulator.trouble import Trouble
from tidemark.services.simulator.world import Window
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.family import MINUTE, SECOND, Stream
from tidemark.streams.log.port import Entry, EventLog, Receipt

from .verification import Truth

SCENARIO = "demo"
RECEIPT = "demo"
BATCH = 2_000
LEAD_MS = 20 * MINUTE
"""How long before the demo feeds go live; otherwise slow feeds would start out stale."""
FAR_MS = 4_102_444_800_000
"""2100-01-01: the end of a live interval that is still open."""


class Past(msgspec.Struct):
    """What has been sent so far: enough to generate the same events, and their truth, again.

    `live`: the intervals in ms in which the demo ran live. `until_ms`: everything that
    arrives before it is in the log. `model`: the version of the simulator. `struck`: when the
    trouble began, in ms, for each time that the demo went live.
    """

    seed: int
    start: date
    live: list[tuple[int, int]]
    events: int
    until_ms: int
    model: int = 0
    trouble: Trouble | None = None
    struck: list[int] = []


class OtherModel(Exception):
    """The log was filled by another version of the simulator, which generates other events."""


class OtherTrouble(Exception):
    """The log was filled with another trouble, or with none."""


class DemoFeed:
    """Sends the simulated district's events to a log, each exactly once over all starts.

    Every batch carries a receipt with what was sent. A start after a stop or a kill generates the
    earlier events again without sending them, which restores the truth, then fills the gap and
    continues.
    """

    def __init__(self, log: EventLog, past: Past, now_ms: int) -> None:
        self._log = log
        self._past = past
        self._went_live_ms = max(past.until_ms, now_ms - LEAD_MS)
        self._again = past.events
        self.sent = 0
        self.simulation = Simulation(
            load_scenario(SCENARIO),
            Run(
                past.seed,
                past.start,
                live=(*past.live, (self._went_live_ms, FAR_MS)),
                zone=log.identity.zone,
                partitions=log.identity.partitions,
            ),
        )
        for began_ms in past.struck:
            self._strike(began_ms)

    @classmethod
    async def open(cls, log: EventLog, seed: int, now_ms: int, trouble: Trouble | None = None) -> "DemoFeed":
        """Continue from the log's receipt, or start at the first day. Raises OtherModel, OtherTrouble.

        The first day is this year's, or as many days ago as the trouble requires.
        """
        receipt = await log.receipt(RECEIPT)
        if receipt is not None:
            past = msgspec.json.decode(receipt, type=Past)
            if past.model != MODEL:
                raise OtherModel(
                    "this demo was started with another version of the simulator; "
                    "remove its files (var/demo.*), or give another --log"
                )
            if past.trouble != trouble:
                raise OtherTrouble(
                    "--scenario: this log was started with another scenario, or with other settings of it; "
                    "remove its files, or give another --log"
                )
            return cls(log, past, now_ms)
        start = _first_day(log.identity.zone, now_ms, trouble.past_days if trouble else None)
        return cls(log, Past(seed, start, [], 0, 0, MODEL, trouble), now_ms)

    @property
    def first_ms(self) -> int:
        """When the simulated year begins."""
        return self.simulation.start_ms

    def recall(self, on_progress: Callable[[int], None]) -> None:
        """Generate what the log already holds, without sending it; reports the simulated time reached."""
        events = self.simulation.events()
        while self._again:
            batch = list(islice(events, min(BATCH, self._again)))
            self._again -= len(batch)
            on_progress(batch[-1].arrival_ms)

    def go_live(self, now_ms: int) -> Window | None:
        """Start the trouble some time after `now_ms`, later than all events sent; returns its window."""
        trouble, struck = self._past.trouble, self._past.struck
        if trouble is None:
            return None
        over_ms = struck[-1] + trouble.lasts_s * SECOND if struck else 0
        struck.append(max(now_ms + trouble.after_s * SECOND, over_ms))
        return self._strike(struck[-1])

    def _strike(self, began_ms: int) -> Window:
        trouble = self._past.trouble
        assert trouble is not None  # noqa: S101  callers check it
        when = Window(began_ms, began_ms + trouble.lasts_s * SECOND)
        self.simulation.start_trouble(trouble, when)
        return when

    async def send_until(self, until_ms: int) -> int | None:
        """Append the next batch that arrives before `until_ms`; returns its last arrival, None at the end."""
        batch = list(islice(self.simulation.events(until_ms), BATCH))
        if not batch:
            return None
        complete = len(batch) < BATCH
        await self._append(batch, until_ms if complete else batch[-1].arrival_ms)
        return batch[-1].arrival_ms

    def truth(self) -> Truth:
        """What the events sent add up to."""
        return msgspec.json.decode(self.simulation.truth.to_json(), type=Truth)

    async def _append(self, batch: list[Sent], until_ms: int) -> None:
        past = self._past
        past.events += len(batch)
        past.until_ms = until_ms
        live = [*past.live]
        if until_ms > self._went_live_ms:
            live.append((self._went_live_ms, until_ms))
        receipt = Receipt(RECEIPT, msgspec.json.encode(msgspec.structs.replace(past, live=live)).decode())
        # The receipt goes with the facts, which must not be sent twice; signals feed no total.
        await self._log.append(Stream.SIGNALS, _entries(batch, Stream.SIGNALS))
        await self._log.append(Stream.FACTS, _entries(batch, Stream.FACTS), receipt)
        self.sent += len(batch)


def _entries(batch: list[Sent], stream: Stream) -> list[Entry]:
    return [Entry(sent.partition, sent.raw, sent.arrival_ms) for sent in batch if sent.stream is stream]


def _first_day(zone: str, now_ms: int, past_days: int | None) -> date:
    today = instant(now_ms).astimezone(ZoneInfo(zone)).date()
    return date(today.year, 1, 1) if past_days is None else today - timedelta(days=past_days)
