"""The simulator's truth stays independent: it sees payloads and measures, never what adds up."""

import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.support.commands import ROOT
from tests.support.import_graph import import_graph, is_kept
from tidemark.services.simulator.families import SOURCES
from tidemark.services.simulator.scenario import Scenario
from tidemark.streams.families import NAMES

pytestmark = pytest.mark.xdist_group("imports")

NAME = "The simulator knows the truth without the ledger"


def test_the_contract_is_kept():
    assert is_kept(NAME, import_graph())


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("services.simulator.truth_simple", "streams.families.trade.definition"),
        ("services.simulator.truth_refund", "streams.families.refund.reducer"),
        ("services.simulator.truth", "streams.families.definitions"),
        ("services.simulator.sums", "streams.contracts.additions"),
        ("services.simulator.truth", "streams.ledger.cells"),
        ("streams.families.table", "streams.families.definitions"),
        ("streams.families.trade", "streams.families.trade.definition"),
    ],
)
def test_an_import_of_what_adds_up_is_caught_also_on_the_way(importer, imported):
    """Negative control."""
    graph = import_graph()
    graph.add_import(importer=f"tidemark.{importer}", imported=f"tidemark.{imported}")
    assert not is_kept(NAME, graph)


def test_nothing_that_says_what_adds_up_is_even_loaded():
    """Families are gathered by name, which no linter sees; so look at what a process has loaded."""
    code = "import sys, tidemark.services.simulator.simulation; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = run.stdout.split()
    assert "tidemark.streams.families.trade" in loaded
    assert not [
        name
        for name in loaded
        if name.startswith(("tidemark.streams.ledger", "tidemark.streams.families.definitions"))
        or name.endswith((".definition", ".reducer", ".additions"))
    ]


def unfilled(families: Iterable[str]) -> list[str]:
    """The families that the simulator has no source or no section of a scenario for."""
    return [name for name in families if name not in SOURCES or name not in Scenario.__struct_fields__]


def test_the_simulator_fills_every_family():
    assert unfilled(NAMES) == [], "add a section to Scenario and a source to SOURCES"
    assert unfilled([*NAMES, "beacon"]) == ["beacon"]
