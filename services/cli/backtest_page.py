"""The page docs/reference/backtest.md: what a backtest found, and what that is worth."""

from collections.abc import Iterable, Mapping, Sequence

from tidemark.services.backtest.backtest import LIMIT, Result
from tidemark.services.backtest.cases import HELD_OUT_SEEDS, HORIZONS, STRANGE, TUNED, TUNING_SEEDS
from tidemark.services.backtest.scores import Scores
from tidemark.services.backtest.world import Maker
from tidemark.streams.indicators.projection.project import LEVELS

SEEDS = 200
"""The seeds of the committed page."""

_HEAD = ("", "cases", *(f"in {100 * level:.0f} %" for level in LEVELS), "met", "Brier", "skill")


def refresh(seeds: int) -> str:
    """The command that makes the page anew."""
    return f"tidemark backtest --seeds {seeds} --write docs/reference/backtest.md"


def page(result: Result) -> str:
    """The page as Markdown."""
    sections = [
        f"<!-- Made by `{refresh(result.seeds)}`; change the code, not this file. -->",
        "# How well projections hold",
        _intro(result),
        "## Intervals",
        _intervals(result),
        "## Probability of meeting the target",
        _probability(result),
        "## By kind and months ahead",
        _scores({**result.kinds, **{f"{months} months ahead": s for months, s in result.horizons.items()}}),
        _scores({f"{cell} months ahead": scores for cell, scores in result.cells.items()}),
        "## Histories of another sort",
        "Nothing was fitted to these, and they are not in the figures above. They say how far to trust a "
        "projection when the world does something new: not as far as it says.",
        _scores(result.strange),
        "## What was simulated",
        _simulated(),
    ]
    return "\n\n".join(sections) + "\n"


def score_row(scores: Scores) -> tuple[str, ...]:
    """Cases, coverage of each level in percent, how often met, Brier score and skill."""
    return (
        f"{scores.cases:,}",
        *(f"{100 * inside:.1f}" for inside in scores.coverage),
        f"{100 * scores.met:.1f}",
        f"{scores.brier:.3f}",
        "–" if scores.skill is None else f"{scores.skill:.2f}",
    )


def error_rows(result: Result) -> list[tuple[str, ...]]:
    """For each level: its coverage, the calibration error, and the bootstrapped range of that."""
    overall = result.overall
    return [
        (
            f"{100 * level:.0f} %",
            f"{100 * inside:.1f} %",
            f"{100 * error:.1f}",
            f"{100 * low:.1f} to {100 * high:.1f}",
        )
        for level, inside, error, (low, high) in zip(
            LEVELS, overall.coverage, overall.errors, result.errors, strict=True
        )
    ]


def bin_rows(result: Result) -> list[tuple[str, ...]]:
    """The reliability curve."""
    return [
        (
            f"{100 * some.low:.0f} to {100 * some.high:.0f} %",
            f"{some.cases:,}",
            f"{100 * some.forecast:.1f} %",
            f"{100 * some.met:.1f} %",
        )
        for some in result.reliability
    ]


def _intro(result: Result) -> str:
    used = HELD_OUT_SEEDS[: result.seeds]
    return (
        f"Of each of the seeds {used[0]:,} to {used[-1]:,}, {len(TUNED)} histories of a few years by month "
        f"are simulated to December 2030, cut off {_listed(HORIZONS)} months before, and carried on by the "
        f"model of `streams/indicators/projection`. That makes {result.overall.cases:,} cases whose end is "
        f"known. The model's constants were fitted on the seeds {TUNING_SEEDS[0]:,} to "
        f"{TUNING_SEEDS[-1]:,} (`python -m tidemark.services.backtest.tuning`), which are not used here."
    )


def _intervals(result: Result) -> str:
    head = ("interval", "holds the outcome", "error in points", "95 % range of the error")
    note = (
        f"The error must be below {100 * LIMIT:.0f} points. Its range is a bootstrap that draws whole seeds, "
        "since the cases of a seed share a history."
    )
    return f"{_table(head, error_rows(result))}\n\n{note}"


def _probability(result: Result) -> str:
    overall = result.overall
    note = (
        f"Brier score {overall.brier:.3f}. Always saying {100 * overall.met:.1f} %, as often as targets were "
        f"met, has {overall.met * (1 - overall.met):.3f}: skill {overall.skill or 0:.2f}, where 0 is no "
        "better and 1 is perfect."
    )
    return f"{note}\n\n{_table(('said', 'cases', 'mean said', 'came true'), bin_rows(result))}"


def _scores(parts: Mapping[str, Scores]) -> str:
    return _table(_HEAD, [(name, *score_row(scores)) for name, scores in parts.items()])


def _simulated() -> str:
    makers = {**TUNED, **STRANGE}
    rows = [(name, _meaning(maker)) for name, maker in makers.items()]
    return (
        f"{_table(('history', 'what happens in it'), rows)}\n\n"
        "The model knows none of these rules. It carries a damped straight line on; the histories are "
        "counts of openings and closures, growth that changes in steps or wears off, saturation, policies "
        "that jump, samples of varying size, seasons with a Spring Festival that moves. Still, both come "
        "from one idea of a district, the constants are fitted to these sorts of history, and real ones may "
        "be of another sort: the figures say that the method is sound, not that the future is known. A kind "
        "holds two sorts, and one that is too wide can hide one that is too narrow. Where the outcome is a "
        "small whole number, an interval is right only roughly."
    )


def _meaning(maker: Maker) -> str:
    return " ".join((maker.__doc__ or "").split())


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
