"""Calls that Grafana does not answer are retried twice; calls that it refuses are not retried."""

import pytest

from tidemark.services.grafana.connection import (
    RETRY_POLICY,
    GrafanaError,
    GrafanaRefused,
    GrafanaUnavailable,
)
from tidemark.streams.retries import retry

PAUSES_S = (0.5, 2.0)


class Failing:
    """Fails with these errors, one a call, then succeeds."""

    def __init__(self, *errors: GrafanaError) -> None:
        self.errors = list(errors)
        self.waited: list[float] = []

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def test_a_call_is_retried_after_each_pause_and_then_fails() -> None:
    failing = Failing(*(GrafanaUnavailable(str(n)) for n in range(9)))
    with pytest.raises(GrafanaUnavailable, match=str(len(PAUSES_S))):
        retry(RETRY_POLICY, failing, failing.waited.append)
    assert tuple(failing.waited) == PAUSES_S


def test_a_retry_after_a_passing_failure_succeeds() -> None:
    failing = Failing(GrafanaUnavailable("once"))
    assert retry(RETRY_POLICY, failing, failing.waited.append) == "done"
    assert tuple(failing.waited) == PAUSES_S[:1]


def test_a_refusal_is_not_retried() -> None:
    failing = Failing(GrafanaRefused("no"))
    with pytest.raises(GrafanaRefused):
        retry(RETRY_POLICY, failing, failing.waited.append)
    assert failing.waited == []
