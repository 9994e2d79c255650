"""Lines of the report, rendered as a table or as JSON."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

import apsw
import msgspec
from rich.table import Table


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure, its target, and the floor it is compared with.

    `floor`: the figure of the same machine and run without our part, in the same unit, described
    by `floor_of`. `runs`: the number of runs of which the figure is the median.
    """

    what: str
    figure: float
    unit: str
    runs: int = 1
    floor: float | None = None
    floor_of: str = ""
    at_least: float | None = None
    at_most: float | None = None
    ratio_at_least: float | None = None

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of the floor."""
        return self.figure / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        """Whether every target is met; None without a target."""
        checks = [
            self.at_least is None or self.figure >= self.at_least,
            self.at_most is None or self.figure <= self.at_most,
            self.ratio_at_least is None or (self.ratio or 0) >= self.ratio_at_least,
        ]
        return all(checks) if self.target else None

    @property
    def target(self) -> str:
        """The target as text."""
        parts = [
            f"{sign} {number(bound)}"
            for sign, bound in (("≥", self.at_least), ("≤", self.at_most))
            if bound is not None
        ]
        if self.ratio_at_least is not None:
            parts.append(f"≥ {self.ratio_at_least:g} × floor")
        return ", ".join(parts)


def number(value: float) -> str:
    """Format with at least three significant digits, thousands separated."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(lines: Sequence[Line]) -> Table:
    """All lines, with the machine in the caption."""
    shown = Table(title="Tidemark bench", caption=", ".join(f"{k} {v}" for k, v in machine().items()))
    shown.add_column("what")
    shown.add_column("figure", justify="right", no_wrap=True)
    shown.add_column("unit")
    shown.add_column("floor", justify="right")
    shown.add_column("ratio", justify="right")
    shown.add_column("target")
    shown.add_column("met")
    for line in lines:
        runs = f" (median of {line.runs})" if line.runs > 1 else ""
        floor = f"{number(line.floor)} {line.floor_of}" if line.floor is not None else ""
        ratio = f"{line.ratio:.3g}" if line.ratio is not None else ""
        met = {True: "[green]yes[/green]", False: "[red bold]NO[/red bold]", None: ""}[line.met]
        shown.add_row(f"{line.what}{runs}", number(line.figure), line.unit, floor, ratio, line.target, met)
    return shown


def document(lines: Sequence[Line]) -> bytes:
    """All lines and the machine as JSON."""
    entries = [
        msgspec.to_builtins(line) | {"ratio": line.ratio, "target": line.target, "met": line.met}
        for line in lines
    ]
    return msgspec.json.format(msgspec.json.encode({"lines": entries, "machine": machine()}), indent=2)


def machine() -> dict[str, str]:
    """The hardware and versions that the figures depend on."""
    memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory_bytes / 2**30:.0f} GiB",
        "Python": platform.python_version(),
        "SQLite": apsw.sqlite_lib_version(),
        "msgspec": version("msgspec"),
    }
