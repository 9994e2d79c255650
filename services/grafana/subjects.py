"""The subjects of annotations: activities while they last, and targets from the day they are reached."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.activity import ActivityChanged, Category
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator

from .annotations import ANNOTATION_TAG, Annotation, KeepRule, StoredAnnotation, make_key

ACTIVITY, TARGET = "activity", "target-reached"
"""The tags of the two kinds; activities also have their category and place as tags, targets the
indicator's id."""

_CATEGORIES: Mapping[Category, Text] = {
    "first_store": Text("首店开业", "First store"),
    "first_exhibition": Text("首展", "First exhibition"),
    "first_show": Text("首秀", "First show"),
    "first_performance": Text("首演", "First performance"),
    "premiere": Text("首映", "Premiere"),
    "first_match": Text("首赛", "First match"),
    "product_debut": Text("新品首发", "Product launch"),
    "conference": Text("会议", "Conference"),
    "exhibition": Text("展览", "Exhibition"),
    "cultural": Text("文化活动", "Cultural event"),
    "sports": Text("体育赛事", "Sports event"),
    "concert": Text("演唱会", "Concert"),
    "finance_forum": Text("金融论坛", "Finance forum"),
}
_NO_VERDICT = frozenset({Status.UNKNOWN, Status.STALE, Status.AMBIGUOUS})

Names = Mapping[str, Text]
"""The names of places by id."""


def annotate_activities(
    activities: Iterable[ActivityChanged], names: Names, since_ms: int
) -> list[Annotation]:
    """A region from start to end for each activity that is not cancelled and ends at `since_ms` or later."""
    return [
        _annotate_activity(activity, names)
        for activity in activities
        if activity.status != "cancelled" and millis(activity.ends) >= since_ms
    ]


def _annotate_activity(activity: ActivityChanged, names: Names) -> Annotation:
    category = _CATEGORIES[activity.category]
    place = names.get(activity.venue_id, Text(activity.venue_id, activity.venue_id))
    key = make_key(ACTIVITY, activity.activity_id)
    return Annotation(
        key,
        f"{category.zh}：{place.zh} / {category.en}: {place.en} ({activity.activity_id})",
        frozenset({ANNOTATION_TAG, ACTIVITY, activity.category, activity.venue_id, key}),
        millis(activity.starts),
        millis(activity.ends),
    )


def annotate_targets(
    assessments: Iterable[tuple[Indicator, Assessment]], now_ms: int, start_ms: Callable[[date], int]
) -> list[Annotation]:
    """An annotation for each target that is reached: at the start of the day on which its official figure
    was published, otherwise at `now_ms`; it keeps this time. `start_ms` gives the start of a civil day."""
    annotations = []
    for indicator, assessment in assessments:
        if assessment.status is not Status.REACHED:
            continue
        published = assessment.amount.published if assessment.amount else None
        at_ms = now_ms if published is None else start_ms(published)
        key = make_key(TARGET, indicator.id)
        text = f"达成目标：{indicator.name_zh} / Target reached: {indicator.name_en}"
        tags = frozenset({ANNOTATION_TAG, TARGET, indicator.id, key})
        annotations.append(Annotation(key, text, tags, at_ms, at_ms, keeps_time=True))
    return annotations


def create_keep_rule(
    activities: Sequence[ActivityChanged], assessments: Iterable[tuple[Indicator, Assessment]]
) -> KeepRule:
    """Keep the annotations of targets that have no verdict at the moment, and those of activities if the
    log contains no activity at all: then it is the wrong log, since no district is without any."""
    undecided = {
        make_key(TARGET, indicator.id)
        for indicator, assessment in assessments
        if assessment.status in _NO_VERDICT
    }

    def keeps(annotation: StoredAnnotation) -> bool:
        return annotation.key in undecided or (not activities and ACTIVITY in annotation.tags)

    return keeps
