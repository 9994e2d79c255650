"""Faults in a row while everything runs, then rest, then the checks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from tidemark.services.cli.verify import read_truth
from tidemark.services.defaults import wall_clock
from tidemark.streams.log import engine_of

from .checks import caught_up, fold_embedded, folded_once, ids_in, published_rows, run_verify
from .context import Fault, FaultContext, name_of
from .deployment import Deployment
from .expected import compute_expected
from .faults import Episode
from .feed import Feed
from .sender import Sender
from .waiting import until
from .watching import Watch

SHOWN_S = 30.0
REVIVED_S = 1.0


class Chaos:
    """A deployment under faults, which `injected` counts by kind. `chaos` makes one."""

    def __init__(self, place: Deployment, feed: Feed, rng: Random) -> None:
        self.injected: Counter[str] = Counter()
        self.feed = feed
        self.watch = Watch(f"{place.exporter_url}/metrics", lambda: feed.bounds)
        self.sender = Sender(place.gateway_url)
        self._place = place
        self._rng = rng

    async def episode(self, faults: Episode) -> None:
        """Inject them while events flow, come to rest, and check the totals."""
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
        """One after the other; each lane draws for itself, so that a seed gives the same again."""
        context = FaultContext(self._place, self.feed, Random(self._rng.random()))
        for fault in faults:
            began = asyncio.get_running_loop().time()
            await fault(context)
            seconds = asyncio.get_running_loop().time() - began
            print(f"  {name_of(fault)}, {seconds:.1f} s", flush=True)
            self.injected[name_of(fault)] += 1

    async def check_gateway(self) -> None:
        """However often the gateway's clients sent an event, it counts once."""
        assert await folded_once(self._place.taken) == len(await ids_in(self._place.taken))

    async def _check(self) -> None:
        place = self._place
        assert [fall for program in place.services for fall in program.fell] == []
        assert self.sender.acknowledged <= await ids_in(place.taken)
        await caught_up(place.log)
        truth = place.folder / "truth.json"
        await asyncio.to_thread(lambda: truth.write_bytes(self.feed.truth()))
        await run_verify(place.log, truth)
        assert await published_rows(place.log) == await fold_embedded(
            place.log, f"sqlite:///{place.folder}/copy.db"
        )
        everything = compute_expected(read_truth(truth))

        async def all_shown() -> bool:
            return self.watch.shown == everything

        await until(all_shown, SHOWN_S)
        assert self.watch.wrong == []


@asynccontextmanager
async def chaos(place: Deployment, seed: int) -> AsyncIterator[Chaos]:
    """A deployment whose services are kept running and whose exporter is watched, during the block."""
    log = await engine_of(place.log).open_log(wall_clock)
    made = Chaos(place, Feed(log, seed), Random(seed))
    try:
        async with asyncio.TaskGroup() as aside:
            tasks = [aside.create_task(made.watch.follow()), aside.create_task(_keep_running(place))]
            yield made
            for task in tasks:
                task.cancel()
    finally:
        await log.close()


async def _keep_running(place: Deployment) -> None:
    while True:
        for program in place.services:
            await program.revive()
        await asyncio.sleep(REVIVED_S)
