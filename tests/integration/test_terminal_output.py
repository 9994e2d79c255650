"""Commands on a terminal of 80 columns and in a pipe, in both languages."""

import asyncio
import os
import pty
import re
import struct
import subprocess
import termios
from fcntl import ioctl
from itertools import takewhile
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.support.commands import ROOT, TIDEMARK
from tests.support.events import envelope
from tests.support.folding import NOON, ms
from tidemark.services.cli.language import LOCALE_VARIABLES
from tidemark.services.cli.tables import HIDDEN
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import encode
from tidemark.streams.families.footfall import FAMILY, FootfallCounted
from tidemark.streams.log import create_log
from tidemark.streams.log.port import Entry

WIDTH = 80
PLACE = "mall.coco_park"
EVENT_ID = "coco-park-of-a-sensor-with-a-long-name-and-a-count-of-1795795200"
CELL = ("footfall.place", "day", "2026-03-10", PLACE)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in LOCALE_VARIABLES}
CHINESE = {"LANG": "zh_CN.UTF-8"}


pytestmark = pytest.mark.xdist_group("terminal")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One count at a place of the gazetteer, folded."""
    url = f"sqlite:///{tmp_path_factory.mktemp('terminal')}/x.db"
    asyncio.run(_fill(url))
    in_pipe("ledger", "--log", url, "--until-caught-up")
    return url


async def _fill(url: str) -> None:
    events = await create_log(
        url, LogIdentity(partitions=4, content="simulated"), lambda: ms(NOON) + 90_000, min_free_bytes=0
    )
    event = envelope(FAMILY.types[0], EVENT_ID, NOON, PLACE, FootfallCounted("s1", NOON, 60, 1_234, 0))
    await events.append(Stream.FACTS, [Entry(partition_of("s1", 4), encode(event))])
    await events.close()


def in_pipe(*arguments: str, **variables: str) -> tuple[str, str]:
    """Standard output and standard error of a command that must succeed."""
    done = subprocess.run(
        [TIDEMARK, *arguments],
        env={**ENVIRONMENT, "COLUMNS": str(WIDTH), **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, done.stderr


def on_terminal(*arguments: str, **variables: str) -> list[str]:
    """What a terminal of 80 columns shows of standard output, line by line."""
    parent, child = pty.openpty()
    ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    environment = {**ENVIRONMENT, "TERM": "xterm", **variables}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [TIDEMARK, *arguments],
        env=environment,
        cwd=ROOT,
        stdin=child,
        stdout=child,
        stderr=subprocess.DEVNULL,
    ):
        os.close(child)
        chunks = []
        try:
            while chunk := os.read(parent, 65_536):
                chunks.append(chunk)
        except OSError:  # how Linux says that the other side is closed
            pass
    os.close(parent)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(chunks).decode()).splitlines()


def table_of(lines: list[str]) -> list[str]:
    """The lines before the note on columns left out, or all of them; sentences are the terminal's to wrap."""
    notes = tuple(HIDDEN)
    return list(takewhile(lambda line: not line.startswith(notes), lines))


def test_explain_prints_each_event_on_one_line_in_a_pipe_of_80_columns(log: str) -> None:
    lines = in_pipe("explain", *CELL, "--log", log)[0].splitlines()
    (line,) = [line for line in lines if EVENT_ID in line]
    assert "footfall.counted" in line
    assert "1,234" in line
    assert len(line) > WIDTH


def test_explain_fits_80_columns_and_cuts_neither_id_nor_number(log: str) -> None:
    table = table_of(on_terminal("explain", *CELL, "--log", log)[1:])
    assert all(cell_len(line.rstrip()) <= WIDTH for line in table)
    ids = "".join(re.sub(r"^\S+:\S+ ", "", line).split()[0] for line in table[1:] if line.strip())
    assert EVENT_ID in ids
    assert any("1,234" in line for line in table)


@pytest.mark.parametrize("command", [("totals", "--by", "place"), ("log", "show"), ("verify",), ("targets",)])
@pytest.mark.parametrize("locale", [{}, CHINESE])
def test_no_line_is_wider_than_the_terminal(
    log: str, command: tuple[str, ...], locale: dict[str, str]
) -> None:
    lines = table_of(on_terminal(*command, "--log", log, **locale))
    assert lines
    assert [line for line in lines if cell_len(line.rstrip()) > WIDTH] == []


def test_names_are_in_the_language_of_the_locale_or_the_flag(log: str) -> None:
    command = ("totals", "--log", log, "--measure", "footfall.place", "--by", "place")
    assert "COCO Park" in in_pipe(*command)[0]
    assert "footfall by place" in in_pipe(*command, LANG="C")[0]
    assert "客流（按地点）" in in_pipe(*command, **CHINESE)[0]
    assert "客流（按地点）" in in_pipe(*command, "--lang", "zh")[0]
    assert "客流（按地点）" in in_pipe("explain", *CELL, "--log", log, **CHINESE)[0]
    assert in_pipe(*command, "--json") == in_pipe(*command, "--json", **CHINESE)


def test_a_measure_without_data_is_shown_as_without_not_as_0(log: str) -> None:
    lines = {line.split()[0]: line for line in in_pipe("totals", "--log", log)[0].splitlines()}
    assert lines["ticket.scans"].endswith("no data")
    exited = in_pipe("totals", "--log", log, "--measure", "footfall.place")[0]
    assert re.search(r"exited +0$", exited, re.MULTILINE)
    assert "暂无数据" in in_pipe("totals", "--log", log, "--measure", "ticket.scans", **CHINESE)[0]
    assert in_pipe("totals", "--log", log, "--measure", "ticket.scans", "--json")[0].strip() == "[]"


def test_an_empty_log_has_no_newest_event(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    in_pipe("log", "create", "--log", url)
    shown = dict(re.split(r"  +", line) for line in in_pipe("log", "show", "--log", url)[0].splitlines())
    assert (shown["newest event"], shown["dead letters"], shown["facts"]) == ("—", "—", "0")


def test_a_command_that_ends_by_itself_logs_no_information(log: str) -> None:
    for command in (("ledger", "--until-caught-up"), ("verify",), ("rebuild",), ("log", "show")):
        assert in_pipe(*command, "--log", log)[1] == ""


def test_an_error_is_one_line_in_a_pipe_of_80_columns(tmp_path: Path) -> None:
    done = subprocess.run(
        [TIDEMARK, "totals", "--log", f"sqlite:///{tmp_path}/none.db", "--measure", "nonsense"],
        env={**ENVIRONMENT, "COLUMNS": str(WIDTH)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: --measure: 'nonsense' is not a measure; choose from ")


def test_a_reader_that_closes_the_pipe_early_gets_no_traceback() -> None:
    command = f"{TIDEMARK} schemas --json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""


def test_characters_that_standard_output_cannot_encode_are_escaped(log: str) -> None:
    shown, _ = in_pipe("log", "show", "--log", log, PYTHONIOENCODING="ascii", **CHINESE)
    assert "\\u" in shown
