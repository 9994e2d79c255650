"""Runs Tidemark's services in processes, started as a user would start them."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.commands import ROOT, TIDEMARK

START_S = 60
STOP_S = 30


@contextmanager
def run_service(command: str, folder: Path, **flags: str | int) -> Iterator[int]:
    """Run `tidemark COMMAND` with these flags during the block; yields the process id."""
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in flags.items()]
    printed = folder / f"{command}.log"
    with printed.open("wb") as file:
        process = subprocess.Popen([TIDEMARK, command, *arguments], cwd=ROOT, stdout=file, stderr=file)
    try:
        yield process.pid
    except Exception as error:
        error.add_note(f"output of tidemark {command}: {printed.read_text()[-1_000:]}")
        raise
    finally:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, limit_s: float = START_S) -> None:
    """Wait until the address answers with success. Raises TimeoutError."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        try:
            if httpx.get(url, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"{url}: no successful answer within {limit_s:g} s")


def pss_bytes(process_id: int) -> int:
    """The proportional set size: physical memory, with shared pages divided among their processes."""
    rollup = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii")
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024
