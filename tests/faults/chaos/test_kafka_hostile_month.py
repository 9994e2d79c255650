"""Hostile events go into Kafka while three workers fold them; every ten seconds one of these is killed.

The events are of five days; with TIDEMARK_TEST_FAULTS, of a month.
"""

import asyncio
import random
from itertools import count
from pathlib import Path

import pytest

from tests.support.commands import succeed
from tests.support.log_engines import kafka_url
from tidemark.services.defaults import wall_clock
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import create_log

from .checks import wait_until_caught_up
from .extent import FAULTS, SEED
from .programs import Program

pytestmark = pytest.mark.xdist_group("kafka_faults")

END, KILLS_AT_LEAST = ("2026-02-01", 5) if FAULTS else ("2026-01-06", 2)
EVENTS = f"--scenario year --seed 7 --from 2026-01-01 --to {END} --scale 0.01 --faults hostile"
WORKERS, EVERY_S = 3, 10.0


async def test_hostile_events_have_0_differences_though_a_worker_dies_every_ten_seconds(
    kafka: str, tmp_path: Path
) -> None:
    print(f"seed {SEED}: TIDEMARK_TEST_SEED={SEED} runs it again")
    rng = random.Random(SEED)
    url, truth = kafka_url(kafka), tmp_path / "truth.json"
    await (await create_log(url, LogIdentity(content="simulated"), wall_clock)).close()
    simulation = Program(
        tmp_path / "simulate.log", "simulate", *EVENTS.split(), "--log", url, "--truth", str(truth)
    )
    workers = [Program(tmp_path / f"worker-{n}.log", "ledger", "--log", url) for n in range(WORKERS)]
    try:
        for program in (*workers, simulation):
            await program.begin()
        for kills in count():
            if kills >= KILLS_AT_LEAST and not simulation.process.running:
                break
            await asyncio.sleep(EVERY_S)
            worker = rng.choice(workers)
            await worker.kill()
            await worker.begin()
        await wait_until_caught_up(url)
        print(await asyncio.to_thread(succeed, "verify", "--log", url, "--truth", truth))
    finally:
        for program in (*workers, simulation):
            await program.end()
    print(f"{kills} workers killed")
