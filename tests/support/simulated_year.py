"""A folded year, simulated once for all tests that only read it. They share the group of xdist
`simulated-year`, or each worker would simulate a year of its own."""

import pytest

from .commands import ROOT, succeed


@pytest.fixture(scope="session")
def simulated_year(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The log's address: 2026 of the demo's district in miniature, thinned, and folded."""
    url = f"sqlite:///{tmp_path_factory.mktemp('year')}/year.db"
    scenario = ROOT / "seeds" / "scenarios" / "demo.toml"
    days = ("--from", "2026-01-01", "--to", "2027-01-01")
    succeed("simulate", "--scenario", scenario, "--scale", "0.05", "--log", url, *days)
    succeed("ledger", "--log", url, "--until-caught-up")
    return url
