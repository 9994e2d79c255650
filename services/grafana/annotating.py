"""Bringing annotations to Grafana."""

from collections.abc import Iterable
from typing import Any

import msgspec
from grafana_client import GrafanaApi

from tidemark.streams.retries import Sleep, retry

from .annotations import TAG, Annotation, KeepRule, Steps, StoredAnnotation, plan_steps
from .connection import RETRY_POLICY, GrafanaRefused, translate_errors

LIMIT = 20_000
"""As many annotations of ours are read at most; the plan's five years hold some thousands."""


class _Answer(msgspec.Struct, rename="camel"):
    id: int
    text: str
    time: int
    tags: list[str]
    time_end: int = 0


class GrafanaAnnotations:
    """The annotations of one Grafana that bear our tag."""

    def __init__(self, grafana: GrafanaApi) -> None:
        self._calls = grafana.annotations

    def list_stored(self) -> list[StoredAnnotation]:
        """All of them. Raises GrafanaError."""
        with translate_errors("reading the annotations"):
            answer = self._calls.get_annotation(tags=[TAG], limit=LIMIT)
            found = msgspec.convert(answer, list[_Answer])
        if len(found) >= LIMIT:
            raise GrafanaRefused(
                f"reading the annotations: {LIMIT:,} or more bear the tag {TAG}, "
                "more than can be compared; remove those that others made with it"
            )
        return [
            StoredAnnotation(one.id, one.text, frozenset(one.tags), one.time, one.time_end or one.time)
            for one in found
        ]

    def apply(self, todo: Steps) -> None:
        """Take the steps, one after the other. Raises GrafanaError."""
        for mark in todo.add:
            with translate_errors(f"adding the annotation {mark.text}"):
                self._calls.add_annotation(**_create_fields(mark, mark))
        for one, mark in todo.change:
            with translate_errors(f"changing the annotation {mark.text}"):
                self._calls.update_annotation(
                    one.number, **_create_fields(mark, one if mark.keeps_time else mark)
                )
        for one in todo.remove:
            with translate_errors(f"removing the annotation {one.text}"):
                self._calls.delete_annotations_by_id(one.number)


def sync(
    there: GrafanaAnnotations, wanted: Iterable[Annotation], leave: KeepRule, dry_run: bool, sleep: Sleep
) -> Steps:
    """Bring Grafana's annotations in step; what was found to be done. Raises GrafanaError."""
    marks = list(wanted)
    found: list[Steps] = []

    def attempt() -> None:
        # An answer may be lost after the annotation was made, so each attempt looks afresh.
        todo = plan_steps(marks, there.list_stored(), leave)
        found.append(todo)
        if not dry_run:
            there.apply(todo)

    retry(RETRY_POLICY, attempt, sleep)
    return found[0]


def _create_fields(mark: Annotation, lasts: Annotation | StoredAnnotation) -> dict[str, Any]:
    return {
        "time_from": lasts.start_ms,
        "time_to": lasts.end_ms,
        "tags": sorted(mark.tags),
        "text": mark.text,
    }
