"""`tidemark backtest`: how often projections of simulated histories come true."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tidemark.services.backtest.backtest import LIMIT, Result
from tidemark.services.backtest.backtest import backtest as run_backtest
from tidemark.services.backtest.cases import HELD_OUT_SEEDS

from .backtest_page import SEEDS, bin_rows, error_rows, page, score_row
from .console import AsJson, check_failed, out, print_json, progress, wrong_use


def backtest(
    seeds: Annotated[
        int, typer.Option(min=1, max=len(HELD_OUT_SEEDS), help="How many seeds of the held-out ones.")
    ] = SEEDS,
    write: Annotated[
        Path | None, typer.Option(help="Also write the tables as Markdown, to docs/reference/backtest.md.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Project simulated histories whose end is known; ends with 1 where the intervals are not calibrated."""
    if write is not None and not write.parent.is_dir():
        wrong_use(f"--write: there is no folder {write.parent}; make it")
    with progress("projecting") as bar:
        task = bar.add_task("", total=seeds)
        result = run_backtest(HELD_OUT_SEEDS[:seeds], lambda: bar.advance(task))
    if write is not None:
        write.write_text(page(result), "utf-8")
    if as_json:
        print_json(result)
    else:
        _print(result)
    if not result.calibrated:
        check_failed()


def _print(result: Result) -> None:
    levels = Table("interval", "holds", "error", "95 % of errors", box=None, title="Calibration, in points")
    for row in error_rows(result):
        levels.add_row(*row)
    out.print(levels)
    parts = Table(
        "", "cases", "in 50 %", "in 80 %", "in 95 %", "met", "Brier", "skill", box=None, title="Scores"
    )
    groups = (
        result.kinds,
        {f"{months} months ahead": scores for months, scores in result.horizons.items()},
        {f"untuned: {name}": scores for name, scores in result.strange.items()},
    )
    for group in groups:
        for name, scores in group.items():
            parts.add_row(name, *score_row(scores))
    out.print(parts)
    curve = Table("said", "cases", "mean said", "came true", box=None, title="Probability of the target")
    for row in bin_rows(result):
        curve.add_row(*row)
    out.print(curve)
    verdict = "calibrated" if result.calibrated else "not calibrated"
    declined = sum(result.declined.values())
    out.print(
        f"{result.overall.cases:,} cases of {result.seeds} seeds; {declined:,} have no projection; "
        f"{verdict}: the limit of every error is {100 * LIMIT:.0f} points",
        highlight=False,
    )
