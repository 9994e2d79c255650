"""Starting `log_child` and reading what it acknowledged."""

import asyncio
import sys
from pathlib import Path
from typing import NamedTuple

_LIMIT_S = 60


class Ended(NamedTuple):
    status: int
    acknowledged: int
    errors: str


async def run_child(what: str, path: Path, writer: str, repeats: int, *death: str) -> Ended:
    """Run a child to its end; `death` is the step and its occurrence, or nothing."""
    arguments = (what, str(path), writer, str(repeats), *death)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.log_child",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), _LIMIT_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    status = process.returncode
    assert status is not None
    return Ended(status, len(output.split()), errors.decode())
