"""Which activities and targets are annotated, and which annotations are kept."""

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
    assessment = Assessment(
        id=UNICORNS.id, day=date(2026, 5, 1), unit="count", kind="stock", target=5.0, baseline=2.0,
        status=status, why=Cause(Code.NOT_JUDGED), live=None, official=None, nowcast=None,
    )  # fmt: skip
    return [(UNICORNS, assessment)]


@pytest.mark.parametrize("category", get_args(Category))
def test_every_category_has_a_name_in_both_languages(category: Category) -> None:
    (annotation,) = annotate_activities([activity(category=category)], {"venue.a": Text("甲馆", "Hall A")}, 0)
    chinese, _, english = annotation.text.partition(" / ")
    assert chinese.endswith("：甲馆")
    assert english.endswith(": Hall A (a)")
    assert {"tidemark", "activity", category, "venue.a"} < annotation.tags


def test_activities_that_ended_before_the_window_are_not_annotated() -> None:
    ends_ms = ms(STARTS + timedelta(hours=2))
    assert len(annotate_activities([activity()], {}, ends_ms)) == 1
    assert annotate_activities([activity()], {}, ends_ms + 1) == []


def test_cancelled_activities_are_not_annotated() -> None:
    assert annotate_activities([activity(status="cancelled")], {}, 0) == []


def test_unusual_names_give_tags_that_grafana_does_not_change() -> None:
    (annotation,) = annotate_activities([activity(" 春: a,b ")], {}, 0)
    (key,) = (tag for tag in annotation.tags if tag.startswith("id:"))
    assert key.removeprefix("id:").isalnum()
    assert key != make_key("activity", "春: a,b")


@pytest.mark.parametrize("status", list(Status))
def test_a_reached_target_is_annotated_until_another_verdict_is_given(status: Status) -> None:
    annotations = annotate_targets(make_assessments(status), 7, lambda _day: 0)
    assert [annotation.start_ms for annotation in annotations] == ([7] if status is Status.REACHED else [])
    stored = StoredAnnotation(1, "x", frozenset({"tidemark", make_key(TARGET, UNICORNS.id)}), 7, 7)
    no_verdict = status in {Status.UNKNOWN, Status.STALE, Status.AMBIGUOUS}
    assert create_keep_rule([activity()], make_assessments(status))(stored) == no_verdict
