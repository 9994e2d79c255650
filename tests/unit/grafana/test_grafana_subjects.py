"""What becomes an annotation, and what is not taken away."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from tests.support.folding import ms
from tests.support.indicator_readings import CATALOGUE
from tidemark.services.grafana.annotations import StoredAnnotation, make_key
from tidemark.services.grafana.subjects import TARGET, annotate_activities, annotate_targets, create_keep_rule
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.activity import ActivityChanged, Category
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator
from tidemark.streams.indicators.values.cause import Cause, Code

STARTS = datetime(2026, 5, 1, 12, tzinfo=UTC)
UNICORNS = CATALOGUE["unicorns"]


def activity(name: str = "a", category: Category = "concert", **fields: str) -> ActivityChanged:
    settings = {"status": "planned", "venue_id": "venue.a"} | fields
    return ActivityChanged(name, category, starts=STARTS, ends=STARTS + timedelta(hours=2), **settings)  # type: ignore[arg-type]


def make_assessments(status: Status) -> list[tuple[Indicator, Assessment]]:
    because = Cause(Code.NOT_JUDGED)
    one = Assessment(
        id=UNICORNS.id, day=date(2026, 5, 1), unit="count", kind="stock", target=5.0, baseline=2.0,
        status=status, why=because, live=None, official=None, nowcast=None,
    )  # fmt: skip
    return [(UNICORNS, one)]


@pytest.mark.parametrize("category", get_args(Category))
def test_every_category_has_words_in_both_languages(category: Category) -> None:
    (mark,) = annotate_activities([activity(category=category)], {"venue.a": Text("甲馆", "Hall A")}, 0)
    chinese, _, english = mark.text.partition(" / ")
    assert chinese.endswith("：甲馆")
    assert english.endswith(": Hall A (a)")
    assert {"tidemark", "activity", category, "venue.a"} < mark.tags


def test_activities_that_ended_before_the_window_are_not_marked() -> None:
    ends_ms = ms(STARTS + timedelta(hours=2))
    assert len(annotate_activities([activity()], {}, ends_ms)) == 1
    assert annotate_activities([activity()], {}, ends_ms + 1) == []


def test_cancelled_activities_are_not_marked() -> None:
    assert annotate_activities([activity(status="cancelled")], {}, 0) == []


def test_odd_names_make_tags_that_grafana_keeps_as_they_are() -> None:
    (mark,) = annotate_activities([activity(" 春: a,b ")], {}, 0)
    (key,) = (tag for tag in mark.tags if tag.startswith("id:"))
    assert key.removeprefix("id:").isalnum()
    assert key != make_key("activity", "春: a,b")


@pytest.mark.parametrize("status", list(Status))
def test_a_target_is_marked_once_reached_and_kept_until_it_is_judged_otherwise(status: Status) -> None:
    found = annotate_targets(make_assessments(status), 7, lambda _day: 0)
    assert [one.start_ms for one in found] == ([7] if status is Status.REACHED else [])
    there = StoredAnnotation(1, "x", frozenset({"tidemark", make_key(TARGET, UNICORNS.id)}), 7, 7)
    no_verdict = status in {Status.UNKNOWN, Status.STALE, Status.AMBIGUOUS}
    assert create_keep_rule([activity()], make_assessments(status))(there) == no_verdict
