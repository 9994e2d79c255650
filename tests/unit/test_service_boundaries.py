"""The linter's contracts about services catch what they are for, and services are built alike."""

from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter import Contract
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tidemark import services
from tidemark.services.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
SERVICES = Path(services.__file__).parent
TYPES: dict[str, type[Contract]] = {"layers": LayersContract, "forbidden": ForbiddenContract}
LAYERS = "The command line sees every service, no service another, and what they share knows none"
NO_COMMANDS = "Nothing imports the command line"
SERVERS = sorted(path.parent.name for path in SERVICES.glob("*/settings.py"))


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("tidemark", cache_dir=None)


def is_kept(name: str, graph: grimp.ImportGraph) -> bool:
    configure()
    options = read_user_options(str(ROOT / "pyproject.toml"))
    (rules,) = [contract for contract in options.contracts_options if contract["name"] == name]
    contract = TYPES[rules["type"]](name, options.session_options, rules)
    return contract.check(graph, verbose=False).kept


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [
        (LAYERS, "tidemark.services.ledger.app", "tidemark.services.gateway.app"),
        (LAYERS, "tidemark.services.board.app", "tidemark.services.ledger.metrics"),
        (LAYERS, "tidemark.services.ledger.app", "tidemark.services.cli.console"),
        (LAYERS, "tidemark.services.http", "tidemark.services.gateway.problems"),
        (LAYERS, "tidemark.services.defaults", "tidemark.services.settings"),
        (NO_COMMANDS, "tidemark.deploy.prometheus.alerts.ledger", "tidemark.services.cli.ledger"),
    ],
)
def test_a_wrong_import_is_caught(
    imports: grimp.ImportGraph, contract: str, importer: str, imported: str
) -> None:
    assert is_kept(contract, imports)
    graph = deepcopy(imports)
    assert {importer, imported} <= graph.modules
    graph.add_import(importer=importer, imported=imported)
    assert not is_kept(contract, graph)


def test_a_service_in_no_layer_is_caught(imports: grimp.ImportGraph) -> None:
    graph = deepcopy(imports)
    graph.add_module("tidemark.services.newcomer")
    assert not is_kept(LAYERS, graph)


def test_the_servers_are_those_with_settings() -> None:
    assert SERVERS == ["board", "exporter", "gateway", "ledger", "notifier"]


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_settings_of_the_one_base_and_an_app_that_serves_by_them(name: str) -> None:
    values: dict[str, Any] = vars(import_module(f"tidemark.services.{name}.settings"))
    (settings,) = (
        value
        for value in values.values()
        if isinstance(value, type) and issubclass(value, ServiceSettings) and value is not ServiceSettings
    )
    app = import_module(f"tidemark.services.{name}.app")
    assert app.serve.__annotations__ == {"settings": settings, "return": None}
    assert {f"{name}_host", f"{name}_port"} <= settings.model_fields.keys()
    assert settings.model_config["env_prefix"] == "TIDEMARK_"
