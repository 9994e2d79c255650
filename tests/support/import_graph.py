"""The graph of imports, and whether a contract of pyproject.toml holds for it."""

from copy import deepcopy
from functools import cache

import grimp
from importlinter import Contract
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from .commands import ROOT

TYPES: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}


@cache
def _build_graph() -> grimp.ImportGraph:
    return grimp.build_graph("tidemark", "tests", include_external_packages=True, cache_dir=None)


def import_graph() -> grimp.ImportGraph:
    """A copy of the tree's graph, to be changed at will; the tree is read once in a process."""
    return deepcopy(_build_graph())


def is_kept(name: str, graph: grimp.ImportGraph) -> bool:
    """Whether the contract of this name holds for the graph. The check may remove imports from it."""
    configure()
    options = read_user_options(str(ROOT / "pyproject.toml"))
    (rules,) = (contract for contract in options.contracts_options if contract["name"] == name)
    contract = TYPES[rules["type"]](name, options.session_options, rules)
    return contract.check(graph, verbose=False).kept
