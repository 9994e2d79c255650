"""Health, readiness, metrics and settings."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from tests.support.gateways import clock, footfall, gateway, limits, memory_log, send, send_batch
from tidemark.services.gateway.committer import Committer
from tidemark.services.gateway.load import Load
from tidemark.services.gateway.metrics import Metrics
from tidemark.services.gateway.routes import Readiness
from tidemark.services.http import Problem
from tidemark.streams.contracts.family import Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.log import engine_of
from tidemark.streams.log.errors import LogError
from tidemark.streams.log.memory import MemoryLog


async def test_a_running_gateway_is_alive_and_ready() -> None:
    async with gateway(memory_log()) as client:
        assert (await client.get("/health")).json() == {"status": "alive"}
        assert (await client.get("/ready")).json() == {"status": "ready"}


async def test_a_gateway_that_has_stopped_is_not_ready() -> None:
    load = Load(1, 1)
    readiness = Readiness(memory_log(), Committer(memory_log(), load, Metrics(load)), limits())
    with pytest.raises(Problem, match="committer"):
        await readiness.check()


async def test_a_log_that_does_not_answer_is_not_ready() -> None:
    class Silent(MemoryLog):
        async def ends(self, stream: Stream) -> list[int]:
            raise LogError("broken")

    async with gateway(Silent(LogIdentity(), clock)) as client:
        answer = await client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:tidemark:problem:not-ready"


async def test_too_little_disk_space_is_not_ready(tmp_path: Path) -> None:
    short = limits(min_free_bytes=2**63).model_copy(update={"log": f"sqlite:///{tmp_path}/x.db"})
    async with gateway(memory_log(), short) as client:
        answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["remedy"]) == (503, "free some space there")
    assert engine_of("kafka://host:9092").free_bytes() is None


async def test_metrics_count_what_became_of_events() -> None:
    async with gateway(memory_log()) as client:
        await send(client, footfall())
        await send_batch(client, [footfall(), footfall(entered=-1)])
        await send(client, b"{")
        text = (await client.get("/metrics")).text
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    prefix = "tidemark_gateway_"
    assert samples[f"{prefix}events_accepted_total", "footfall"] == 2
    assert samples[f"{prefix}events_rejected_total", "invalid"] == 1
    assert samples[f"{prefix}requests_refused_total", "malformed"] == 1
    assert samples[f"{prefix}requests_total", "structured"] == 2
    assert samples[f"{prefix}requests_total", "batch"] == 1
    assert samples[(f"{prefix}commit_seconds_count",)] == 2
    assert samples[(f"{prefix}queue_events",)] == 0
    assert samples[(f"{prefix}queue_bytes",)] == 0


@pytest.mark.parametrize(
    "values", [{"max_queue_bytes": 2**20}, {"max_queue_events": 10}, {"partitions": 0}, {"content": "other"}]
)
def test_settings_that_cannot_work_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        limits(**values)


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in type(limits()).model_fields.values())
