"""Resource usage of a peer's processes."""

import os
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """Usage of a process and its descendants so far: peak physical memory and CPU seconds."""

    peak_bytes: int
    cpu_s: float

    def at_least(self, before: "Usage") -> "Usage":
        """The greater of both: the usage of a process that has ended is no longer visible."""
        return Usage(max(self.peak_bytes, before.peak_bytes), max(self.cpu_s, before.cpu_s))


def read_usage(process_id: int) -> Usage:
    """Of the processes that run at this moment, added up; zeros when they have ended."""
    tree = _tree(process_id)
    return Usage(sum(map(_high_water_bytes, tree)), sum(map(_cpu_s, tree)))


def _tree(process_id: int) -> list[int]:
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    members = [process_id]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def _parent(process: Path) -> int:
    fields = _stat(process)
    return int(fields[1]) if fields else 0


def _cpu_s(process_id: int) -> float:
    fields = _stat(Path(f"/proc/{process_id}"))
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _stat(process: Path) -> list[str]:
    """The fields of proc(5)'s stat after the name, from the state on; empty when it has ended."""
    try:
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _high_water_bytes(process_id: int) -> int:
    try:
        status = Path(f"/proc/{process_id}/status").read_text(errors="replace")
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((int(line[1]) * 1024 for line in lines), 0)
