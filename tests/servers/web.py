"""A server that answers over HTTP: started on a free port, waited for, ended."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.servers.ports import HOST, free_port
from tests.servers.process import ServerFailed, ServerProcess, start

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 20.0


class WebServer:
    """A server and its folder; port and data stay the same across restarts.

    `ready` is the path that answers with success once the server is ready. As a context manager it runs
    during the block; an error that leaves the block names the log.
    """

    def __init__(self, folder: Path, name: str, ready: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / f"{name}.log"
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._name = name
        self._ready = f"{self.url}{ready}"
        self._process: ServerProcess | None = None

    def command(self) -> Sequence[str]:
        """The command line of the server."""
        raise NotImplementedError

    def start(self) -> None:
        """Start, and wait until the server is ready. It ends with this process."""
        self._process = start(self.command(), self.log, os.getpid())
        try:
            self._wait_until_ready()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """A clean stop; killed if that takes too long."""
        if self._process:
            self._process.end(STOP_TIMEOUT_S)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self._process:
            self._process.kill()

    def get(self, path: str, **params: str | float | Sequence[str]) -> httpx.Response:
        """The answer of a path. Raises HTTPStatusError if it is not a success."""
        return httpx.get(f"{self.url}{path}", params=params, timeout=30).raise_for_status()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if self._process is None or not self._process.running:
                raise ServerFailed(f"{self._name} ended", self.log)
            if time.monotonic() > deadline:
                raise ServerFailed(f"{self._name} is not ready after {START_TIMEOUT_S:.0f} s", self.log)
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(self._ready, timeout=2).is_success
        except httpx.TransportError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is not None:
            error.add_note(f"the log of {self._name}: {self.log}")
