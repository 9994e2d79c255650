"""Tests are in the folder where they belong, and those that share something costly run on one worker."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NOT_IN_UNIT = (
    "docx",
    "matplotlib",
    "multiprocessing",
    "openpyxl",
    "socket",
    "subprocess",
    "tests.servers",
    "tests.support.commands",
    "tests.support.report_files",
    "tests.support.simulations.quiet",
    "tests.support.simulations.sent_in",
    "tests.support.simulations.week",
    "tests.support.wheels",
    "tidemark.services.reports.writing.write_report",
    "tidemark.services.simulator.simulation.Simulation",
)
"""What no unit test imports: processes, servers, documents, simulated days."""
FIXTURES_NOT_IN_UNIT = {"kafka", "simulated_year"}
WIDE = {"module", "session"}
"""Scopes of fixtures that are made once on each worker that has a test which uses them."""


def list_imported_names(tree: ast.Module) -> set[str]:
    """Full names of everything that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def list_unit_faults(text: str) -> list[str]:
    """What keeps a file of tests out of tests/unit: the imports and fixtures of more costly tests."""
    tree = ast.parse(text)
    imports = [
        name
        for name in list_imported_names(tree)
        if any(name == barred or name.startswith(f"{barred}.") for barred in NOT_IN_UNIT)
    ]
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    arguments = {argument.arg for function in functions for argument in function.args.args}
    return sorted([*imports, *(arguments & FIXTURES_NOT_IN_UNIT)])


def has_wide_fixture(text: str) -> bool:
    """Whether a file of tests has a fixture that lasts for the module or the session."""
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "pytest.fixture"
        and any(isinstance(word.value, ast.Constant) and word.value.value in WIDE for word in node.keywords)
        for node in ast.walk(ast.parse(text))
    )


def read_tests(*folders: str) -> Iterable[tuple[str, str]]:
    """Path below tests/ and text of each file of tests in the folders."""
    for folder in folders:
        for path in sorted((TESTS / folder).rglob("test_*.py")):
            yield str(path.relative_to(TESTS)), path.read_text("utf-8")


def test_a_unit_test_starts_no_process_needs_no_server_and_makes_no_document() -> None:
    faults = {path: faults for path, text in read_tests("unit") if (faults := list_unit_faults(text))}
    assert faults == {}, "move these to tests/integration (CONTRIBUTING.md, Tests)"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("import subprocess", "subprocess"),
        ("def f():\n    from tests.servers.ports import HOST", "tests.servers.ports.HOST"),
        ("from tests.support.simulations import week", "tests.support.simulations.week"),
        ("import docx.enum.section", "docx.enum.section"),
        ("async def test_it(kafka: str) -> None: ...", "kafka"),
    ],
)
def test_a_costly_test_among_the_unit_tests_is_reported(text: str, fault: str) -> None:
    assert list_unit_faults(text) == [fault]


def test_what_is_made_once_for_a_module_is_made_by_one_worker() -> None:
    """Without a group every worker would make it: a year simulated twice, a district set up twice."""
    folders = [path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "bench"]
    ungrouped = [
        path
        for path, text in read_tests(*folders)
        if has_wide_fixture(text) and "pytest.mark.xdist_group(" not in text
    ]
    assert ungrouped == [], "give their tests a pytest.mark.xdist_group"


@pytest.mark.parametrize(
    ("decorator", "wide"),
    [
        ('@pytest.fixture(scope="module")', True),
        ('@pytest.fixture(scope="session", autouse=True)', True),
        ("@pytest.fixture", False),
    ],
)
def test_a_fixture_for_a_whole_module_is_seen(decorator: str, wide: bool) -> None:
    assert has_wide_fixture(f"{decorator}\ndef log() -> str: ...") is wide


@pytest.mark.xdist_group("together")
def test_a_group_is_part_of_a_tests_id_where_workers_share_the_tests(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 with pytest 9.2 silently dropped all groups, and fixtures were made twice."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@together")
