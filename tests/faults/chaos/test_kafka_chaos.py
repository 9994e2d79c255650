"""Faults of every kind, drawn by chance, while events flow and workers fold: the totals stay exact.

One broker and every quick kind once; with TIDEMARK_TEST_FAULTS=n three brokers and n faults of all
kinds. The seed is printed; run one again with TIDEMARK_TEST_SEED.
"""

import random
from pathlib import Path

import pytest

from .deployment import run_deployment
from .episodes import Chaos, chaos
from .extent import FAULTS, SEED
from .faults import draw

pytestmark = pytest.mark.xdist_group("kafka_faults")

NODES, WORKERS = (3, 3) if FAULTS else (1, 2)


async def test_totals_stay_exact_through_faults_of_every_kind(tmp_path: Path) -> None:
    print(f"seed {SEED}: TIDEMARK_TEST_SEED={SEED} runs it again", flush=True)
    async with run_deployment(tmp_path, NODES, WORKERS) as place, chaos(place, SEED) as run:
        for episode in draw(FAULTS, random.Random(SEED)):
            await run.episode(episode)
        await run.check_gateway()
        report(run)


def report(run: Chaos) -> None:
    """What was done and what came of it, for the reader of the long run."""
    counts = dict(sorted(run.injected.items())) | run.feed.faults()
    lines = [f"{number:>8,}  {name}" for name, number in counts.items()]
    lines += [
        f"{run.injected.total():>8,}  faults injected, differences 0",
        f"{len(run.watch.shown):>8,}  totals shown by the exporter, none fell or was too high in "
        f"{run.watch.looks:,} looks",
        f"{len(run.sender.acknowledged):>8,}  events acknowledged by the gateway, none lost",
    ]
    print("\n".join(lines), flush=True)
