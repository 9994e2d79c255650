"""The links, files, decisions and commands that documents and code name are in the repository."""

import re

import pytest

from tests.support.document_references import (
    find_broken_links,
    find_missing_commands,
    find_missing_decisions,
    find_missing_file_names,
    find_missing_paths,
    find_phrases_without_document,
    join_findings,
    list_files,
    quote_commands,
    quote_markdown,
    read_comments,
    read_prose,
)
from tests.support.examples import ROOT
from tests.support.metric_names import exporter_names

PAGES = {path: path.read_text("utf-8") for path in list_files(".md")}
MODULES = {path: read_prose(path.read_text("utf-8")) for path in list_files(".py")}
CODE = {path: path.read_text("utf-8") for path in MODULES if ROOT / "tests" not in path.parents}
"""Whole modules: messages and settings name files and commands, too. Tests name some that must not exist."""
FILES = {path: read_comments(path.read_text("utf-8")) for path in list_files(".toml", ".yml", ".sh")}
GUIDE = ROOT / "docs/guides/adding-a-family.md"
"""Names the files of a family that the reader is about to write."""


def test_links_lead_to_files_and_headings() -> None:
    assert not join_findings((path, find_broken_links(path, text)) for path, text in PAGES.items())


def test_paths_in_documents_exist() -> None:
    quoted = ((path, quote_markdown(text)) for path, text in PAGES.items() if path != GUIDE)
    assert not join_findings(
        (path, find_missing_paths(text) + find_missing_file_names(text)) for path, text in quoted
    )


def test_paths_in_code_comments_and_docstrings_exist() -> None:
    prose = {**MODULES, **FILES, **CODE}
    assert not join_findings(
        (path, find_missing_paths(text) + find_missing_file_names(text)) for path, text in prose.items()
    )


def test_decisions_that_are_named_exist() -> None:
    everything = {**PAGES, **MODULES, **FILES}
    assert not join_findings((path, find_missing_decisions(text)) for path, text in everything.items())


def test_commands_in_documents_exist() -> None:
    assert not join_findings((path, find_missing_commands(text)) for path, text in PAGES.items())


def test_commands_that_messages_and_docstrings_quote_exist() -> None:
    quoted = ((path, quote_commands(text)) for path, text in CODE.items())
    assert not join_findings((path, find_missing_commands(text)) for path, text in quoted)


def test_metrics_in_the_table_of_formulas_are_served() -> None:
    named = set(re.findall(r"`(tidemark_\w+)`", PAGES[ROOT / "docs/reference/formulas.md"]))
    assert len(named) > 30
    assert named <= exporter_names()


def test_nothing_points_to_a_document_outside_of_the_repository() -> None:
    everything = {**PAGES, **MODULES, **FILES}
    assert not join_findings((path, find_phrases_without_document(text)) for path, text in everything.items())


@pytest.mark.parametrize(
    "link", ["gone.md", "architecture.md#the-way-of-a-letter", "#no-such-heading", "../images/gone.png"]
)
def test_a_broken_link_is_reported(link: str) -> None:
    page = ROOT / "docs/glossary.md"
    text = f"see [there]({link}), [here](README.md), [out](https://example.org)"
    assert find_broken_links(page, text) == [link]


def test_a_missing_path_is_reported_and_a_placeholder_is_not() -> None:
    text = "streams/log/port.py, streams/log/port, streams/log/gone.py, streams/<name>/gone, deploy/*.yml"
    assert find_missing_paths(text) == ["streams/log/gone.py"]


def test_a_missing_module_is_reported_by_its_name_alone() -> None:
    assert find_missing_file_names("port.py, building_it.py, streams/log/gone.py") == ["building_it.py"]


def test_a_path_in_a_comment_or_a_docstring_of_a_constant_is_read() -> None:
    source = '"""docs/a"""\nX = "docs/not-prose"  # docs/b\n"""docs/c"""\n'
    assert find_missing_paths(read_prose(source)) == ["docs/a", "docs/b", "docs/c"]


def test_a_decision_that_does_not_exist_is_reported() -> None:
    text = "see decision 0003, decision\u00a00004, decision 9999 and ([9998](9998-none.md))"
    assert find_missing_decisions(text) == ["9998", "9999"]


def test_a_command_that_does_not_exist_is_reported() -> None:
    text = "`tidemark verify`, `tidemark log copy`, `tidemark log burn`\n    tidemark guess --fast\n"
    assert find_missing_commands(text) == ["guess", "log burn"]
    message = 'raise Stale("run `tidemark guess` or `tidemark verify`")'
    assert find_missing_commands(quote_commands(message)) == ["guess"]


@pytest.mark.parametrize(
    "phrase",
    [
        "../shared/language.md",
        "the reference on alerts",
        "design section 5",
        "the design's prototype",
        "issue J",
    ],
)
def test_a_phrase_without_a_document_is_reported(phrase: str) -> None:
    assert find_phrases_without_document(f"Numbers as {phrase}, or so.")
    assert not find_phrases_without_document(
        "Forms from issue to payout; what has been designed; a reference"
    )
