"""The linter's contracts about services catch forbidden imports, and all services have the same structure."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.support.import_graph import import_graph, is_kept
from tidemark import services
from tidemark.services.settings import ServiceSettings

pytestmark = pytest.mark.xdist_group("imports")

SERVICES = Path(services.__file__).parent
LAYERS = "The command line sees every service, no service another, and what they share knows none"
NO_COMMANDS = "Nothing imports the command line"
SERVERS = sorted(path.parent.name for path in SERVICES.glob("*/settings.py"))


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
def test_a_wrong_import_is_caught(contract: str, importer: str, imported: str) -> None:
    assert is_kept(contract, import_graph())
    graph = import_graph()
    assert {importer, imported} <= graph.modules
    graph.add_import(importer=importer, imported=imported)
    assert not is_kept(contract, graph)


def test_a_service_in_no_layer_is_caught() -> None:
    graph = import_graph()
    graph.add_module("tidemark.services.newcomer")
    assert not is_kept(LAYERS, graph)


def test_the_servers_are_those_with_settings() -> None:
    assert SERVERS == ["board", "exporter", "gateway", "ledger", "notifier"]


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_settings_of_the_common_base_and_an_app_that_serves_by_them(name: str) -> None:
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
