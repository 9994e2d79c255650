"""Checking metrics with promtool."""

import subprocess

from tests.servers.require import program


def check_metrics(text: bytes) -> tuple[int, str]:
    """The exit code and the output of `promtool check metrics`."""
    done = subprocess.run(
        [program("promtool"), "check", "metrics"], input=text, capture_output=True, timeout=30, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()
