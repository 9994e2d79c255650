"""Texts with columns in them: `melbourne-{sensor}`. A brace itself is written twice."""

from string import Formatter


def parse(template: str) -> list[tuple[str, str | None]]:
    """The pieces of a template: a literal text and the column after it, None at the end.

    Raises ValueError for a column without a name or with a format of Python's.
    """
    pieces = []
    for literal, column, spec, conversion in Formatter().parse(template):
        if column == "" or spec or conversion:
            raise ValueError("a column is written {name}, a brace itself is written twice")
        pieces.append((literal, column))
    return pieces


def columns_in(template: str) -> tuple[str, ...]:
    """The columns that a template names."""
    return tuple(column for _, column in parse(template) if column is not None)
