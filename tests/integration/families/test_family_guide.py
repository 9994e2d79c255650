"""The guide to adding a family, followed literally in a copy of the tree."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.examples import ROOT

pytestmark = pytest.mark.xdist_group("family-guide")

GUIDE = (ROOT / "docs/guides/adding-a-family.md").read_text("utf-8")
STEPS = re.findall(r"^`([^`\n]+)`\n\n```\w+\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
TABLE = "streams/families/__init__.py"
FOLDER = "streams/families/parking"
COPIED = ("streams", "services", "deploy", "seeds", "tidemark", "docs/reference", "tests/support")

LOOK = """
import asyncio, json
from pathlib import Path
from tests.support.folding import cells, fold, make_arrivals
from tests.support.events import IDENTITY
from tests.support.readers import at_once, exposition_of, follower_of, publish_updates
from tidemark.deploy.grafana.naming import list_names
from tidemark.services.exporter.rendering import build_exporter_reach
from tidemark.services.plan import read_plan
from tidemark.streams.contracts.civil import millis
from tidemark.streams.families.codec import decode
from tidemark.streams.families.definitions import FAMILY_NAMES, stale_after_ms
from tidemark.streams.ledger.fold import PartitionFold
from tidemark.streams.log.port import Update

example = json.loads(Path("seeds/examples/parking.counted.json").read_text())
event = decode(json.dumps(example | {"simulated": True}).encode())
now = millis(event.time)
ledger = PartitionFold(IDENTITY, 0)
ledger.fold(make_arrivals(event))
rows = ledger.drain_changes()

async def expose():
    follower = follower_of(await publish_updates(Update(0, rows, 0)), build_exporter_reach(), lambda: now)
    await follower.refresh(at_once)
    return exposition_of(follower, read_plan(), lambda: now, 5_000, "1.2.3", 2_000).render().decode()

exposed = asyncio.run(expose()).splitlines()
print(json.dumps({
    "cells": {
        "/".join(key): value for key, value in cells(fold(make_arrivals(event)), "parking.cars").items()
    },
    "exported": [line for line in exposed if line.startswith("tidemark_parking")],
    "fresh": [line for line in exposed if "newest_event_timestamp" in line and "parking" in line],
    "report": FAMILY_NAMES["parking"],
    "chart": list_names("family")["parking"],
    "stale_after_ms": stale_after_ms("parking"),
}))
"""


def run(tree: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(tree), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, *args]
    return subprocess.run(command, check=False, cwd=tree, env=env, capture_output=True, text=True)


def gather(tree: Path) -> str:
    """What goes wrong when the families are gathered; empty when nothing does."""
    return run(tree, "-c", "import tidemark.streams.families.definitions").stderr.strip()


def files(tree: Path) -> dict[str, str]:
    """Of each written file the text, generated references apart."""
    return {
        str(path.relative_to(tree)): path.read_text("utf-8", "replace")
        for top in ("streams", "services", "deploy", "seeds", "tests/support")
        for path in (tree / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the tree in which the guide's steps have been done."""
    tree = tmp_path_factory.mktemp("tree")
    for part in COPIED:
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, tree / part, symlinks=True, ignore=leave_out)
    for path, text in STEPS:
        if path == TABLE:
            table = (tree / path).read_text("utf-8")
            before, closing, after = table.rpartition("\n)\n")
            (tree / path).write_text(f"{before}\n{text.rstrip()}{closing}{after}", "utf-8")
        else:
            (tree / path).parent.mkdir(exist_ok=True)
            (tree / path).write_text(text, "utf-8")
    yield tree
    shutil.rmtree(tree)


def test_a_family_is_one_folder_one_line_and_its_examples(tree):
    before, after = files(ROOT), files(tree)
    touched = [path for path, text in after.items() if before.get(path) != text]
    assert sorted(touched) == sorted(path for path, _ in STEPS)
    folder = [path for path in touched if path.startswith(FOLDER)]
    examples = [path for path in touched if path.startswith("seeds/examples/parking.counted.")]
    assert (len(folder), len(examples), len(touched)) == (2, 3, 6)
    assert set(after[TABLE].splitlines()) - set(before[TABLE].splitlines()) == {'    "parking",'}
    assert len(after[TABLE].splitlines()) == len(before[TABLE].splitlines()) + 1


