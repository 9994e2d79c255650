"""What is worth an annotation: activities while they last, and targets once they are reached."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from tidemark.streams.contracts.civil import millis
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.activity import ActivityChanged, Category
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.targets.catalogue import Indicator

from .annotations import OURS, Leave, Mark, Placed, key_of

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


def activity_marks(activities: Iterable[ActivityChanged], names: Names, since_ms: int) -> list[Mark]:
    """One for each activity that is not cancelled and ends after a moment: a region from start to end."""
    return [
        _activity(one, names)
        for one in activities
        if one.status != "cancelled" and millis(one.ends) >= since_ms
    ]


def _activity(one: ActivityChanged, names: Names) -> Mark:
    category = _CATEGORIES[one.category]
    place = names.get(one.venue_id, Text(one.venue_id, one.venue_id))
    key = key_of(ACTIVITY, one.activity_id)
    return Mark(
        key,
        f"{category.zh}：{place.zh} / {category.en}: {place.en} ({one.activity_id})",
        frozenset({OURS, ACTIVITY, one.category, one.venue_id, key}),
        millis(one.starts),
        millis(one.ends),
    )


def target_marks(
    assessed: Iterable[tuple[Indicator, Assessment]], now_ms: int, start_ms: Callable[[date], int]
) -> list[Mark]:
    """One for each target that is reached: at the day its official figure was published, otherwise now,
    and from then on where it is. `start_ms` says when a civil day begins."""
    marks = []
    for indicator, one in assessed:
        if one.status is not Status.REACHED:
            continue
        published = one.amount.published if one.amount else None
        at_ms = now_ms if published is None else start_ms(published)
        key = key_of(TARGET, indicator.id)
        text = f"达成目标：{indicator.name_zh} / Target reached: {indicator.name_en}"
        tags = frozenset({OURS, TARGET, indicator.id, key})
        marks.append(Mark(key, text, tags, at_ms, at_ms, stays=True))
    return marks


def left_alone(
    activities: Sequence[ActivityChanged], assessed: Iterable[tuple[Indicator, Assessment]]
) -> Leave:
    """Which annotations stay although nothing speaks for them now: of targets that have no verdict at
    the moment, and of activities where the log holds none at all, which is no district's state."""
    unsure = {key_of(TARGET, indicator.id) for indicator, one in assessed if one.status in _NO_VERDICT}

    def leave(one: Placed) -> bool:
        return one.key in unsure or (not activities and ACTIVITY in one.tags)

    return leave
