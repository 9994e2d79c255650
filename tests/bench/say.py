"""Progress on standard error."""

import sys
from collections.abc import Callable

Say = Callable[[str], None]


def said(name: str, what: str) -> None:
    """Tell what the measurement of that name is doing."""
    print(f"{name}: {what}", file=sys.stderr, flush=True)
