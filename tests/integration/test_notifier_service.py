"""The notifier as a service: `tidemark notifier`'s own wiring, with a real channel."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.servers.ports import free_port
from tests.support.alerts import alert, webhook
from tests.support.channels import Heard, open_channel
from tests.support.commands import succeed
from tidemark.services.notifier.app import serve
from tidemark.services.notifier.channels import AUDIENCES
from tidemark.services.notifier.outbox import Limits, Outbox
from tidemark.services.notifier.settings import NotifierSettings
from tidemark.streams.storage import ignore_step

# Apprise looks for a module that Python is about to drop, once, when it loads its services.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

SECRET = "correct horse battery staple"  # noqa: S105 - of these tests alone
HEADERS = {"Authorization": f"Bearer {SECRET}"}


@asynccontextmanager
async def run_notifier(
    folder: Path, heard: Heard, max_messages: int = 100
) -> AsyncIterator[httpx.AsyncClient]:
    (folder / "secret").write_text(SECRET)
    audiences = ", ".join(f'"{audience}"' for audience in AUDIENCES)
    channel = f'[[channel]]\nname = "duty"\naudiences = [{audiences}]\nurl = "{heard.url}"\n'
    (folder / "channels.toml").write_text(channel)
    port = free_port()
    settings = NotifierSettings(
        notifier_port=port,
        notifier_outbox=folder / "outbox.db",
        notifier_secret_file=folder / "secret",
        notifier_channels=folder / "channels.toml",
        notifier_window_s=0,
        notifier_max_messages=max_messages,
    )
    serving = asyncio.create_task(serve(settings))
    transport = httpx.AsyncHTTPTransport(retries=8)
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", transport=transport, headers=HEADERS, timeout=20
        ) as client:
            await client.get("/ready")
            yield client
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def test_alerts_reach_the_channel_and_their_end_follows_once(tmp_path: Path) -> None:
    with open_channel() as heard:
        async with run_notifier(tmp_path, heard) as client:
            for _ in range(2):
                answer = await client.post("/alerts", json=webhook(alert()))
                assert answer.json() == {"received": 1}
            await asyncio.to_thread(heard.wait_for, 1)
            await client.post("/alerts", json=webhook(alert(status="resolved")))
            await asyncio.to_thread(heard.wait_for, 2)
        assert [title for title, _ in heard.messages] == [
            "【严重】口岸退税验核缓慢",
            "【已恢复】口岸退税验核缓慢",
        ]


async def test_a_flood_becomes_one_message_that_counts_everybody(tmp_path: Path) -> None:
    with open_channel() as heard:
        async with run_notifier(tmp_path, heard) as client:
            await client.post("/alerts", json=webhook(*(alert(f"f{n}") for n in range(80))))
            await asyncio.to_thread(heard.wait_for, 1)
        ((title, body),) = heard.messages
    assert title.endswith("（80 项）")
    listed = body.count("\n· ") + 1
    assert f"另有 {80 - listed} 项" in body


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Basic {SECRET}"])
async def test_a_wrong_secret_is_refused_and_counted(given: str, tmp_path: Path) -> None:
    with open_channel() as heard:
        async with run_notifier(tmp_path, heard) as client:
            refusal = await client.post("/alerts", json=webhook(alert()), headers={"Authorization": given})
            metrics = (await client.get("/metrics")).text
    assert refusal.status_code == 401
    assert 'tidemark_notifier_refused_requests_total{reason="unauthenticated"} 1.0' in metrics
    assert heard.messages == []


async def test_a_malformed_webhook_is_refused_with_the_name_of_the_field(tmp_path: Path) -> None:
    body = webhook(alert())
    body["alerts"][0]["startsAt"] = "yesterday"
    with open_channel() as heard:
        async with run_notifier(tmp_path, heard) as client:
            refusal = await client.post("/alerts", json=body)
    assert refusal.status_code == 400
    assert "$.alerts[0].startsAt" in refusal.json()["detail"]


async def test_a_full_outbox_takes_nothing_and_asks_to_send_again(tmp_path: Path) -> None:
    with open_channel() as heard:
        async with run_notifier(tmp_path, heard, max_messages=1) as client:
            refusal = await client.post("/alerts", json=webhook(alert("a"), alert("b")))
            metrics = (await client.get("/metrics")).text
    assert refusal.status_code == 503
    assert "tidemark_notifier_outbox_messages 0.0" in metrics
    assert 'tidemark_notifier_refused_requests_total{reason="full"} 1.0' in metrics


async def test_what_no_channel_took_is_listed_and_tried_again_by_command(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.db", lambda: 0, Limits(10, 0), ignore_step)
    outbox.receive([("duty", alert())])
    batch = outbox.take("duty")
    assert batch is not None
    outbox.record_dead(batch, "duty: the service refused the message")
    outbox.close()
    where = ("--outbox", tmp_path / "outbox.db")
    [letter] = json.loads(succeed("notifications", "list", "--json", *where))
    assert (letter["channel"], letter["alert"], letter["labels"]["port"]) == (
        "duty", "RefundVerificationSlow", "port.huanggang",
    )  # fmt: skip
    assert "1 messages queued" in succeed("notifications", "retry", *where)
    assert json.loads(succeed("notifications", "list", "--json", *where)) == []
