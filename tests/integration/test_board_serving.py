import asyncio

import httpx
import msgspec

from tests.support.boards import served_board
from tidemark.services.board.live import Live


async def test_the_page_serves_its_own_parts_and_allows_no_others():
    async with served_board(Live(1)) as url, httpx.AsyncClient(base_url=url) as client:
        page = await client.get("/")
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in page.text
        for part in ("/board.css", "/board.js", "/words.js"):
            answer = await client.get(part)
            assert answer.status_code == 200
            assert "http" not in answer.text


async def test_the_api_gives_the_numbers_the_screens_get():
    async with served_board(Live(1)) as url, httpx.AsyncClient(base_url=url) as client:
        totals = (await client.get("/api/totals")).json()
        async with client.stream("GET", "/api/live") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            data = await anext(line async for line in stream.aiter_lines() if line.startswith("data: "))
        assert msgspec.json.decode(data.removeprefix("data: ")) == totals
        assert totals["shown"]["totals"]["visits"]["today"] > 0


async def test_one_screen_too_many_is_refused_and_a_freed_place_is_given_again():
    live = Live(1)
    async with served_board(live) as url, httpx.AsyncClient(base_url=url) as client:
        async with client.stream("GET", "/api/live"):
            refused = await client.get("/api/live")
            assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
            assert "TIDEMARK_BOARD_SCREENS" in refused.json()["remedy"]
        async with asyncio.timeout(10):
            while not await is_served(client):
                continue


async def is_served(client):
    async with client.stream("GET", "/api/live") as answer:
        return answer.status_code == 200
