"""How log messages appear on standard error: all of a service's, the warnings of any other command."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor


def show_warnings() -> None:
    """For a command that ends by itself: log warnings and errors only, in words."""
    _configure(logging.WARNING, [structlog.processors.format_exc_info, _format_in_words])


def show_service_logs(level: int = logging.INFO) -> None:
    """For a service: log messages from the level on, in words on a terminal and as JSON elsewhere."""
    readable = sys.stderr.isatty()
    _configure(
        level,
        [
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(),
        ],
    )


def _configure(level: int, processors: list[Processor]) -> None:
    # The Kafka client logs every retry, thousands per second; its callers log the outcome.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *processors],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_open_logger,
    )


def _open_logger(*_names: object) -> structlog.PrintLogger:
    """Standard error as it is now, which a progress bar replaces while it is shown."""
    return structlog.PrintLogger(sys.stderr)


def _format_in_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """`warning: publishing failed, trying again (attempt: 1, error: disk full)`"""
    level, text, trace = event.pop("level"), event.pop("event"), event.pop("exception", "")
    details = ", ".join(f"{name}: {value}" for name, value in event.items())
    return f"{level}: {text}" + (f" ({details})" if details else "") + (f"\n{trace}" if trace else "")
