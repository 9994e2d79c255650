"""The table of commands says what the commands themselves say, and imports none of them."""

import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from rich.text import Text
from typer.main import get_command

from tidemark.services.cli.app import app, exit_code
from tidemark.services.cli.commands import COMMANDS, PANELS, Command
from tidemark.services.gateway.sources import SourcesError
from tidemark.streams.log.errors import LogError, LogMissing

HEAVY = {
    "aiokafka",
    "apprise",
    "apsw",
    "asyncio",
    "confluent_kafka",
    "docx",
    "fastapi",
    "grafana_client",
    "holidays",
    "httpx",
    "jinja2",
    "matplotlib",
    "msgspec",
    "numpy",
    "prometheus_client",
    "pydantic",
    "pydantic_settings",
    "requests",
    "structlog",
    "tidemark.streams",
    "uvicorn",
    "xlsxwriter",
}
MOST_MODULES = 500
LIST_MODULES = """
import atexit, json, sys
from tidemark.services.cli.app import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
main()
"""


def modules_of(*arguments: str, **variables: str) -> set[str]:
    """The modules that a process has imported when the command has ended."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_MODULES, *arguments],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def own_help(command: Command) -> str:
    """The first paragraph of the command's own help."""
    return inspect.cleandoc(command.load().help).split("\n\n")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    command = COMMANDS[name]
    assert command.load().name == name
    assert command.help == own_help(command)


def test_another_help_would_be_found() -> None:
    command = COMMANDS["totals"]._replace(help="Show totals.")
    assert command.help != own_help(command)


def test_the_help_imports_no_command_and_nothing_heavy() -> None:
    modules = modules_of("--help")
    assert not modules & HEAVY
    assert len(modules) < MOST_MODULES


def test_a_command_that_imports_something_heavy_would_be_found() -> None:
    assert {"msgspec", "tidemark.streams", "structlog"} <= modules_of("schemas", "show", "footfall.counted")


def test_a_command_imports_no_other() -> None:
    modules = modules_of("schemas", "show", "footfall.counted")
    assert not modules & {"fastapi", "matplotlib", "docx", "prometheus_client", "apprise"}


def test_the_shell_completes_names_without_an_import_and_flags_with_the_command_alone() -> None:
    names = complete("tidemark sche")
    assert "schemas" in names
    assert "--json" in complete("tidemark schemas --j")


def complete(line: str) -> str:
    """What bash is offered."""
    variables = {
        "_TIDEMARK_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }
    program = "import sys; sys.argv = ['tidemark']; from tidemark.services.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


def test_every_panel_is_shown_in_order() -> None:
    group = get_command(app)
    shown = {command.rich_help_panel: None for command in group.commands.values()}
    assert list(shown) == list(PANELS)
    assert list(group.commands) == list(COMMANDS)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LogMissing("x"), 2),
        (SourcesError("x"), 2),
        (LogError("x"), 1),
        (OSError("x"), 1),
        (KeyError("x"), None),
    ],
)
def test_an_error_that_says_what_to_do_ends_the_command(error: Exception, code: int | None) -> None:
    assert exit_code(error) == code


def test_a_command_that_is_not_there_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        get_command(app)(["totls"])
    assert ended.value.code == 2
    assert "totals" in capsys.readouterr().err


def help_texts(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The help texts of a command, its subcommands and all their options, each with its path."""
    where = " ".join(path)
    yield where, command.help or ""
    for parameter in command.params:
        yield f"{where} {parameter.name}", getattr(parameter, "help", None) or ""
    for name, child in getattr(command, "commands", {}).items():
        yield from help_texts(child, (*path, name))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_a_help_that_is_shown_whole(name: str) -> None:
    for where, text in help_texts(COMMANDS[name].load(), (name,)):
        assert text or where.endswith(" help"), f"{where} has no help"
        assert Text.from_markup(text).plain == text, f"{where}: brackets are read as markup: {text}"


def test_brackets_in_a_help_would_be_caught() -> None:
    text = "First day. [default: today]"
    assert Text.from_markup(text).plain != text
