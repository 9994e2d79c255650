"""The commands an operator types, on a small log: totals, explain, dead letters, rebuild, backup."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.support.commands import succeed, tidemark
from tests.support.events import change_of, envelope
from tests.support.folding import NOON, ms
from tidemark.streams.contracts.envelope import key_of
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families.codec import decode, encode
from tidemark.streams.families.footfall import FAMILY, FootfallCounted
from tidemark.streams.log import create_log, engine_of
from tidemark.streams.log.port import Entry

pytestmark = pytest.mark.xdist_group("commands")

IDENTITY = LogIdentity(partitions=4, content="simulated")
CELL = ("footfall.place", "day", "2026-03-10", "mall.a")
WHOLE = encode(envelope(FAMILY.types[0], "bad", NOON, "mall.a", FootfallCounted("s1", NOON, 60, 5, 0)))
BROKEN = WHOLE.replace(b'"entered":5', b'"entered":-5')


def counts() -> list[bytes]:
    """Three counts of 10, 20 and 30 at one place by two sensors; the second is corrected to 25."""
    events = [
        envelope(FAMILY.types[0], f"e{n}", NOON, "mall.a", FootfallCounted(f"s{n % 2}", NOON, 60, 10 * n, 1))
        for n in (1, 2, 3)
    ]
    corrected = FootfallCounted("s0", NOON, 60, 25, 1)
    return [encode(event) for event in (*events, change_of(events[1], "c", corrected))]


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log of the counts, one of them twice, and a broken record; folded."""
    folder = tmp_path_factory.mktemp("folded")
    url = f"sqlite:///{folder}/x.db"
    asyncio.run(_fill(url))
    succeed("ledger", "--log", url, "--until-caught-up")
    return folder


@pytest.fixture
def log(folded: Path, tmp_path: Path) -> str:
    """A copy of it, to be changed."""
    shutil.copytree(folded, tmp_path / "log")
    return f"sqlite:///{tmp_path}/log/x.db"


async def _fill(url: str) -> None:
    events = await create_log(url, IDENTITY, lambda: ms(NOON) + 90_000, min_free_bytes=0)
    raws = counts()
    entries = [Entry(partition_of(key_of(decode(raw)), 4), raw) for raw in (*raws, raws[0])]
    await events.append(Stream.FACTS, [*entries, Entry(partition_of("s1", 4), BROKEN)])
    await events.close()


def test_totals_shows_what_the_events_add_up_to(log: str) -> None:
    lines = json.loads(succeed("totals", "--log", log, "--measure", "footfall.place", "--json"))
    assert lines == [
        {
            "measure": "footfall.place",
            "group": {},
            "values": {"entered": 65, "exited": 3, "windows": 3, "seconds": 180},
        }
    ]


def test_totals_can_be_broken_down_and_limited_to_a_period(log: str) -> None:
    arguments = ("totals", "--log", log, "--measure", "footfall.sensor", "--by", "sensor", "--json")
    lines = json.loads(succeed(*arguments, "--period", "2026-03-10"))
    assert [(line["group"], line["values"]["entered"]) for line in lines] == [
        ({"sensor": "s0"}, 25),
        ({"sensor": "s1"}, 40),
    ]
    assert json.loads(succeed(*arguments, "--period", "2026-03-11")) == []


def test_explain_lists_the_events_of_a_cell_and_proves_that_they_add_up(log: str) -> None:
    explained = json.loads(succeed("explain", *CELL, "--log", log, "--json"))
    assert {(event["id"], event["op"], event["adds"][0]) for event in explained["events"]} == {
        ("e1", "create", 10),
        ("e2", "create", 20),
        ("e3", "create", 30),
        ("c", "correct", 5),
    }
    assert explained["total"] == explained["published"] == [65, 3, 3, 180]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("--period", "2026-13"), "--period"),
        (("--period", "2"), "--period"),
        (("--by", "nonsense"), "--by"),
        (("--measure", "nonsense"), "--measure"),
        (("--log", "sqlite:///nowhere/none.db"), "tidemark log create"),
    ],
)
def test_totals_says_what_is_wrong_with_a_question(log: str, arguments: tuple[str, ...], field: str) -> None:
    done = tidemark("totals", "--log", log, *arguments)
    assert done.returncode == 2
    assert field in " ".join(done.stderr.split())


def test_explain_compares_with_what_is_published_though_the_log_goes_on(log: str) -> None:
    asyncio.run(_append_one_more(log))
    assert "adds up" in succeed("explain", *CELL, "--log", log)


