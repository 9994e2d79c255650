"""`tidemark annotations sync` from a real log to a stand-in Grafana."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.grafana import StandInGrafana, stand_in_grafana
from tests.servers.grafana_store import Json
from tests.support.commands import succeed
from tests.support.events import envelope
from tests.support.folding import ms
from tests.support.indicator_readings import figure, publish_figures
from tests.support.publishing import sync
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.activity import FAMILY as ACTIVITY
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.codec import encode
from tidemark.streams.log import create_log
from tidemark.streams.log.port import Entry

pytestmark = pytest.mark.xdist_group("annotations")

NOW = datetime(2030, 11, 1, 4, tzinfo=UTC)
"""Later than the clock of any test run, so that the log's newest event determines the current time."""
IDENTITY = LogIdentity(partitions=1, content="simulated")


@pytest.fixture
def grafana(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInGrafana]:
    monkeypatch.setattr("tidemark.services.cli.annotations.sleep", lambda _seconds: None)
    with stand_in_grafana() as running:
        yield running


@pytest.fixture(scope="module")
def folded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A concert, a launch, a cancelled activity, one that ended before the plan, and a reached target."""
    folder = tmp_path_factory.mktemp("folded")
    append_and_fold(
        f"sqlite:///{folder}/x.db",
        activity("concert-1", NOW + timedelta(days=3)),
        activity("launch-1", NOW - timedelta(days=3), category="product_debut", venue_id="mall.coco_park"),
        activity("cancelled-1", NOW, status="cancelled"),
        activity("before-1", datetime(2025, 12, 1, tzinfo=UTC), status="ended"),
        unicorns(),
    )
    return folder


@pytest.fixture
def log(folded: Path, tmp_path: Path) -> str:
    """A copy of the folded log, to which a test may append."""
    shutil.copytree(folded, tmp_path / "log")
    return f"sqlite:///{tmp_path}/log/x.db"


def activity(name: str, starts: datetime, announced: datetime = NOW, **fields: str) -> Event:
    """A concert of three hours, unless `fields` give something else."""
    settings = {"category": "concert", "status": "planned", "venue_id": "venue.concert_hall"} | fields
    data = ActivityChanged(activity_id=name, starts=starts, ends=starts + timedelta(hours=3), **settings)  # type: ignore[arg-type]
    return envelope(ACTIVITY.types[0], f"{name} {announced.isoformat()}", announced, data.venue_id, data)


def unicorns() -> Event:
    """An official figure of unicorns that meets the target of 5."""
    fields = {"indicator_id": "unicorns", "unit": "count", "basis": "stock"}
    return publish_figures(figure("2030-09", "6", date(2030, 10, 31), **fields))[0]


def append_and_fold(url: str, *events: Event) -> None:
    """Append events at NOW, and fold them."""

    async def append() -> None:
        event_log = await create_log(url, IDENTITY, lambda: ms(NOW))
        try:
            entries = [Entry(0, encode(event), ms(NOW) + 1) for event in events]
            await event_log.append(Stream.FACTS, entries)
        finally:
            await event_log.close()

    asyncio.run(append())
    succeed("ledger", "--log", url, "--until-caught-up")


def by_text(grafana: StandInGrafana) -> dict[str, Json]:
    return {annotation["text"]: annotation for annotation in grafana.annotations.by_id.values()}


def test_activities_and_reached_targets_are_annotated_once(
    grafana: StandInGrafana, log: str, tmp_path: Path
) -> None:
    done = sync(grafana.url, log, tmp_path)
    assert done.exit_code == 0, done.output
    assert "3 added, 0 changed, 0 removed, 0 unchanged" in done.output
    annotations = by_text(grafana)
    concert = annotations["演唱会：深圳音乐厅 / Concert: Shenzhen Concert Hall (concert-1)"]
    starts = NOW + timedelta(days=3)
    assert (concert["time"], concert["timeEnd"]) == (ms(starts), ms(starts + timedelta(hours=3)))
    assert {"tidemark", "activity", "concert", "venue.concert_hall"} < set(concert["tags"])
    (reached,) = (each for each in annotations.values() if "target-reached" in each["tags"])
    assert reached["time"] == ms(datetime(2030, 10, 30, 16, tzinfo=UTC)), "the day of publication begins"
    grafana.calls.clear()
    done = sync(grafana.url, log, tmp_path)
    assert "0 added, 0 changed, 0 removed, 3 unchanged" in done.output
    assert grafana.writes() == []


def test_changed_activities_are_moved_and_cancelled_ones_removed(
    grafana: StandInGrafana, log: str, tmp_path: Path
) -> None:
    sync(grafana.url, log, tmp_path)
    later, starts = NOW + timedelta(seconds=30), NOW + timedelta(days=5)
    append_and_fold(
        log,
        activity("concert-1", starts, later),
        activity("launch-1", NOW, later, status="cancelled", category="product_debut"),
    )
    dry = json.loads(sync(grafana.url, log, tmp_path, "--dry-run", "--json").stdout)
    assert [change["action"] for change in dry["changes"]] == ["changed", "removed"]
    assert len(grafana.annotations.by_id) == 3
    assert "0 added, 1 changed, 1 removed, 1 unchanged" in sync(grafana.url, log, tmp_path).output
    annotations = by_text(grafana).values()
    (concert,) = (each for each in annotations if "concert" in each["tags"])
    assert concert["time"] == ms(starts)
    assert not any("product_debut" in each["tags"] for each in annotations)


def test_annotations_of_others_are_left_alone(grafana: StandInGrafana, log: str, tmp_path: Path) -> None:
    theirs = {"text": "roadworks", "tags": ["concert"], "time": 1}
    grafana.annotations.add(theirs)
    sync(grafana.url, log, tmp_path)
    sync(grafana.url, log, tmp_path)
    assert len(grafana.annotations.by_id) == 4
    assert by_text(grafana)["roadworks"]["tags"] == ["concert"]


@pytest.mark.parametrize("how", ["refuse", "cut", "cut after"])
def test_after_a_passing_failure_each_annotation_exists_once(
    grafana: StandInGrafana, log: str, tmp_path: Path, how: str
) -> None:
    grafana.fail("POST", "/api/annotations", how)  # type: ignore[arg-type]
    done = sync(grafana.url, log, tmp_path)
    assert done.exit_code == 0, done.output
    assert len(grafana.annotations.by_id) == len(by_text(grafana)) == 3


def test_after_a_lasting_failure_the_message_names_the_action(
    grafana: StandInGrafana, log: str, tmp_path: Path
) -> None:
    grafana.fail("POST", "/api/annotations", times=99)
    done = sync(grafana.url, log, tmp_path)
    assert done.exit_code == 1
    for word in ("adding the annotation", "500: Internal server error", "run the command again"):
        assert word in done.output


def test_a_log_without_activities_removes_no_annotation(
    grafana: StandInGrafana, log: str, tmp_path: Path
) -> None:
    sync(grafana.url, log, tmp_path)
    empty = f"sqlite:///{tmp_path}/empty/x.db"
    append_and_fold(empty, unicorns())
    assert "0 removed, 3 unchanged" in sync(grafana.url, empty, tmp_path).output
