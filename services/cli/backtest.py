"""`tidemark backtest`: how often projections of simulated histories are right."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tidemark.services.backtest.backtest import LIMIT, Result
from tidemark.services.backtest.backtest import backtest as run_backtest
from tidemark.services.backtest.cases import HELD_OUT_SEEDS

from .backtest_page import SEEDS, format_bins, format_errors, format_page, format_scores
from .console import AsJson, check_failed, print_json, print_line, progress, wrong_use
from .tables import Column, ColumnKind, print_table


def backtest(
    seeds: Annotated[
        int, typer.Option(min=1, max=len(HELD_OUT_SEEDS), help="How many of the held-out seeds to simulate.")
    ] = SEEDS,
    write: Annotated[
        Path | None,
        typer.Option(
            help="Also write the tables as Markdown to this file, such as docs/reference/backtest.md."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Project simulated histories whose end is known, and compare.

    Exit code 1 if the intervals are not calibrated.
    """
    if write is not None and not write.parent.is_dir():
        wrong_use(f"--write: the folder {write.parent} does not exist; create it")
    with progress("projecting") as bar:
        task = bar.add_task("", total=seeds)
        result = run_backtest(HELD_OUT_SEEDS[:seeds], lambda: bar.advance(task))
    if write is not None:
        write.write_text(format_page(result), "utf-8")
    if as_json:
        print_json(result)
    else:
        _print(result)
    if not result.calibrated:
        check_failed()


def _print(result: Result) -> None:
    _print_section(
        "Calibration, in points", ("interval", "holds", "error", "95 % of errors"), format_errors(result)
    )
    heads = ("histories", "cases", "in 50 %", "in 80 %", "in 95 %", "met", "Brier", "skill")
    groups = (
        result.kinds,
        {f"{months} months ahead": scores for months, scores in result.horizons.items()},
        {f"untuned: {name}": scores for name, scores in result.strange.items()},
    )
    rows = [(name, *format_scores(scores)) for group in groups for name, scores in group.items()]
    _print_section("Scores", heads, rows)
    _print_section(
        "Probability of meeting the target",
        ("projected", "cases", "mean projected", "came true"),
        format_bins(result),
    )
    verdict = "calibrated" if result.calibrated else "not calibrated"
    declined = sum(result.declined.values())
    print_line(
        f"{result.overall.cases:,} cases of {result.seeds} seeds; {declined:,} have no projection; "
        f"{verdict}: the limit of every error is {100 * LIMIT:.0f} points"
    )


def _print_section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print_line(title, "bold")
    columns = [Column(head, ColumnKind.NUMBER if at else ColumnKind.WORDS) for at, head in enumerate(heads)]
    print_table(columns, rows)
    print_line("")
