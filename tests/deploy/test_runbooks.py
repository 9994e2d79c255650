"""Every alert has its runbook, and what a runbook names exists."""

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.deploy.promql_check import check_promql
from tests.support.metric_names import exporter_names, service_names
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import Condition
from tidemark.services.cli.app import app
from tidemark.services.resources import RUNBOOKS
from tidemark.streams.contracts.text import Text

PAGES = {path.stem: path.read_text("utf-8") for path in sorted(RUNBOOKS.glob("*.md"))}
HEADINGS = [
    "## 先看 · Look first",
    "## 中文",
    "### 含义",
    "### 怎么办",
    "### 谁",
    "## English",
    "### What it means",
    "### What to do",
    "### Who",
]
QUERY = re.compile(r"```promql\n(.*?)\n```", re.DOTALL)
METRIC = re.compile(r"\btidemark_\w+")
COMMAND = re.compile(r"`tidemark ([^`]+)`")


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    assert set(PAGES) == {condition.name for condition in CONDITIONS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_same_sections_and_steps_in_both_languages(name: str) -> None:
    assert re.findall(r"^##.*", PAGES[name], re.MULTILINE) == HEADINGS
    chinese, english = PAGES[name].split("## English")
    steps = [len(re.findall(r"^\d+\. ", text, re.MULTILINE)) for text in (chinese, english)]
    assert steps[0] == steps[1] > 0


def title_of(condition: Condition) -> str:
    """The heading of the condition's page: name and summaries, without the subject after the colon."""
    zh, en = (re.sub(r"[：:].*", "", text) for text in (condition.summary.zh, condition.summary.en))
    return f"# {condition.name} · {zh} · {en}\n"


PLAINLY_HEADED = [condition for condition in CONDITIONS if "{" not in title_of(condition)]


@pytest.mark.parametrize("condition", PLAINLY_HEADED, ids=lambda condition: condition.name)
def test_a_page_is_headed_by_the_summaries_of_its_alert(condition) -> None:
    assert PAGES[condition.name].startswith(title_of(condition))


def test_a_summary_other_than_the_pages_heading_would_be_found() -> None:
    condition = replace(PLAINLY_HEADED[0], summary=Text("别的", "Another"))
    assert not PAGES[condition.name].startswith(title_of(condition))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_a_page_links_the_dashboard_that_its_alert_names(condition) -> None:
    assert f"(http://127.0.0.1:3000/d/{condition.dashboard})" in PAGES[condition.name]


@pytest.mark.parametrize("name", PAGES)
def test_metrics_in_a_page_are_served(name: str) -> None:
    metrics = {metric for query in QUERY.findall(PAGES[name]) for metric in METRIC.findall(query)}
    assert metrics <= exporter_names() | service_names()


def test_every_query_parses(tmp_path: Path) -> None:
    queries = [query for page in PAGES.values() for query in QUERY.findall(page)]
    assert not check_promql(queries, tmp_path)


def test_a_query_that_does_not_parse_would_be_found(tmp_path: Path) -> None:
    assert check_promql(["sum by tidemark_exporter_series"], tmp_path)


@pytest.mark.parametrize("line", sorted({line for page in PAGES.values() for line in COMMAND.findall(page)}))
def test_commands_in_pages_exist_with_their_options(line: str) -> None:
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)
    while isinstance(command, typer.core.TyperGroup) and not words[0].startswith("--"):
        _, command, words = command.resolve_command(typer.Context(command), words)
    options = {name for option in command.params for name in option.opts}
    assert {word for word in words if word.startswith("--")} <= options | {"--help"}
