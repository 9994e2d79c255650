"""Which commands there are, and a group that imports a command only when it is called.

The table holds what `tidemark --help` and a shell's completion show, so that neither imports a service.
"""

import re
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command


class Command(NamedTuple):
    """A command or a group of them. `target` is "module:attribute", a function or a typer app.

    With `settings`, the target is a service's coroutine, and the flags are made from its settings.
    `help` is the first paragraph of the target's own help; of a service it is all there is.
    """

    name: str
    target: str
    help: str
    settings: str = ""

    def load(self) -> Any:
        """Import the target and make the command of it."""
        app = typer.Typer(callback=_stand_in, add_completion=False)
        target = _import(self.target)
        if isinstance(target, typer.Typer):
            app.add_typer(target, name=self.name)
        elif self.settings:
            make_command = _import(".service:service_command")
            app.command(self.name, help=self.help)(make_command(_import(self.settings), target))
        else:
            app.command(self.name)(target)
        group: Any = get_command(app)
        command = group.commands[self.name]
        _unwrap_help(command)
        return command


def _import(address: str) -> Any:
    module, _, attribute = address.partition(":")
    return getattr(import_module(module, __package__), attribute)


def _stand_in() -> None: ...


def _unwrap_help(command: Any) -> None:
    """Join the lines of each paragraph, which rich would break where the source does; of subcommands too."""
    paragraphs = re.split(r"\n\s*\n", command.help or "")
    command.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    for child in getattr(command, "commands", {}).values():
        _unwrap_help(child)


def _service(name: str, settings: str, text: str) -> Command:
    package = f"tidemark.services.{name}"
    return Command(name, f"{package}.app:serve", text, f"{package}.settings:{settings}")


PANELS = {
    "Services": (
        Command(
            "demo",
            ".demo:demo",
            "Fill a simulated year to date, then run live: terminal, wall screen and metrics. "
            "Ctrl-C ends it.",
        ),
        _service("gateway", "GatewaySettings", "Accept events over HTTP and append them to the log."),
        Command("ledger", ".ledger:ledger", "Keep exact running totals of the log. Ctrl-C stops it cleanly."),
        _service("exporter", "ExporterSettings", "Serve the totals as metrics for Prometheus."),
        _service("board", "BoardSettings", "Serve the wall screen with live totals."),
        _service("notifier", "NotifierSettings", "Deliver alerts to people."),
        Command(
            "notifications",
            ".notifications:app",
            "List and retry alert messages that could not be delivered.",
        ),
    ),
    "Totals and checks": (
        Command("totals", ".totals:totals", "Show exact totals by measure, of all time or of one period."),
        Command(
            "explain",
            ".explain:explain",
            "List the events that a cell is the sum of, and check that they add up to what is published.",
        ),
        Command(
            "verify",
            ".verify:verify",
            "Compare every published total with what it should be. Exit code 1 if any differs.",
        ),
        Command(
            "rebuild",
            ".ledger:rebuild",
            "Rebuild the totals from the whole log, beside those being served, then serve the new ones.",
        ),
        Command(
            "backtest",
            ".backtest:backtest",
            "Project simulated histories whose end is known, and compare.",
        ),
        Command(
            "report",
            ".report:report",
            "Write a report on the plan's targets, as a web page, a document or a workbook.",
        ),
        Command(
            "targets",
            ".targets:app",
            "List the plan's targets: value, pace, projection and status. `show ID` shows one in full.",
        ),
        Command(
            "dead-letters", ".dead_letters:app", "Read, repair and resend records that were not accepted."
        ),
    ),
    "Events and logs": (
        Command(
            "simulate",
            ".simulate:simulate",
            "Simulate the district and append its events to a log, which is created if it does not exist.",
        ),
        Command(
            "import",
            ".imports:import_file",
            "Import a file into the log. Exit code 1 if rows were rejected.",
        ),
        Command(
            "history",
            ".history:history",
            "Write what the exporter would have shown at the end of each past day, to fill a new Prometheus.",
        ),
        Command("backup", ".logs:backup", "Back up a log and its totals while services keep running."),
        Command(
            "restore",
            ".logs:restore",
            "Restore a backup. It is checked completely before anything is written.",
        ),
        Command("log", ".logs:app", "Create a log, show what it holds, or copy it."),
        Command("topics", ".topics:app", "Create or check the topics of a log on Kafka."),
        Command(
            "schemas",
            ".schemas:app",
            "List event types, show their JSON Schemas, write or check the references.",
        ),
        Command(
            "sources",
            ".sources:app",
            "Manage the sources that may send events to the gateway, and their tokens.",
        ),
    ),
    "Grafana": (
        Command("dashboards", ".dashboards:app", "Publish the dashboards to Grafana."),
        Command("annotations", ".annotations:app", "Mark activities and targets reached in Grafana."),
    ),
}
"""The commands by the panel of the help that lists them, in its order."""

COMMANDS = {command.name: command for commands in PANELS.values() for command in commands}


class LazyGroup(TyperGroup):
    """A group whose commands are stand-ins with name and help until one is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None:
            command = self.commands[name] = COMMANDS[name].load()
        return name, command, rest


def add_commands(app: typer.Typer) -> None:
    """Add stand-ins for all commands to an app whose group is a LazyGroup."""
    for panel, commands in PANELS.items():
        for command in commands:
            app.command(command.name, help=command.help, rich_help_panel=panel)(_stand_in)
