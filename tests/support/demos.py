"""`tidemark demo` in a process of its own."""

import os
import re
import time
from pathlib import Path

from tests.servers.ports import free_port
from tests.servers.process import ServerFailed, ServerProcess, start
from tests.support.commands import LIMIT_S, TIDEMARK
from tidemark.services.resources import TROUBLES

LOOK_S = 0.1


class Demo:
    """The demo with a scenario, over a log in the folder; its metrics are at `port`."""

    def __init__(self, folder: Path, scenario: str | Path) -> None:
        self.port = free_port()
        self._output = folder / "demo.log"
        self._command = [
            "env",
            f"TIDEMARK_EXPORTER_PORT={self.port}",
            f"TIDEMARK_BOARD_PORT={free_port()}",
            *map(
                str,
                (
                    TIDEMARK,
                    "demo",
                    "--lang",
                    "en",
                    "--log",
                    f"sqlite:///{folder}/demo.db",
                    "--scenario",
                    scenario,
                ),
            ),
        ]
        self._process: ServerProcess | None = None

    def start(self) -> None:
        self._process = start(self._command, self._output, os.getpid())

    def wait_until_live(self) -> None:
        """Wait until the past is filled and the time of the trouble is printed. Raises ServerFailed."""
        deadline = time.monotonic() + LIMIT_S
        while not re.search("trouble from", self._output.read_text()):
            if self._process is None or not self._process.running or time.monotonic() > deadline:
                raise ServerFailed("the demo is not live", self._output)
            time.sleep(LOOK_S)

    def end(self) -> str:
        """End it as Ctrl-C does, after which it verifies; returns all its output."""
        if self._process:
            self._process.end(LIMIT_S)
        return self._output.read_text()


def shorten_scenario(
    folder: Path, name: str, after_s: int, lasts_s: int, past_days: int | None = None
) -> Path:
    """A copy of a scenario's file with other times, for a quicker test."""
    past = "" if past_days is None else f"\npast_days = {past_days}"
    text = (TROUBLES / f"{name}.toml").read_text("utf-8")
    text = re.sub("(?m)^after_s = .*$", f"after_s = {after_s}{past}", text)
    file = folder / f"{name}.toml"
    file.write_text(re.sub("(?m)^lasts_s = .*$", f"lasts_s = {lasts_s}", text), "utf-8")
    return file
