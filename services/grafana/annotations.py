"""Desired annotations, the annotations that Grafana has, and the steps from one to the other."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

ANNOTATION_TAG = "tidemark"
"""The tag of every annotation that Tidemark creates; every annotation with this tag is kept in sync."""

_KEY = "id:"


@dataclass(frozen=True)
class Annotation:
    """A desired annotation, from `start_ms` to `end_ms`, with tags in any order.

    `keeps_time`: once created it keeps its time, which is when its subject was first seen.
    """

    key: str
    text: str
    tags: frozenset[str]
    start_ms: int
    end_ms: int
    keeps_time: bool = False


@dataclass(frozen=True)
class StoredAnnotation:
    """An annotation as Grafana has it, with Grafana's number for it."""

    number: int
    text: str
    tags: frozenset[str]
    start_ms: int
    end_ms: int

    @property
    def key(self) -> str:
        """The key of the desired annotation, empty if a person removed it."""
        return next((tag for tag in self.tags if tag.startswith(_KEY)), "")


KeepRule = Callable[[StoredAnnotation], bool]
"""Whether a stored annotation that is not desired is kept nevertheless."""


@dataclass(frozen=True)
class Steps:
    """The annotations to add, change and remove; `unchanged` counts the others."""

    add: Sequence[Annotation]
    change: Sequence[tuple[StoredAnnotation, Annotation]]
    remove: Sequence[StoredAnnotation]
    unchanged: int


def make_key(kind: str, name: str) -> str:
    """The tag that identifies an annotation: a digest, since names may contain any character and
    Grafana trims and splits tags."""
    return _KEY + hashlib.sha256(f"{kind}/{name}".encode()).hexdigest()[:16]


def plan_steps(desired: Iterable[Annotation], stored: Iterable[StoredAnnotation], keeps: KeepRule) -> Steps:
    """The steps after which Grafana has each desired annotation once and no other annotation with the
    tag, except those that `keeps` selects."""
    stored_by_key: dict[str, StoredAnnotation] = {}
    surplus: list[StoredAnnotation] = []
    for annotation in sorted(stored, key=lambda annotation: annotation.number):
        # A second annotation with the same key results from an answer that was lost.
        if not annotation.key or annotation.key in stored_by_key:
            surplus.append(annotation)
        else:
            stored_by_key[annotation.key] = annotation
    desired_by_key = {annotation.key: annotation for annotation in desired}
    pairs = [(stored_by_key[key], new) for key, new in desired_by_key.items() if key in stored_by_key]
    change = [(old, new) for old, new in pairs if not _is_current(old, new)]
    obsolete = [old for key, old in stored_by_key.items() if key not in desired_by_key and not keeps(old)]
    return Steps(
        add=[new for key, new in desired_by_key.items() if key not in stored_by_key],
        change=change,
        remove=[*surplus, *obsolete],
        unchanged=len(stored_by_key) - len(change) - len(obsolete),
    )


def _is_current(stored: StoredAnnotation, desired: Annotation) -> bool:
    same_time = (stored.start_ms, stored.end_ms) == (desired.start_ms, desired.end_ms)
    same_content = (stored.text, stored.tags) == (desired.text, desired.tags)
    return same_content and (same_time or desired.keeps_time)
