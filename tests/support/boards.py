"""A board over a full district, served on a free port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.sse import EventSourceResponse

from tidemark.services.board.app import create_app
from tidemark.services.board.live import Live, TooManyScreens
from tidemark.services.board.showing import Showing
from tidemark.services.http import listen, run_server
from tidemark.services.resources import BOARD_PAGE
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.indicators.targets.goal import Goal
from tidemark.streams.log.memory import MemoryState
from tidemark.streams.view.totals import totals_reach

from .district import district
from .readers import NOON_MS, at_once, follower_of


class Brief(Live):
    """Ends each stream after one message, so that a browser's virtual time advances; refuses more than
    `answers` streams.
    """

    def __init__(self, answers: int) -> None:
        super().__init__(answers)
        self._left = answers

    def open_stream(self) -> EventSourceResponse:
        self._left -= 1
        if self._left < 0:
            raise TooManyScreens
        return super().open_stream()

    async def iterate_events(self) -> AsyncIterator[bytes]:
        messages = super().iterate_events()
        yield await anext(messages)


IDENTITY = LogIdentity(partitions=2, content="simulated")
SHOPS = Goal("stock", ">=", 600, 43, 2025)


async def showing_of(state: MemoryState, clock: Callable[[], int]) -> Showing:
    """A showing whose view has read everything."""
    follower = follower_of(state, totals_reach(), clock)
    await follower.refresh(at_once)
    return Showing(follower, IDENTITY, SHOPS, at_once, clock)


@asynccontextmanager
async def served_board(live: Live) -> AsyncIterator[str]:
    """The address of a board that shows the district at noon."""
    state = MemoryState()
    await state.publish(district())
    showing = await showing_of(state, lambda: NOON_MS)
    await showing.step(live)
    app = create_app(showing, live)
    _add_probe(app)
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(run_server(app, listener))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            live.close()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


_PROBE = """<iframe id="screen" src="bare?lang={lang}"
  style="width: {width}px; height: {height}px; border: 0"></iframe><script>setInterval(() => {{
  const page = document.getElementById("screen").contentDocument.documentElement;
  document.documentElement.dataset.size = [page.scrollWidth, page.scrollHeight].join(" ");
}}, 100);</script>"""


def _add_probe(app: FastAPI) -> None:
    """Serve the page in a frame of a given size at /probe, which reports how large its content is; a
    browser's window cannot be as narrow as a phone.
    """

    def probe(lang: str, width: int, height: int) -> HTMLResponse:
        return HTMLResponse(_PROBE.format(lang=lang, width=width, height=height))

    app.add_api_route("/probe", probe)
    app.add_api_route("/bare", lambda: FileResponse(BOARD_PAGE / "index.html"), response_class=FileResponse)
