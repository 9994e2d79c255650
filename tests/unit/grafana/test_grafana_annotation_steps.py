"""The planned steps give the desired annotations from any state, and none are needed afterwards."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.grafana.annotations import Annotation, Steps, StoredAnnotation, make_key, plan_steps

KEYS = [make_key("activity", name) for name in "abcd"]


def annotation(key: str, text: str = "x", start_ms: int = 1, keeps_time: bool = False) -> Annotation:
    return Annotation(key, text, frozenset({"tidemark", key}), start_ms, start_ms + 5, keeps_time)


desired_lists = st.lists(
    st.builds(annotation, st.sampled_from(KEYS), st.sampled_from("xy"), st.integers(1, 3), st.booleans()),
    unique_by=lambda annotation: annotation.key,
)
stored_lists = st.lists(
    st.builds(
        lambda key, text, at: StoredAnnotation(
            0, text, frozenset({"tidemark"} | ({key} if key else set())), at, at + 5
        ),
        st.sampled_from([*KEYS, ""]),
        st.sampled_from("xy"),
        st.integers(1, 3),
    )
).map(lambda stored: [replace(each, number=number) for number, each in enumerate(stored, 1)])


def keep_none(_annotation: StoredAnnotation) -> bool:
    return False


def apply_steps(steps: Steps, before: Iterable[StoredAnnotation]) -> list[StoredAnnotation]:
    """The annotations that Grafana has after the steps."""
    by_number = {annotation.number: annotation for annotation in before}
    for old, new in steps.change:
        time = old if new.keeps_time else new
        by_number[old.number] = StoredAnnotation(old.number, new.text, new.tags, time.start_ms, time.end_ms)
    for old in steps.remove:
        del by_number[old.number]
    next_number = max(by_number, default=0) + 100
    added = [
        StoredAnnotation(next_number + n, new.text, new.tags, new.start_ms, new.end_ms)
        for n, new in enumerate(steps.add)
    ]
    return [*by_number.values(), *added]


@given(desired=desired_lists, before=stored_lists)
def test_afterwards_each_desired_annotation_exists_once_and_no_other(
    desired: list[Annotation], before: list[StoredAnnotation]
) -> None:
    after = apply_steps(plan_steps(desired, before, keep_none), before)
    assert {(stored.key, stored.text) for stored in after} == {(new.key, new.text) for new in desired}
    assert len(after) == len(desired)
    moving = {new.key: new.start_ms for new in desired if not new.keeps_time}
    assert moving == {stored.key: stored.start_ms for stored in after if stored.key in moving}
    assert plan_steps(desired, after, keep_none) == Steps([], [], [], len(desired))


@given(desired=desired_lists, before=stored_lists)
def test_a_kept_annotation_is_removed_only_if_it_is_a_repeat(
    desired: list[Annotation], before: list[StoredAnnotation]
) -> None:
    after = apply_steps(plan_steps(desired, before, lambda _annotation: True), before)
    assert {stored.key for stored in after} == {each.key for each in (*desired, *before) if each.key}


def test_an_annotation_that_keeps_its_time_is_not_moved() -> None:
    before = [StoredAnnotation(1, "x", frozenset({"tidemark", KEYS[0]}), 1, 6)]
    assert plan_steps([annotation(KEYS[0], start_ms=3, keeps_time=True)], before, keep_none).unchanged == 1
    assert len(plan_steps([annotation(KEYS[0], start_ms=3)], before, keep_none).change) == 1
