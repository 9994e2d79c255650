"""Commands, flags and variables, checked against the code."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer
import typer.main
from pydantic_settings import BaseSettings

from tidemark.services.board.settings import BoardSettings
from tidemark.services.cli.app import app
from tidemark.services.exporter.settings import ExporterSettings
from tidemark.services.gateway.settings import GatewaySettings
from tidemark.services.notifier.settings import NotifierSettings

SETTINGS: Mapping[str, type[BaseSettings]] = {
    "gateway": GatewaySettings,
    "exporter": ExporterSettings,
    "board": BoardSettings,
    "notifier": NotifierSettings,
}
_WRONG_USE: type[Exception] = typer.BadParameter.mro()[1]
"""click's UsageError, which typer contains but does not export."""


class Unknown(Exception):
    """The code has no such command, flag, value or variable."""


def parse_command(words: Sequence[str]) -> tuple[str, Any]:
    """The command's name and its context, parsed but not run. Raises Unknown."""
    command: Any = typer.main.get_command(app)
    name, context, rest = "tidemark", None, list(words)
    try:
        while hasattr(command, "commands"):
            context = command.context_class(command, parent=context, info_name=name)
            name, command, rest = command.resolve_command(context, rest)
        return name, command.make_context(name, rest, parent=context)
    except _WRONG_USE as error:
        raise Unknown(f"{' '.join(words)}: {error}") from error


def check_variables(words: Sequence[str], environment: Mapping[str, str]) -> None:
    """Check that the command reads each TIDEMARK_ variable and accepts its value. Raises Unknown."""
    name, context = parse_command(words)
    given = {key: value for key, value in environment.items() if key.startswith("TIDEMARK_")}
    if settings := SETTINGS.get(name):
        fields = {f"TIDEMARK_{field.upper()}": field for field in settings.model_fields}
    else:
        fields = {option.envvar: option.name for option in context.command.params if option.envvar}
    if unread := set(given) - set(fields):
        raise Unknown(f"{name} does not read {', '.join(sorted(unread))}")
    if settings:
        values: dict[str, Any] = {fields[key]: value for key, value in given.items()}
        settings(_env_file=None, **values)
