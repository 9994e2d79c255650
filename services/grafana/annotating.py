"""Bringing annotations to Grafana."""

from collections.abc import Iterable
from typing import Any

import msgspec
from grafana_client import GrafanaApi

from tidemark.streams.retries import Sleep, retry

from .annotations import OURS, Leave, Mark, Placed, Steps, steps
from .connection import AWAY, GrafanaRefused, translate_errors

LIMIT = 20_000
"""As many annotations of ours are read at most; the plan's five years hold some thousands."""


class _Found(msgspec.Struct, rename="camel"):
    id: int
    text: str
    time: int
    tags: list[str]
    time_end: int = 0


class GrafanaAnnotations:
    """The annotations of one Grafana that bear our tag."""

    def __init__(self, grafana: GrafanaApi) -> None:
        self._calls = grafana.annotations

    def list_placed(self) -> list[Placed]:
        """All of them. Raises GrafanaError."""
        with translate_errors("reading the annotations"):
            answer = self._calls.get_annotation(tags=[OURS], limit=LIMIT)
            found = msgspec.convert(answer, list[_Found])
        if len(found) >= LIMIT:
            raise GrafanaRefused(
                f"reading the annotations: {LIMIT:,} or more bear the tag {OURS}, "
                "more than can be compared; remove those that others made with it"
            )
        return [
            Placed(one.id, one.text, frozenset(one.tags), one.time, one.time_end or one.time) for one in found
        ]

    def take(self, todo: Steps) -> None:
        """Take the steps, one after the other. Raises GrafanaError."""
        for mark in todo.add:
            with translate_errors(f"adding the annotation {mark.text}"):
                self._calls.add_annotation(**_fields(mark, mark))
        for one, mark in todo.change:
            with translate_errors(f"changing the annotation {mark.text}"):
                self._calls.update_annotation(one.number, **_fields(mark, one if mark.stays else mark))
        for one in todo.remove:
            with translate_errors(f"removing the annotation {one.text}"):
                self._calls.delete_annotations_by_id(one.number)


def sync(
    there: GrafanaAnnotations, wanted: Iterable[Mark], leave: Leave, dry_run: bool, sleep: Sleep
) -> Steps:
    """Bring Grafana's annotations in step; what was found to be done. Raises GrafanaError."""
    marks = list(wanted)
    found: list[Steps] = []

    def attempt() -> None:
        # An answer may be lost after the annotation was made, so each attempt looks afresh.
        todo = steps(marks, there.list_placed(), leave)
        found.append(todo)
        if not dry_run:
            there.take(todo)

    retry(AWAY, attempt, sleep)
    return found[0]


def _fields(mark: Mark, lasts: Mark | Placed) -> dict[str, Any]:
    return {
        "time_from": lasts.start_ms,
        "time_to": lasts.end_ms,
        "tags": sorted(mark.tags),
        "text": mark.text,
    }
