"""docker-compose.yml against the schema of the Compose specification, which check-jsonschema contains."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.compose import FILE


def validate_schema(file: Path) -> str:
    """The schema's errors in a file; empty if it is valid."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_compose_file_is_valid() -> None:
    assert validate_schema(FILE) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("read_only: true", "readonly: true"),
        ("service_healthy", "service_healty"),
        ("start_interval: 1s", "start_intervals: 1s"),
        ("limits:", "limit:"),
        ("secrets: [sources]", "secrets: sources"),
    ],
)
def test_the_schema_finds_what_is_misspelt(tmp_path: Path, right: str, wrong: str) -> None:
    text = FILE.read_text("utf-8")
    assert right in text
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(text.replace(right, wrong), "utf-8")
    assert validate_schema(misspelt)
