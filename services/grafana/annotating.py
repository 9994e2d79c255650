"""Brings Grafana's annotations in line with the desired ones."""

from collections.abc import Iterable
from typing import Any

import msgspec
from grafana_client import GrafanaApi

from tidemark.streams.retries import Sleep, retry

from .annotations import ANNOTATION_TAG, Annotation, KeepRule, Steps, StoredAnnotation, plan_steps
from .connection import RETRY_POLICY, GrafanaRefused, translate_errors

LIMIT = 20_000
"""The most annotations that are read; the plan's five years give a few thousand."""


class _Answer(msgspec.Struct, rename="camel"):
    id: int
    text: str
    time: int
    tags: list[str]
    time_end: int = 0


class GrafanaAnnotations:
    """The annotations of a Grafana that have Tidemark's tag."""

    def __init__(self, grafana: GrafanaApi) -> None:
        self._calls = grafana.annotations

    def list_stored(self) -> list[StoredAnnotation]:
        """All annotations with the tag. Raises GrafanaError."""
        with translate_errors("reading the annotations"):
            answer = self._calls.get_annotation(tags=[ANNOTATION_TAG], limit=LIMIT)
            annotations = msgspec.convert(answer, list[_Answer])
        if len(annotations) >= LIMIT:
            raise GrafanaRefused(
                f"reading the annotations: {LIMIT:,} or more have the tag {ANNOTATION_TAG}, too many to "
                "compare; remove those that Tidemark did not create"
            )
        return [
            StoredAnnotation(each.id, each.text, frozenset(each.tags), each.time, each.time_end or each.time)
            for each in annotations
        ]

    def apply(self, steps: Steps) -> None:
        """Take the steps, one after the other. Raises GrafanaError."""
        for annotation in steps.add:
            with translate_errors(f"adding the annotation {annotation.text}"):
                self._calls.add_annotation(**_create_fields(annotation, annotation))
        for stored, annotation in steps.change:
            with translate_errors(f"changing the annotation {annotation.text}"):
                time = stored if annotation.keeps_time else annotation
                self._calls.update_annotation(stored.number, **_create_fields(annotation, time))
        for stored in steps.remove:
            with translate_errors(f"removing the annotation {stored.text}"):
                self._calls.delete_annotations_by_id(stored.number)


def sync(
    grafana: GrafanaAnnotations, desired: Iterable[Annotation], keeps: KeepRule, dry_run: bool, sleep: Sleep
) -> Steps:
    """Bring Grafana's annotations in line; return the steps planned first. Raises GrafanaError."""
    annotations = list(desired)
    attempts: list[Steps] = []

    def attempt() -> None:
        # An answer may be lost after the annotation was created, so each attempt reads again.
        steps = plan_steps(annotations, grafana.list_stored(), keeps)
        attempts.append(steps)
        if not dry_run:
            grafana.apply(steps)

    retry(RETRY_POLICY, attempt, sleep)
    return attempts[0]


def _create_fields(annotation: Annotation, time: Annotation | StoredAnnotation) -> dict[str, Any]:
    return {
        "time_from": time.start_ms,
        "time_to": time.end_ms,
        "tags": sorted(annotation.tags),
        "text": annotation.text,
    }
