"""The generated references under docs/reference, from the contracts, the catalogue and the examples."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from tidemark.services.markdown import join_table
from tidemark.services.resources import INDICATORS
from tidemark.streams.contracts.family import Measure
from tidemark.streams.families.asyncapi import asyncapi_document
from tidemark.streams.families.schema import Document, duration, schema_documents
from tidemark.streams.families.table import EVENT_TYPES, MEASURES
from tidemark.streams.indicators.targets.catalogue import build_section_schema
from tidemark.streams.indicators.targets.loading import read_catalogue

from .event_reference import SCHEMA_PATH, format_events
from .markdown import join_page
from .target_reference import format_targets


def load_examples(directory: Path) -> dict[str, list[Document]]:
    """Example events by their type's short name: as created, then corrected, then retracted.

    Files are <name>.json, <name>.correct.json and <name>.retract.json. Raises OSError.
    """
    examples: dict[str, list[Document]] = {}
    for kind in EVENT_TYPES:
        paths = [directory / f"{kind.name}{suffix}.json" for suffix in ("", ".correct", ".retract")]
        examples[kind.name] = [json.loads(path.read_text("utf-8")) for path in paths if path.exists()]
    return examples


def build_references(examples: Mapping[str, Sequence[Document]]) -> dict[str, str]:
    """The text of every reference, by its path under docs/reference. Raises CatalogueInvalid, OSError."""
    catalogue = read_catalogue(INDICATORS)
    texts = {SCHEMA_PATH.format(name=name): _json(document) for name, document in schema_documents().items()}
    texts["asyncapi.json"] = _json(asyncapi_document(examples))
    texts["events.md"] = format_events(examples, catalogue)
    texts["targets.md"] = format_targets(catalogue)
    texts["measures.md"] = format_measures()
    texts["indicators.schema.json"] = _json(build_section_schema())
    return texts


def find_stale(directory: Path, texts: Mapping[str, str]) -> list[str]:
    """Paths under the directory that differ from `texts`, are missing, or belong to no type."""
    changed = [name for name, text in texts.items() if _read(directory / name) != text]
    return sorted(changed + _find_left_over(directory, texts))


def write_files(directory: Path, texts: Mapping[str, str]) -> None:
    """Write these texts under the directory, and delete schemas of types that no longer exist."""
    for name, text in texts.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in _find_left_over(directory, texts):
        (directory / name).unlink()


def format_measures() -> str:
    """The table of measures, by family."""
    by_family: dict[str, list[Measure]] = defaultdict(list)
    for measure in MEASURES:
        by_family[measure.family].append(measure)
    head = ("measure", "dimensions", "components", "retention", "meaning")
    sections = [
        f"## {family}\n\n{join_table(head, map(_measure_row, measures))}"
        for family, measures in by_family.items()
    ]
    intro = (
        "Everything that is added up. Dimensions in *italics* are private: they name an entity, which never "
        "becomes a label or a public figure. A component without a unit is a count. Retention lists the "
        "grains; one without a time is kept for ever, the others for that long after the period's end."
    )
    return join_page("Measures", intro, "\n\n".join(sections))


def _measure_row(measure: Measure) -> tuple[str, ...]:
    dimensions = (d.name if d.public else f"*{d.name}*" for d in measure.dimensions)
    kept = (
        k.grain.name.lower() + ("" if k.keep_ms is None else f" ({duration(k.keep_ms)})")
        for k in measure.retentions
    )
    return (
        f"`{measure.name}`",
        ", ".join(dimensions),
        _components(measure),
        ", ".join(kept),
        measure.meaning,
    )


def _components(measure: Measure) -> str:
    plain = [c.name if c.unit == "count" else f"{c.name} ({c.unit})" for c in measure.components]
    if measure.bounds is None:
        return ", ".join(plain)
    buckets = len(measure.bounds)
    return ", ".join([f"{plain[0]} … {plain[buckets - 1]} ({buckets} buckets)", *plain[buckets:]])


def _json(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _find_left_over(directory: Path, texts: Mapping[str, str]) -> list[str]:
    names = (f"schemas/{path.name}" for path in directory.glob("schemas/*.schema.json"))
    return [name for name in names if name not in texts]
