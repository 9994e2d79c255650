"""The outcomes of all runs, as a table or as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from textwrap import shorten
from typing import Any

import msgspec
from rich.table import Table

from tests.bench.peers.catalogue import RAW, TIDEMARK, Peer
from tests.bench.peers.measuring import Measured
from tests.bench.report import machine, number

MIB = 2**20
CELL = 60


@dataclass(frozen=True)
class Outcome:
    """A peer's runs. `events`: of each run; `wrong`: the failure or difference in totals, empty if none."""

    peer: Peer
    events: int
    runs: Sequence[Measured]
    wrong: str = ""

    @property
    def pace(self) -> float | None:
        """Events per second, the median."""
        return median(run.pace.events_per_s for run in self.runs) if self.runs else None

    @property
    def totals(self) -> str:
        """Whether the totals were correct, as text."""
        if self.wrong:
            return self.wrong
        return "equal" if self.peer.aggregates != "0" else "none kept"


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """One row per peer; a figure that was not measured is None."""
    paces = {outcome.peer.name: outcome.pace for outcome in outcomes}
    return [_row(outcome, paces) for outcome in outcomes]


def _row(outcome: Outcome, paces: dict[str, float | None]) -> dict[str, Any]:
    runs = outcome.runs
    return {
        "peer": outcome.peer.name,
        "guarantee": outcome.peer.guarantee,
        "aggregates": outcome.peer.aggregates,
        "events": outcome.events,
        "runs": len(runs),
        "events_per_s": outcome.pace,
        "each_events_per_s": [run.pace.events_per_s for run in runs],
        "warm": all(run.pace.warm for run in runs) if runs else None,
        "to_raw": _ratio(outcome.pace, paces.get(RAW)),
        "to_tidemark": _ratio(outcome.pace, paces.get(TIDEMARK)),
        "peak_mib": max(run.spent.peak_bytes for run in runs) / MIB if runs else None,
        "cpu_us": median(run.spent.cpu_s for run in runs) / outcome.events * 1e6 if runs else None,
        "start_s": median(run.start_s for run in runs) if runs else None,
        "total_s": median(run.total_s for run in runs) if runs else None,
        "totals": outcome.totals,
    }


def _ratio(pace: float | None, base: float | None) -> float | None:
    return pace / base if pace and base else None


HEADS = {
    "peer": "peer",
    "guarantee": "guarantee",
    "aggregates": "totals an event",
    "events": "events",
    "runs": "runs",
    "events_per_s": "events/s",
    "warm": "warm",
    "to_raw": "× raw",
    "to_tidemark": "× Tidemark",
    "peak_mib": "peak MiB",
    "cpu_us": "CPU µs/event",
    "start_s": "start s",
    "total_s": "all s",
    "totals": "totals",
}
TEXTS = {"peer", "guarantee", "aggregates", "warm", "totals"}
CAPTION = """\
events/s: median; warm: without the first fifth of the events, else from assignment to the last commit
start: until partitions are assigned; all: until the last event is committed
peak: resident memory; CPU: of the whole run on all cores, without the broker's"""


def table(outcomes: Sequence[Outcome]) -> Table:
    """The outcomes as a table."""
    caption = CAPTION + "\n" + ", ".join(f"{k} {v}" for k, v in machine().items())
    shown = Table(title="The same totals of the same topic", caption=caption)
    figures = rows(outcomes)
    for name, head in HEADS.items():
        shown.add_column(head, justify="left" if name in TEXTS else "right", no_wrap=name == "peer")
    for row in figures:
        shown.add_row(*(_cell(name, row[name]) for name in HEADS))
    return shown


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in ("to_raw", "to_tidemark"):
        return f"{value:.2g}" if value < 1 else f"{value:.3g}"
    return number(value) if isinstance(value, int | float) else shorten(str(value), CELL)


def document(outcomes: Sequence[Outcome]) -> bytes:
    """The outcomes as JSON."""
    return msgspec.json.format(msgspec.json.encode({"peers": rows(outcomes), "machine": machine()}), indent=2)
