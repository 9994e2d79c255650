"""A chart of block characters."""

from collections.abc import Sequence

HEIGHT = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PATH = "·"


def chart(values: Sequence[float | None], path: Sequence[float | None]) -> list[str]:
    """Eight lines, a column for each value; a dot where the path runs above it. The lowest number
    stands at the foot, unless 0 lies close below."""
    known = [one for one in (*values, *path) if one is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    low = 0.0 if 0 <= low < high / 2 else low - (high - low) * 0.1
    scale = (8 * HEIGHT) / (high - low) if high > low else 0.0
    columns = [
        _column(_eighths(value, low, scale), _eighths(expected, low, scale))
        for value, expected in zip(values, path, strict=True)
    ]
    return ["".join(column[row] for column in columns) for row in range(HEIGHT - 1, -1, -1)]


def _eighths(value: float | None, low: float, scale: float) -> int | None:
    return None if value is None else max(1, round((value - low) * scale))


def _column(filled: int | None, expected: int | None) -> list[str]:
    """From the foot up, two characters wide."""
    cells = [2 * _EIGHTHS[min(max((filled or 0) - 8 * row, 0), 8)] for row in range(HEIGHT)]
    if expected is not None:
        at = min((expected - 1) // 8, HEIGHT - 1)
        if cells[at] == "  ":
            cells[at] = 2 * _PATH
    return cells
