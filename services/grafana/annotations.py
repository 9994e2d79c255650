"""Annotations as they should be, as Grafana has them, and the steps from one to the other."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

TAG = "tidemark"
"""The tag of every annotation that is made here; whatever bears it is kept in step."""

_KEY = "id:"


@dataclass(frozen=True)
class Annotation:
    """An annotation as it should be: from `start_ms` to `end_ms`, with tags in any order.

    `stays`: once made it keeps its time, since the time is when the thing was first seen.
    """

    key: str
    text: str
    tags: frozenset[str]
    start_ms: int
    end_ms: int
    keeps_time: bool = False


@dataclass(frozen=True)
class StoredAnnotation:
    """An annotation that Grafana has under its number."""

    number: int
    text: str
    tags: frozenset[str]
    start_ms: int
    end_ms: int

    @property
    def key(self) -> str:
        """The key of its mark, empty if a person took that away."""
        return next((tag for tag in self.tags if tag.startswith(_KEY)), "")


KeepRule = Callable[[StoredAnnotation], bool]
"""Whether an annotation that nothing speaks for is to be left alone."""


@dataclass(frozen=True)
class Steps:
    """What is to be added, changed and removed; `unchanged` counts the rest."""

    add: Sequence[Annotation]
    change: Sequence[tuple[StoredAnnotation, Annotation]]
    remove: Sequence[StoredAnnotation]
    unchanged: int


def make_key(kind: str, name: str) -> str:
    """The tag that tells one mark from all others: a digest, since names may hold anything and
    Grafana trims and splits tags."""
    return _KEY + hashlib.sha256(f"{kind}/{name}".encode()).hexdigest()[:16]


def plan_steps(wanted: Iterable[Annotation], placed: Iterable[StoredAnnotation], leave: KeepRule) -> Steps:
    """The steps after which Grafana has each mark once and nothing else of ours, but for what
    `leave` says is to be left alone."""
    there: dict[str, StoredAnnotation] = {}
    surplus: list[StoredAnnotation] = []
    for one in sorted(placed, key=lambda one: one.number):
        # A second one stems from an answer that was lost.
        if not one.key or one.key in there:
            surplus.append(one)
        else:
            there[one.key] = one
    marks = {mark.key: mark for mark in wanted}
    kept = [(there[key], mark) for key, mark in marks.items() if key in there]
    change = [(one, mark) for one, mark in kept if not _is_current(one, mark)]
    gone = [one for key, one in there.items() if key not in marks and not leave(one)]
    return Steps(
        add=[mark for key, mark in marks.items() if key not in there],
        change=change,
        remove=[*surplus, *gone],
        unchanged=len(there) - len(change) - len(gone),
    )


def _is_current(one: StoredAnnotation, mark: Annotation) -> bool:
    in_time = mark.keeps_time or (one.start_ms, one.end_ms) == (mark.start_ms, mark.end_ms)
    return in_time and (one.text, one.tags) == (mark.text, mark.tags)
