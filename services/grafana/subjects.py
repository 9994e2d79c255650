"""What is worth an annotation: activities while they last, and targets once they are reached."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.activity import ActivityChanged, Category
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator

from .annotations import TAG, Annotation, KeepRule, StoredAnnotation, make_key

ACTIVITY, TARGET = "activity", "target-reached"
"""The tags that tell the two kinds apart; beside them stand category and place, or the indicator's id."""

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
"""A place's name by its id."""


def annotate_activities(
    activities: Iterable[ActivityChanged], names: Names, since_ms: int
) -> list[Annotation]:
    """One for each activity that is not cancelled and ends after a moment: a region from start to end."""
    return [
        _annotate_activity(one, names)
        for one in activities
        if one.status != "cancelled" and millis(one.ends) >= since_ms
    ]


def _annotate_activity(one: ActivityChanged, names: Names) -> Annotation:
    category = _CATEGORIES[one.category]
    place = names.get(one.venue_id, Text(one.venue_id, one.venue_id))
    key = make_key(ACTIVITY, one.activity_id)
    return Annotation(
        key,
        f"{category.zh}：{place.zh} / {category.en}: {place.en} ({one.activity_id})",
        frozenset({TAG, ACTIVITY, one.category, one.venue_id, key}),
        millis(one.starts),
        millis(one.ends),
    )


def annotate_targets(
    assessed: Iterable[tuple[Indicator, Assessment]], now_ms: int, start_ms: Callable[[date], int]
) -> list[Annotation]:
    """One for each target that is reached: at the day its official figure was published, otherwise now,
    and from then on where it is. `start_ms` says when a civil day begins."""
    marks = []
    for indicator, one in assessed:
        if one.status is not Status.REACHED:
            continue
        published = one.amount.published if one.amount else None
        at_ms = now_ms if published is None else start_ms(published)
        key = make_key(TARGET, indicator.id)
        text = f"达成目标：{indicator.name_zh} / Target reached: {indicator.name_en}"
        tags = frozenset({TAG, TARGET, indicator.id, key})
        marks.append(Annotation(key, text, tags, at_ms, at_ms, keeps_time=True))
    return marks


def create_keep_rule(
    activities: Sequence[ActivityChanged], assessed: Iterable[tuple[Indicator, Assessment]]
) -> KeepRule:
    """Which annotations stay although nothing speaks for them now: of targets that have no verdict at
    the moment, and of activities where the log holds none at all, which is no district's state."""
    unsure = {make_key(TARGET, indicator.id) for indicator, one in assessed if one.status in _NO_VERDICT}

    def leave(one: StoredAnnotation) -> bool:
        return one.key in unsure or (not activities and ACTIVITY in one.tags)

    return leave
