"""Logs on standard error: warnings in words from a command, everything from a service."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tidemark.services.cli.log_output import show_service_logs, show_warnings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def log_both() -> None:
    log = structlog.get_logger()
    log.info("restoring a partition", partition=3)
    log.warning("publishing failed, trying again", attempt=1, error="disk full")


def test_a_command_logs_warnings_only_and_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    show_warnings()
    log_both()
    expected = "warning: publishing failed, trying again (attempt: 1, error: disk full)\n"
    assert capsys.readouterr() == ("", expected)


def test_a_traceback_follows_the_message_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    show_warnings()
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("append crashed")
    first, *trace = capsys.readouterr().err.splitlines()
    assert first == "error: append crashed"
    assert trace[-1] == "ValueError: broken"


def test_a_service_logs_everything_as_json_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_service_logs()
    log_both()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["event"]) for line in lines] == [
        ("info", "restoring a partition"),
        ("warning", "publishing failed, trying again"),
    ]
    assert all("timestamp" in line for line in lines)


def test_the_demo_logs_as_a_service_but_warnings_only(capsys: pytest.CaptureFixture[str]) -> None:
    show_service_logs(logging.WARNING)
    log_both()
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["attempt"] == 1
