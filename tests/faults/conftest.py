"""The summary of the negative controls at the end of a run."""

import re

import pytest

CAUGHT = re.compile(r"(_caught|_found_by_verify)(\[|$)")
"""The names of tests that break a guarantee on purpose and check that it is noticed."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome, words in (("passed", "caught"), ("failed", "NOT caught")):
        names = [report.nodeid.rpartition("::")[2] for report in terminalreporter.stats.get(outcome, [])]
        controls = [name for name in names if CAUGHT.search(name)]
        if controls:
            terminalreporter.section(f"negative controls {words}: {len(controls)}")
            terminalreporter.write_line("\n".join(controls))