def test_an_unknown_zone_is_refused_before_a_log_is_created(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/mars.db"
    done = tidemark("log", "create", "--log", url, "--zone", "Mars/Olympus")
    assert done.returncode == 2
    assert "zone" in done.stderr
    assert not (tmp_path / "mars.db").exists()


def test_explain_of_a_cell_without_events_says_so_and_fails(log: str) -> None:
    done = tidemark("explain", "footfall.place", "day", "2026-03-11", "mall.a", "--log", log)
    assert done.returncode == 1
    assert "no data: nothing is published" in done.stdout


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("footfall.nothing", "day", "2026-03-10", "mall.a"), "MEASURE GRAIN PERIOD"),
        (("footfall.place", "day", "2026-03-10"), "place"),
        (("footfall.sensor", "month", "2026-03", "mall.a", "s1"), "kept by day"),
    ],
)
def test_a_cell_that_cannot_be_is_wrong_use_with_the_remedy(log: str, words, remedy: str) -> None:
    done = tidemark("explain", *words, "--log", log)
    assert done.returncode == 2
    assert remedy in " ".join(done.stderr.split())


def test_verify_without_a_truth_folds_the_log_again_and_finds_0_differences(log: str) -> None:
    assert "0 differences" in succeed("verify", "--log", log)


def test_verify_says_how_far_the_totals_are_behind(log: str) -> None:
    asyncio.run(_append_one_more(log))
    done = tidemark("verify", "--log", log)
    assert done.returncode == 1
    assert "position partition" in done.stdout


async def _append_one_more(url: str) -> None:
    events = await engine_of(url).open_log(lambda: ms(NOON) + 90_000, min_free_bytes=0)
    more = envelope(FAMILY.types[0], "more", NOON, "mall.a", FootfallCounted("s1", NOON, 60, 40, 0))
    await events.append(Stream.FACTS, [Entry(partition_of("s1", 4), encode(more))])
    await events.close()


def test_rebuild_makes_the_same_totals_again(log: str) -> None:
    before = succeed("totals", "--log", log, "--json")
    succeed("rebuild", "--log", log)
    assert succeed("totals", "--log", log, "--json") == before
    assert "0 differences" in succeed("verify", "--log", log)


def test_a_dead_letter_is_listed_repaired_and_sent_again_once(log: str, tmp_path: Path) -> None:
    (letter,) = json.loads(succeed("dead-letters", "list", "--log", log, "--json"))
    assert letter["reason"] == "invalid"
    assert "data.entered" in letter["detail"]
    assert '"entered":-5' in succeed("dead-letters", "show", letter["at"], "--log", log)

    repaired = tmp_path / "repaired.json"
    repaired.write_bytes(WHOLE)
    resend = ("dead-letters", "resend", letter["at"], "--log", log, "--edited", repaired)
    assert "would be appended" in succeed(*resend, "--dry-run")
    assert "was appended" in succeed(*resend)
    refused = tidemark(*resend)
    assert refused.returncode == 2
    assert "was already resent at" in refused.stderr

    succeed("ledger", "--log", log, "--until-caught-up")
    lines = json.loads(succeed("totals", "--log", log, "--measure", "footfall.place", "--json"))
    assert lines[0]["values"]["entered"] == 70


def test_resending_what_is_still_broken_is_refused_with_field_and_remedy(log: str) -> None:
    (letter,) = json.loads(succeed("dead-letters", "list", "--log", log, "--json"))
    done = tidemark("dead-letters", "resend", letter["at"], "--log", log)
    assert done.returncode == 2
    assert "data.entered" in done.stderr


def test_a_backup_restored_elsewhere_verifies(log: str, tmp_path: Path) -> None:
    succeed("backup", tmp_path / "copy", "--log", log)
    other = f"sqlite:///{tmp_path}/other.db"
    succeed("restore", tmp_path / "copy", "--log", other)
    assert succeed("totals", "--log", other, "--json") == succeed("totals", "--log", log, "--json")
    assert "0 differences" in succeed("verify", "--log", other)


def test_restore_does_not_overwrite_a_log_unasked(log: str, tmp_path: Path) -> None:
    succeed("backup", tmp_path / "copy", "--log", log)
    done = tidemark("restore", tmp_path / "copy", "--log", log)
    assert done.returncode == 2
    assert "--replace" in done.stderr or "replaced" in done.stderr


def test_a_missing_log_is_wrong_use_with_the_command_that_makes_one(tmp_path: Path) -> None:
    done = tidemark("ledger", "--log", f"sqlite:///{tmp_path}/none.db", "--until-caught-up")
    assert done.returncode == 2
    assert "tidemark log create" in " ".join(done.stderr.split())


def test_log_create_then_show(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    succeed("log", "create", "--log", url, "--zone", "Australia/Melbourne", "--partitions", "3")
    shown = json.loads(succeed("log", "show", "--log", url, "--json"))
    assert (shown["zone"], shown["partitions"], shown["facts"]) == ("Australia/Melbourne", 3, 0)


@pytest.mark.parametrize("command", [(), ("dead-letters",), ("log",), ("sources",), ("gateway",), ("demo",)])
def test_help_explains_every_command(command: tuple[str, ...]) -> None:
    assert "Usage" in succeed(*command, "--help")
