"""Markdown that the generated pages share."""

from collections.abc import Iterable, Sequence


def join_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells must not contain a bare `|`."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
