"""The page of alert conditions agrees with the table of conditions."""

from pathlib import Path

import pytest

from tests.support.examples import ROOT
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.reference import PAGE, REFRESH, main, render_alerts

TEXT = render_alerts()


def test_the_committed_page_is_fresh() -> None:
    assert PAGE == ROOT / "docs/reference/alerts.md"
    assert PAGE.read_text("utf-8") == TEXT, f"run `{REFRESH}` and commit what it changes"


def test_every_alert_is_listed_with_its_runbook_and_its_number() -> None:
    for condition in CONDITIONS:
        assert f"](../../deploy/runbooks/{condition.name}.md)" in TEXT
        assert condition.value in TEXT


@pytest.mark.parametrize(
    "row",
    [
        "| – | > 5 min | > 10 min | 5 min | port | refund |",  # RefundVerificationSlow
        "| – | > 60 d or < 0.9 | > 120 d or < 0.75 | 15 min | bureau | registry |",  # RefundCoverageLagging
        "| – | > 1 × `tidemark_feed_age_limit_seconds` | – | 1 min | platform | – |",  # FeedStale
    ],
)
def test_limits_are_shown_in_their_units(row: str) -> None:
    assert row in TEXT


def test_the_program_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["reference", "--file", str(tmp_path / "alerts.md")])
    main()
    assert (tmp_path / "alerts.md").read_text("utf-8") == TEXT
