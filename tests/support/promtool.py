"""What promtool says of metrics."""

import subprocess

from tests.servers.require import program


def check_metrics(text: bytes) -> tuple[int, str]:
    """The status of `promtool check metrics`, and its complaints."""
    done = subprocess.run(
        [program("promtool"), "check", "metrics"], input=text, capture_output=True, timeout=30, check=False
    )
    return done.returncode, (done.stdout + done.stderr).decode()
