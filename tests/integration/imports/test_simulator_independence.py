"""The simulator's truth is independent of the ledger: it imports payloads and measures, no contributions."""

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
        ("services.simulator.truth_sums", "streams.families.trade.definition"),
        ("services.simulator.truth_sessions", "streams.families.refund.reducer"),
        ("services.simulator.truth", "streams.families.definitions"),
        ("services.simulator.truth_sums", "streams.contracts.additions"),
        ("services.simulator.truth", "streams.ledger.cells"),
        ("streams.families.table", "streams.families.definitions"),
        ("streams.families.trade", "streams.families.trade.definition"),
    ],
)
def test_a_direct_or_indirect_import_of_contributions_is_caught(importer, imported):
    """Negative control."""
    graph = import_graph()
    graph.add_import(importer=f"tidemark.{importer}", imported=f"tidemark.{imported}")
    assert not is_kept(NAME, graph)


def test_no_module_that_defines_contributions_is_loaded():
    """Families are imported by name, which no linter sees; so check the modules that a process has loaded."""
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


def list_unfilled(families: Iterable[str]) -> list[str]:
    """The families without a source in the simulator or without a section in a scenario."""
    return [name for name in families if name not in SOURCES or name not in Scenario.__struct_fields__]


def test_the_simulator_fills_every_family():
    assert list_unfilled(NAMES) == [], "add a section to Scenario and a source to SOURCES"
    assert list_unfilled([*NAMES, "beacon"]) == ["beacon"]
