"""Faults one after the other while everything runs, then the checks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from tidemark.services.cli.verify import read_truth
from tidemark.services.defaults import wall_clock
from tidemark.streams.log import engine_of

from .checks import (
    fold_and_count,
    fold_embedded,
    read_ids,
    read_published_rows,
    run_verify,
    wait_until_caught_up,
)
from .context import Fault, FaultContext, describe_fault
from .deployment import Deployment
from .expected import compute_expected
from .faults import Episode
from .feed import Feed
from .sender import Sender
from .waiting import wait_until
from .watching import Watch

SHOWN_S = 30.0
REVIVED_S = 1.0


class Chaos:
    """A deployment under faults, which `injected` counts by kind; made by `run_chaos`."""

    def __init__(self, place: Deployment, feed: Feed, rng: Random) -> None:
        self.injected: Counter[str] = Counter()
        self.feed = feed
        self.watch = Watch(f"{place.exporter_url}/metrics", lambda: feed.bounds)
        self.sender = Sender(place.gateway_url)
        self._place = place
        self._rng = rng

    async def run_episode(self, faults: Episode) -> None:
        """Inject the faults while events flow, wait until all are processed, and check the totals."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as flowing:
            flowing.create_task(self.feed.flow(stop))
            flowing.create_task(self.sender.send(stop))
            await self._inject(faults.alone)
            async with asyncio.TaskGroup() as lanes:
                lanes.create_task(self._inject(faults.services))
                lanes.create_task(self._inject(faults.brokers))
            stop.set()
        await self._check()

    async def _inject(self, faults: Sequence[Fault]) -> None:
        """Inject one after the other; each lane has a random source, so that a seed can be repeated."""
        context = FaultContext(self._place, self.feed, Random(self._rng.random()))
        for fault in faults:
            began = asyncio.get_running_loop().time()
            await fault(context)
            seconds = asyncio.get_running_loop().time() - began
            print(f"  {describe_fault(fault)}, {seconds:.1f} s", flush=True)
            self.injected[describe_fault(fault)] += 1

    async def check_gateway(self) -> None:
        """Check that each event counts once, however often the gateway's clients sent it."""
        url = self._place.gateway_log
        assert await fold_and_count(url) == len(await read_ids(url))

    async def _check(self) -> None:
        place = self._place
        assert [crash for program in place.services for crash in program.crashes] == []
        assert self.sender.acknowledged <= await read_ids(place.gateway_log)
        await wait_until_caught_up(place.log)
        truth = place.folder / "truth.json"
        await asyncio.to_thread(lambda: truth.write_bytes(self.feed.truth()))
        await run_verify(place.log, truth)
        assert await read_published_rows(place.log) == await fold_embedded(
            place.log, f"sqlite:///{place.folder}/copy.db"
        )
        expected = compute_expected(read_truth(truth))

        async def all_shown() -> bool:
            return self.watch.shown == expected

        await wait_until(all_shown, SHOWN_S)
        assert self.watch.wrong == []


@asynccontextmanager
async def run_chaos(place: Deployment, seed: int) -> AsyncIterator[Chaos]:
    """Restart services that end and watch the exporter, during the block."""
    log = await engine_of(place.log).open_log(wall_clock)
    chaos = Chaos(place, Feed(log, seed), Random(seed))
    try:
        async with asyncio.TaskGroup() as aside:
            tasks = [aside.create_task(chaos.watch.follow()), aside.create_task(_keep_running(place))]
            yield chaos
            for task in tasks:
                task.cancel()
    finally:
        await log.close()


async def _keep_running(place: Deployment) -> None:
    while True:
        for program in place.services:
            await program.revive()
        await asyncio.sleep(REVIVED_S)
