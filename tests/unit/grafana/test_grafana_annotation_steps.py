"""The steps to bring annotations in step do it, whatever is there, and are none the second time."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.grafana.annotations import Annotation, Steps, StoredAnnotation, make_key, plan_steps

KEYS = [make_key("activity", name) for name in "abcd"]


def mark(key: str, text: str = "x", start_ms: int = 1, stays: bool = False) -> Annotation:
    return Annotation(key, text, frozenset({"tidemark", key}), start_ms, start_ms + 5, stays)


marks = st.lists(
    st.builds(mark, st.sampled_from(KEYS), st.sampled_from("xy"), st.integers(1, 3), st.booleans()),
    unique_by=lambda one: one.key,
)
placed = st.lists(
    st.builds(
        lambda key, text, at: StoredAnnotation(
            0, text, frozenset({"tidemark"} | ({key} if key else set())), at, at + 5
        ),
        st.sampled_from([*KEYS, ""]),
        st.sampled_from("xy"),
        st.integers(1, 3),
    )
).map(lambda found: [replace(one, number=number) for number, one in enumerate(found, 1)])


def leave_none(_one: StoredAnnotation) -> bool:
    return False


def apply_steps(todo: Steps, there: Iterable[StoredAnnotation]) -> list[StoredAnnotation]:
    """What Grafana has after the steps."""
    by_number = {one.number: one for one in there}
    for one, wanted in todo.change:
        lasts = one if wanted.keeps_time else wanted
        by_number[one.number] = StoredAnnotation(
            one.number, wanted.text, wanted.tags, lasts.start_ms, lasts.end_ms
        )
    for one in todo.remove:
        del by_number[one.number]
    next_number = max(by_number, default=0) + 100
    added = [
        StoredAnnotation(next_number + n, one.text, one.tags, one.start_ms, one.end_ms)
        for n, one in enumerate(todo.add)
    ]
    return [*by_number.values(), *added]


@given(wanted=marks, there=placed)
def test_afterwards_each_mark_is_there_once_and_nothing_else(
    wanted: list[Annotation], there: list[StoredAnnotation]
) -> None:
    after = apply_steps(plan_steps(wanted, there, leave_none), there)
    assert {(one.key, one.text) for one in after} == {(one.key, one.text) for one in wanted}
    assert len(after) == len(wanted)
    moving = {one.key: one.start_ms for one in wanted if not one.keeps_time}
    assert moving == {one.key: one.start_ms for one in after if one.key in moving}
    assert plan_steps(wanted, after, leave_none) == Steps([], [], [], len(wanted))


@given(wanted=marks, there=placed)
def test_what_is_to_be_left_alone_is_never_removed_but_for_repeats(
    wanted: list[Annotation], there: list[StoredAnnotation]
) -> None:
    after = apply_steps(plan_steps(wanted, there, lambda _one: True), there)
    assert {one.key for one in after} == {one.key for one in (*wanted, *there) if one.key}


def test_a_mark_that_stays_keeps_the_time_at_which_it_was_first_seen() -> None:
    there = [StoredAnnotation(1, "x", frozenset({"tidemark", KEYS[0]}), 1, 6)]
    assert plan_steps([mark(KEYS[0], start_ms=3, stays=True)], there, leave_none).unchanged == 1
    assert len(plan_steps([mark(KEYS[0], start_ms=3)], there, leave_none).change) == 1
