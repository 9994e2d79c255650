"""What the long run says at its end, besides passed and failed."""

import re

import pytest

CAUGHT = re.compile(r"(_caught|_found_by_verify)(\[|$)")
"""How tests are named that break a guarantee on purpose and see it noticed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome, words in (("passed", "caught"), ("failed", "NOT caught")):
        names = [report.nodeid.rpartition("::")[2] for report in terminalreporter.stats.get(outcome, [])]
        controls = [name for name in names if CAUGHT.search(name)]
        if controls:
            terminalreporter.section(f"negative controls {words}: {len(controls)}")
            terminalreporter.write_line("\n".join(controls))
