import asyncio
import os
import re

import pytest

from tests.servers.require import program
from tests.support.boards import Brief, served_board

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


async def browse(tmp_path, url, *arguments, virtual_ms=1_500):
    """The output of Chromium after `virtual_ms` of virtual time on the page."""
    process = await asyncio.create_subprocess_exec(
        program("chromium"),
        *FLAGS,
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--virtual-time-budget={virtual_ms}",
        *arguments,
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    try:
        async with asyncio.timeout(60):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return printed.decode()


async def dump_dom(tmp_path, path, virtual_ms=1_500, answers=1_000):
    async with served_board(Brief(answers)) as url:
        return await browse(tmp_path, url + path, "--dump-dom", virtual_ms=virtual_ms)


@pytest.mark.parametrize(
    ("language", "lang", "words"),
    [
        (
            "zh",
            "zh-Hans",
            ["福田区 · 实时总览", "客流", "模拟数据", "离境退税商店", "万人次", "拒收记录 15 条"],
        ),
        (
            "en",
            "en",
            ["Futian District · live totals", "Visits", "SIMULATED DATA", "Tax refund shops", "15 records"],
        ),
    ],
)
async def test_the_page_shows_the_totals_in_each_language(tmp_path, language, lang, words):
    shown = await dump_dom(tmp_path, f"/?lang={language}")
    assert f'<html lang="{lang}">' in shown
    assert [word for word in words if word not in shown] == []


async def test_numbers_follow_the_language_and_have_the_exact_value_as_title(tmp_path):
    chinese = await dump_dom(tmp_path / "zh", "/?lang=zh")
    english = await dump_dom(tmp_path / "en", "/?lang=en")
    assert 'title="561,093人次"' in chinese
    assert "56.11" in chinese
    assert ">561,093<" in english


async def test_a_feed_older_than_its_limit_is_marked_stale_and_others_are_not(tmp_path):
    shown = await dump_dom(tmp_path, "/?lang=en")
    stale = [part.split('"')[2] for part in shown.split('class="tile')[1:] if part.startswith(" stale")]
    assert stale == ["port"]
    assert "STALE · 90 min ago" in shown


async def test_a_lost_connection_shows_and_the_last_numbers_stay(tmp_path):
    shown = await dump_dom(tmp_path, "/?lang=en", virtual_ms=20_000, answers=1)
    assert "Connection lost" in shown
    assert "561,093" in shown


async def test_a_connection_that_comes_back_is_not_lost(tmp_path):
    assert "Connection lost" not in await dump_dom(tmp_path, "/?lang=en", virtual_ms=20_000)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "height", "scrolls"), [(1920, 1080, False), (390, 844, True)])
async def test_the_page_fits_a_wall_screen_and_scrolls_only_downwards_on_a_phone(
    tmp_path, language, width, height, scrolls
):
    async with served_board(Brief(1_000)) as url:
        probe = f"{url}/probe?lang={language}&width={width}&height={height}"
        shown = await browse(tmp_path, probe, "--dump-dom")
    measured = re.search(r'data-size="(\d+) (\d+)"', shown)
    assert measured is not None
    content_width, content_height = map(int, measured.groups())
    assert content_width <= width
    assert (content_height > height) == scrolls
