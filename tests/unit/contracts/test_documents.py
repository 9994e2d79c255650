"""Documents: their links lead to files, and the events that they show are accepted."""

import json
import re

import pytest

from tests.support.examples import ROOT
from tidemark.streams.families.codec import InvalidEvent, decode

PAGES = [ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = (ROOT / "docs/guides/sending-events.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_every_decision_is_in_the_index():
    index = (ROOT / "docs/decisions/README.md").read_text("utf-8")
    for page in (ROOT / "docs/decisions").glob("0*.md"):
        assert f"({page.name})" in index


def test_the_guide_shows_events_that_the_gateway_accepts():
    bodies = [json.loads(body) for body in re.findall(r"--data '(.*?)'\n", GUIDE, re.DOTALL)]
    events = [event for body in bodies for event in (body if isinstance(body, list) else [body])]
    whole = [json.dumps(event).encode() for event in events if "specversion" in event]
    assert [decode(raw).op for raw in whole[:2]] == ["create", "create"]
    with pytest.raises(InvalidEvent, match=r"data\.entered"):
        decode(whole[2])
    assert [decode(raw).op for raw in whole[3:]] == ["correct", "retract"]
