"""A client of the gateway that keeps trying, and remembers the acknowledged events."""

import asyncio

import httpx

from tests.support.gateways import footfall, send_batch

BATCH = 10
PAUSE_S = 0.2
TRIES = 300


class Sender:
    """Sends batches of events; a batch that is not acknowledged is sent again unchanged."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.acknowledged: set[str] = set()

    async def send(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set and the last batch is acknowledged."""
        async with httpx.AsyncClient(base_url=self._url, timeout=30) as client:
            while not stop.is_set():
                first = len(self.acknowledged)
                ids = [f"event-{number}" for number in range(first, first + BATCH)]
                await self._deliver(client, ids)
                self.acknowledged.update(ids)
                await asyncio.sleep(PAUSE_S)

    async def _deliver(self, client: httpx.AsyncClient, ids: list[str]) -> None:
        batch = [footfall(event_id) for event_id in ids]
        for _ in range(TRIES):
            try:
                answer = await send_batch(client, batch)
            except httpx.TransportError as error:
                refused = str(error)
            else:
                if answer.status_code == 202:
                    return
                refused = answer.text
            await asyncio.sleep(PAUSE_S)
        raise AssertionError(f"the gateway accepted nothing in {TRIES} tries: {refused}")
