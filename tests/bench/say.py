"""Progress on standard error."""

import logging
import sys
from collections.abc import Callable

import structlog

Say = Callable[[str], None]


def print_progress(name: str, what: str) -> None:
    """Print what the measurement of that name is doing."""
    print(f"{name}: {what}", file=sys.stderr, flush=True)


def quiet_logs() -> None:
    """Log warnings only, to standard error: standard output is for the figures."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
