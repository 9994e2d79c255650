"""`tidemark topics apply`: makes what is missing, checks what is there, touches nothing else."""

import json

import pytest

from tests.support.commands import succeed, tidemark
from tests.support.kafka_logs import administered_at, clock, fold
from tests.support.log_engines import kafka_url
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import engine_of
from tidemark.streams.log.engine import Topic
from tidemark.streams.log.errors import LogExists, LogMissing, TopicsDiffer
from tidemark.streams.log.kafka.address import parse_kafka
from tidemark.streams.log.kafka.admin import change_settings

IDENTITY = LogIdentity(partitions=2)
MADE = ["facts", "signals", "control", "state.1", "dead.1"]
APPLY = ("topics", "apply", "--partitions", "2", "--log")


@pytest.fixture
def url(kafka: str) -> str:
    return kafka_url(kafka)


async def test_a_dry_run_says_what_would_be_made_and_makes_nothing(url: str) -> None:
    told = json.loads(succeed(*APPLY, url, "--dry-run", "--json"))
    address = parse_kafka(url)
    assert told["dry_run"] is True
    assert [topic["name"] for topic in told["made"]] == [address.topic(name) for name in MADE]
    async with administered_at(url) as topics:
        assert not [name for name in await topics.names() if name.startswith(address.name)]


async def test_topics_are_made_once_and_found_as_they_must_be(url: str) -> None:
    made = json.loads(succeed(*APPLY, url, "--json"))["made"]
    assert {
        topic["name"].removeprefix(parse_kafka(url).name + "."): topic["partitions"] for topic in made
    } == {
        **dict.fromkeys(MADE, 2),
        "control": 1,
    }
    assert made[0]["settings"]["message.timestamp.type"] == "LogAppendTime"
    assert "with the right settings" in succeed(*APPLY, url)


async def test_a_topic_that_is_gone_is_made_again_beside_the_others(url: str) -> None:
    address = parse_kafka(url)
    await engine_of(url).apply_topics(IDENTITY)
    async with administered_at(url) as topics:
        await topics.delete([address.topic("signals")])
    assert [topic.name for topic in await engine_of(url).apply_topics(IDENTITY)] == [address.topic("signals")]


DIFFERING = [
    ("facts", "retention.ms", "604800000", "not -1"),
    ("facts", "cleanup.policy", "compact", "not delete"),
    ("facts", "message.timestamp.type", "CreateTime", "not LogAppendTime"),
    ("signals", "retention.ms", "1000", "not 604800000"),
    ("state.1", "cleanup.policy", "delete", "not compact"),
    ("control", "cleanup.policy", "compact,delete", "not compact"),
]


@pytest.mark.parametrize(("what", "setting", "value", "instead"), DIFFERING)
async def test_a_topic_with_another_setting_is_refused_with_what_differs(
    url: str, what: str, setting: str, value: str, instead: str
) -> None:
    address = parse_kafka(url)
    await engine_of(url).apply_topics(IDENTITY)
    await change_settings(address, [address.topic(what)], {setting: value})
    with pytest.raises(TopicsDiffer, match=f"{what}: {setting} is {value}, {instead}"):
        await engine_of(url).apply_topics(IDENTITY)


async def test_topics_of_another_number_of_partitions_end_with_1_and_all_are_named(url: str) -> None:
    address = parse_kafka(url)
    async with administered_at(url) as topics:
        await topics.create([Topic(address.topic(what), 3, {}) for what in ("facts", "signals")])
    done = tidemark(*APPLY, url)
    told = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "facts: has 3 partitions, not 2" in told
    assert "signals: has 3 partitions, not 2" in told
    assert "facts: message.timestamp.type is CreateTime" in told
    async with administered_at(url) as topics:
        assert address.topic("control") not in await topics.names()


@pytest.mark.parametrize(
    "other",
    [LogIdentity("luohu", partitions=2), LogIdentity(zone="Europe/Dublin", partitions=2)],
    ids=["district", "zone"],
)
async def test_a_log_made_for_something_else_is_refused(url: str, other: LogIdentity) -> None:
    await engine_of(url).apply_topics(IDENTITY)
    for dry_run in (False, True):
        with pytest.raises(LogExists, match="of futian, zone Asia/Shanghai, 2 partitions"):
            await engine_of(url).apply_topics(other, dry_run=dry_run)


async def test_the_command_ends_with_2_for_a_log_made_for_something_else(url: str) -> None:
    await engine_of(url).apply_topics(IDENTITY)
    done = tidemark(*APPLY, url, "--district", "luohu")
    assert done.returncode == 2
    assert "holds a log of real events of futian" in " ".join(done.stderr.split())


async def test_creating_that_was_cut_short_is_finished_by_applying_again(url: str) -> None:
    async with administered_at(url) as topics:
        await topics.create((await engine_of(url).apply_topics(IDENTITY, dry_run=True))[:3])
    with pytest.raises(LogMissing, match="tidemark topics apply"):
        await engine_of(url).open_log(clock)
    assert len(await engine_of(url).apply_topics(IDENTITY)) == 2
    await fold(url)
