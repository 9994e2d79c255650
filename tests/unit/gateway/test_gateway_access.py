"""Tokens, sources and the loopback rule."""

import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.support.gateways import (
    NOW_MS,
    client_of,
    clock,
    density,
    footfall,
    gateway,
    limits,
    memory_log,
    read_stored,
    send,
    send_batch,
)
from tidemark.services.cli.sources import app as cli
from tidemark.services.gateway.access import is_loopback
from tidemark.services.gateway.app import check_exposure, create_app
from tidemark.services.gateway.sources import (
    Source,
    Sources,
    SourcesError,
    add_source,
    load_sources,
    remove_source,
)

TOKEN = "a-token-of-this-test"  # noqa: S105
NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)


def sources(source_id: str = "/counters/", **values: Any) -> Sources:
    token_hash = hashlib.sha256(TOKEN.encode()).hexdigest()
    return Sources([Source(source_id, ("footfall",), token_hash, **values)])


async def test_a_source_sends_with_its_token() -> None:
    async with gateway(memory_log(), sources=sources()) as client:
        answer = await send(client, footfall(), authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 202


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"authorization": f"Basic {TOKEN}"}])
async def test_without_a_known_token_nothing_is_taken(headers: dict[str, str]) -> None:
    log = memory_log()
    async with gateway(log, sources=sources()) as client:
        answer = await send(client, footfall(), **headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["field"] == "authorization"
    assert answer.json()["remedy"]
    assert await read_stored(log) == []


@pytest.mark.parametrize(("left_ms", "status"), [(1, 202), (0, 401), (-1, 401)])
async def test_a_token_expires_at_its_time(left_ms: int, status: int) -> None:
    ends = sources(valid_until=NOW + timedelta(milliseconds=left_ms))
    async with gateway(memory_log(), sources=ends) as client:
        answer = await send(client, footfall(), authorization=f"Bearer {TOKEN}")
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("source_id", "event_source", "own"),
    [
        ("/counters/", "/counters/gw-03", True),
        ("/counters/", "/counters", False),
        ("/counters", "/counters/gw-03", False),
        ("/shops/a", "/shops/a", True),
        ("/shops/a", "/shops/ab", False),
    ],
)
async def test_a_source_sends_only_as_itself(source_id: str, event_source: str, own: bool) -> None:
    async with gateway(memory_log(), sources=sources(source_id)) as client:
        answer = await send(client, footfall(source=event_source), authorization=f"Bearer {TOKEN}")
    assert answer.status_code == (202 if own else 403)
    assert own or answer.json()["field"] == "source"


async def test_in_a_batch_each_event_is_judged_by_its_source_and_family() -> None:
    batch = [footfall("ok"), footfall("other", source="/shops/a"), density("family")]
    async with gateway(memory_log(), sources=sources()) as client:
        answer = await send_batch(client, batch, authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 207
    refused = [verdict["problem"] for verdict in answer.json()["verdicts"][1:]]
    assert [(problem["status"], problem["field"]) for problem in refused] == [(403, "source"), (403, "type")]


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 202), ("::1", 202), ("10.1.2.3", 403)])
async def test_without_sources_only_this_machine_is_served(host: str, status: int) -> None:
    app = create_app(memory_log(), limits(), Sources(), clock)
    async with client_of(app, host) as client:
        answer = await send(client, footfall(), **{"x-forwarded-for": "127.0.0.1"})
    assert answer.status_code == status
    assert status == 202 or "TIDEMARK_SOURCES" in answer.json()["remedy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8080", 202),
        ("127.0.0.1", 202),
        ("[::1]:8080", 202),
        ("example.org", 403),
        ("[::1", 202),
        ("", 403),
    ],
)
async def test_without_sources_the_host_named_is_this_machine(host: str, status: int) -> None:
    async with gateway(memory_log()) as client:
        answer = await send(client, footfall(), host=host)
        assert answer.status_code == status
        assert status == 202 or answer.json()["field"] == "host"
        assert (await client.get("/nowhere", headers={"host": host})).status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "localhost"])
def test_loopback_addresses_are_recognised(host: str) -> None:
    assert is_loopback(host)
    check_exposure(host, Sources())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.4", "::ffff:10.0.0.1", "example.org", ""])  # noqa: S104
def test_an_address_that_others_reach_needs_sources(host: str) -> None:
    with pytest.raises(SourcesError, match="TIDEMARK_SOURCES"):
        check_exposure(host, Sources())
    check_exposure(host, sources())


def test_a_source_is_added_found_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sources.toml"
    until = NOW + timedelta(days=1)
    token = add_source(path, '/a"\\花/', ["footfall", "sensor"], until)
    other = add_source(path, "/b", ["refund"])
    loaded = load_sources(path)
    source = loaded.find(token, NOW_MS)
    assert source is not None
    assert (source.id, source.families, source.valid_until) == ('/a"\\花/', ("footfall", "sensor"), until)
    assert token not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    remove_source(path, '/a"\\花/')
    assert load_sources(path).find(token, NOW_MS) is None
    assert load_sources(path).find(other, NOW_MS) is not None
    assert [entry.name for entry in path.parent.iterdir()] == ["sources.toml"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[source]]\nid = ", "sources.toml"),
        ('[[source]]\nid = "/a"\nfamilies = ["weather"]\ntoken_sha256 = "00"', "families"),
        ('[[source]]\nid = "/a"\nfamilies = ["crowd"]\ntoken_sha256 = "00"', "token_sha256"),
        ('[[source]]\nid = ""\nfamilies = ["crowd"]\ntoken_sha256 = "00"', "id"),
        ('[[sources]]\nid = "/a"', "sources"),
    ],
)
def test_an_invalid_file_is_refused_with_the_reason(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text)
    with pytest.raises(SourcesError, match=problem):
        load_sources(path)


def test_a_missing_file_and_a_second_use_of_an_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    with pytest.raises(SourcesError, match="TIDEMARK_SOURCES"):
        load_sources(path)
    add_source(path, "/a", ["crowd"])
    with pytest.raises(SourcesError, match="share an id"):
        add_source(path, "/a", ["crowd"])
    with pytest.raises(SourcesError, match="has no source"):
        remove_source(path, "/b")


def test_the_example_file_is_a_sources_file() -> None:
    assert len(load_sources(Path(__file__).parents[3] / "seeds" / "sources.toml").all) == 2


def test_the_command_line_prints_a_token_once(tmp_path: Path) -> None:
    run, file = CliRunner(), ["--file", str(tmp_path / "sources.toml")]
    added = run.invoke(cli, ["add", "/a", "--family", "crowd", *file])
    token = added.stdout.strip()
    listed = run.invoke(cli, ["list", *file])
    assert load_sources(tmp_path / "sources.toml").find(token, NOW_MS) is not None
    assert "/a" in listed.stdout
    assert token not in listed.stdout
    assert run.invoke(cli, ["add", "/a", "--family", "crowd", *file]).exit_code == 2
    assert run.invoke(cli, ["add", "/b", "--family", "crowd", "--valid-until", "x", *file]).exit_code == 2
    assert run.invoke(cli, ["remove", "/a", *file]).exit_code == 0
    assert run.invoke(cli, ["remove", "/a", *file]).exit_code == 2
