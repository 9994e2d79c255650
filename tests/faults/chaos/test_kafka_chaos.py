"""Faults of every kind, drawn at random, while events flow and workers fold: the totals stay exact.

One broker and every quick kind once; with TIDEMARK_TEST_FAULTS=n three brokers and n faults of all
kinds. The seed is printed; repeat a run with TIDEMARK_TEST_SEED.
"""

import random
from pathlib import Path

import pytest

from .deployment import run_deployment
from .episodes import Chaos, run_chaos
from .extent import FAULTS, SEED
from .faults import draw_episodes

pytestmark = pytest.mark.xdist_group("kafka_faults")

NODES, WORKERS = (3, 3) if FAULTS else (1, 2)


async def test_totals_stay_exact_through_faults_of_every_kind(tmp_path: Path) -> None:
    print(f"seed {SEED}: TIDEMARK_TEST_SEED={SEED} runs it again", flush=True)
    async with run_deployment(tmp_path, NODES, WORKERS) as place, run_chaos(place, SEED) as chaos:
        for episode in draw_episodes(FAULTS, random.Random(SEED)):
            await chaos.run_episode(episode)
        await chaos.check_gateway()
        report(chaos)


def report(chaos: Chaos) -> None:
    """Print the faults and the results, for the reader of the long run."""
    counts = dict(sorted(chaos.injected.items())) | chaos.feed.count_faults()
    lines = [f"{number:>8,}  {name}" for name, number in counts.items()]
    lines += [
        f"{chaos.injected.total():>8,}  faults injected, differences 0",
        f"{len(chaos.watch.shown):>8,}  totals shown by the exporter, none fell or was too high in "
        f"{chaos.watch.looks:,} looks",
        f"{len(chaos.sender.acknowledged):>8,}  events acknowledged by the gateway, none lost",
    ]
    print("\n".join(lines), flush=True)
