"""Each contract of import-linter catches a forbidden import, and engines are imported only when used."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import ROOT
from tests.support.import_graph import import_graph, is_kept

pytestmark = pytest.mark.xdist_group("imports")

LOG = "tidemark.streams.log"
CROSSINGS = {
    "An engine is known to streams.log alone, and to the tests of its inside": [
        ("tidemark.services.cli.topics", f"{LOG}.kafka.topics"),
        ("tidemark.deploy.kafka.acls", f"{LOG}.kafka.address"),
        ("tidemark.streams.ledger.worker", f"{LOG}.sqlite"),
        ("tests.support.ledgers", f"{LOG}.sqlite.log"),
    ],
    "Engines know nothing of each other": [(f"{LOG}.kafka.log", f"{LOG}.sqlite.schema")],
    "The clients of Kafka are used by its engine alone": [
        ("tidemark.services.cli.app", "aiokafka"),
        ("tidemark.deploy.kafka.acls", "confluent_kafka"),
    ],
    "The library of SQLite is used by the storage and by the engine upon it": [
        ("tidemark.services.notifier.outbox", "apsw"),
        (f"{LOG}.copying", "apsw"),
    ],
    "The library of retries is used in one place": [
        ("tidemark.services.ledger.app", "tenacity"),
        (f"{LOG}.kafka.client", "tenacity"),
    ],
    "The storage knows nothing of what is kept in it": [
        ("tidemark.streams.storage.files", f"{LOG}.errors"),
        ("tidemark.streams.storage.files", "tidemark.streams.contracts.family"),
    ],
    "The view and the ledger know nothing of each other": [
        ("tidemark.streams.view.follower", "tidemark.streams.ledger.fold"),
        ("tidemark.streams.ledger.fold", "tidemark.streams.view.follower"),
    ],
}


@pytest.mark.parametrize("name", CROSSINGS)
def test_an_import_across_a_boundary_breaks_its_contract(name: str) -> None:
    assert is_kept(name, import_graph())
    for importer, imported in CROSSINGS[name]:
        crossed = import_graph()
        crossed.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
        assert not is_kept(name, crossed), f"{importer} imports {imported}, and the contract still holds"


IMPORTED = ""
KAFKA = "streams.log.engine_of('kafka://host:9092')"
RIGHTS = """
import contextlib
with contextlib.suppress(streams.log.errors.RightsInvalid):
    asyncio.run(streams.log.engine_of("kafka://host:9092").apply_rights({"part": {"unheard of": [""]}}, True))
"""
SQLITE = """
async def use():
    log = await streams.log.create_log(url, LogIdentity(), lambda: 0, 0)
    state = await streams.log.engine_of(url).open_state_writer()
    await state.close()
    await log.close()

asyncio.run(use())
"""


@pytest.mark.parametrize(
    ("use", "library"),
    [
        (IMPORTED, "aiokafka"),
        (IMPORTED, "apsw"),
        (SQLITE, "aiokafka"),
        (KAFKA, "apsw"),
        (KAFKA, "confluent_kafka"),
    ],
)
def test_the_library_of_an_engine_that_is_not_used_is_not_imported(
    tmp_path: Path, use: str, library: str
) -> None:
    assert library not in modules_after(use, tmp_path)


@pytest.mark.parametrize(
    ("use", "library"), [(SQLITE, "apsw"), (KAFKA, "aiokafka"), (RIGHTS, "confluent_kafka")]
)
def test_the_library_of_an_engine_that_is_used_is_seen(tmp_path: Path, use: str, library: str) -> None:
    """The negative control."""
    assert library in modules_after(use, tmp_path)


def modules_after(use: str, folder: Path) -> set[str]:
    """The modules loaded in a new process that has imported the log and used it."""
    script = f"""
import asyncio, sys
from tidemark import streams
import tidemark.streams.log
from tidemark.streams.contracts.identity import LogIdentity
url = "sqlite:///{folder}/x.db"
{use}
print(*sys.modules)
"""
    return set(subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True).split())
