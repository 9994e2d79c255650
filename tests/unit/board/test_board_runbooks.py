from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from tests.support.boards import showing_of
from tests.support.readers import NOON_MS
from tidemark.services.board.app import create_app
from tidemark.services.board.live import Live
from tidemark.services.board.runbooks import Runbooks
from tidemark.streams.log.memory import MemoryState

PAGE = "# Broken · 坏了\n\n<script>alert(1)</script>\n\n```promql\nup < 1\n```\n"


@pytest.fixture
def runbooks(tmp_path: Path) -> Runbooks:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Broken.md").write_text(PAGE, "utf-8")
    (tmp_path / "Secret.md").write_text("# Secret", "utf-8")
    return Runbooks(tmp_path / "pages")


def test_a_page_is_html_in_which_markup_of_the_text_is_escaped(runbooks: Runbooks) -> None:
    page = runbooks.render_page("Broken") or ""
    assert "<h1>Broken · 坏了</h1>" in page
    assert "up &lt; 1" in page
    assert "<script>" not in page


@pytest.mark.parametrize("name", ["../Secret", "Secret", "", "Broken.md", "/etc/passwd"])
def test_nothing_outside_the_folder_is_served(runbooks: Runbooks, name: str) -> None:
    assert runbooks.render_page(name) is None


def test_the_list_links_every_page_and_names_what_is_missing(runbooks: Runbooks) -> None:
    page = runbooks.render_index(missing="<b>Gone")
    assert '<a href="/runbooks/Broken">Broken · 坏了</a>' in page
    assert "&lt;b&gt;Gone" in page


async def test_the_board_serves_them_and_answers_404_with_the_list() -> None:
    app = create_app(await showing_of(MemoryState(), lambda: NOON_MS), Live(1))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://board") as client:
        assert "FeedStale" in (await client.get("/runbooks")).text
        assert (await client.get("/runbooks/FeedStale")).status_code == 200
        gone = await client.get("/runbooks/Nobody")
    assert (gone.status_code, "FeedStale" in gone.text) == (404, True)


async def test_the_board_explains_where_a_number_comes_from() -> None:
    app = create_app(await showing_of(MemoryState(), lambda: NOON_MS), Live(1))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://board") as client:
        assert "tidemark explain footfall.place day" in (await client.get("/explain")).text