def test_its_events_are_folded_exported_and_named(tree):
    seen = run(tree, "-c", LOOK)
    assert seen.returncode == 0, seen.stderr
    what = json.loads(seen.stdout)
    assert what["cells"]["day/2026-03-14/mall.coco_park"] == [41, 6, 1]
    assert 'tidemark_parking_entered{period="today",place="mall.coco_park"} 41.0' in what["exported"]
    assert what["fresh"]
    assert what["report"] == ["停车", "Parking"]
    assert what["chart"] == "停车 · parking"
    assert what["stale_after_ms"] == 30 * 60_000


def test_its_references_are_generated(tree):
    command = "from tidemark.services.cli.app import main; main()"
    written = run(tree, "-c", command, "schemas", "write", "docs/reference")
    assert written.returncode == 0, written.stderr
    reference = tree / "docs/reference"
    assert "| `parking.cars` | place |" in (reference / "measures.md").read_text("utf-8")
    assert "tidemark.parking.counted.v1" in (reference / "events.md").read_text("utf-8")
    schema = json.loads((reference / "schemas/parking.counted.schema.json").read_text("utf-8"))
    assert schema["x-tidemark"]["key"] == "{garage_id}"


FORGOTTEN = [
    ("__init__.py", r"FAMILY = Family\(.*", "", "parking.*FAMILY"),
    ("definition.py", r'    name=Text\("停车", "Parking"\),\n', "", "family parking: definition: .*'name'"),
    ("definition.py", r'name=Text\("停车"', 'name=Text(""', "family parking: name: is empty in one language"),
    ("definition.py", r"    label=[^\n]*\n", "", "family parking: definition: .*'label'"),
    ("definition.py", r"    stale_after_ms=[^\n]*\n", "", "family parking: definition: .*'stale_after_ms'"),
    ("definition.py", r"30 \* MINUTE", "None", "family parking: stale_after_ms: is missing"),
    ("definition.py", r"adds=[^\n]*", "adds=None,", "family parking: adds: is missing"),
    (
        "definition.py",
        r'"permits", ONE',
        "ONE",
        "parking.cars: sums: has 2 parts for 3 components",
    ),
    ("definition.py", r"\(SUBJECT,\)", "()", "parking.cars: by: has 0 parts for 1 dimensions"),
    ("definition.py", r'"permits"', '"permitted"', "parking: .*parking.cars: .*permitted is not a field"),
    ("definition.py", r'"entered", "Cars', '"cars", "Cars', "parking: exports: .*cars is not a component"),
    (
        "__init__.py",
        r'by\("place"\)',
        '(entity("place"),)',
        "parking: exports: .*label place is not public",
    ),
    ("__init__.py", r'\("permits",\), "entered"', '("permitted",), "entered"', "parking: .*rules: permitted"),
    ("__init__.py", r'"garage_id",\)', '"garage",)', "parking: .*keyed_by: garage is not a field"),
    (
        "__init__.py",
        r"    measures=[^\n]*\n",
        "",
        "parking: measures: parking.cars is not listed",
    ),
    ("definition.py", r"\(Addition\([^\n]*", "()),),", "parking: adds: parking.cars is not both added to"),
    ("definition.py", r"ONE\)", "ONE), takes_if=()", "parking.cars: takes_if: is never reached"),
]


@pytest.mark.parametrize(("file", "pattern", "replacement", "message"), FORGOTTEN)
def test_what_is_forgotten_or_misspelt_is_named(tree, file, pattern, replacement, message):
    path = tree / FOLDER / file
    whole = path.read_text("utf-8")
    broken, count = re.subn(pattern, replacement, whole, flags=re.DOTALL)
    assert count == 1
    broken = broken.replace("by, counts", "by, counts, entity") if "entity(" in broken else broken
    path.write_text(broken, "utf-8")
    try:
        assert re.search(message, gather(tree).splitlines()[-1])
    finally:
        path.write_text(whole, "utf-8")


def test_a_family_without_its_definition_is_named(tree):
    path = tree / FOLDER / "definition.py"
    aside = path.rename(path.with_suffix(".aside"))
    try:
        assert "family parking: definition: " in gather(tree)
    finally:
        aside.rename(path)
    assert gather(tree) == ""
