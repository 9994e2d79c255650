"""The generated references under docs/reference, made from the contracts and the examples."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tidemark.streams.contracts.family import Measure
from tidemark.streams.families.asyncapi import asyncapi_document
from tidemark.streams.families.schema import Document, acceptance, duration, key_rule, schema_documents
from tidemark.streams.families.table import EVENT_TYPES, FAMILY_OF, MEASURES
from tidemark.streams.indicators.catalogue import section_schema

REFRESH = "tidemark schemas write docs/reference"
"""The command that writes the committed references."""

_GENERATED = f"<!-- Made by `{REFRESH}`; change the contracts, not this file. -->"
_SCHEMAS = "schemas/{name}.schema.json"


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
    """The text of every reference, by its path under docs/reference."""
    texts = {_SCHEMAS.format(name=name): _json(document) for name, document in schema_documents().items()}
    texts["asyncapi.json"] = _json(asyncapi_document(examples))
    texts["events.md"] = format_events()
    texts["measures.md"] = format_measures()
    texts["indicators.schema.json"] = _json(section_schema())
    return texts


def find_stale(directory: Path, texts: Mapping[str, str]) -> list[str]:
    """Paths under the directory that differ from `texts`, are missing, or belong to no type."""
    changed = [name for name, text in texts.items() if _read(directory / name) != text]
    return sorted(changed + _find_left_over(directory, texts))


def write_files(directory: Path, texts: Mapping[str, str]) -> None:
    """Make the directory hold these texts, and no schema of a type that is gone."""
    for name, text in texts.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in _find_left_over(directory, texts):
        (directory / name).unlink()


def format_events() -> str:
    """The list of event types."""
    rows = []
    for kind in EVENT_TYPES:
        family = FAMILY_OF[kind]
        rows.append(
            (
                f"[`{kind.type_name}`]({_SCHEMAS.format(name=kind.name)})",
                family.name,
                family.stream.value,
                f"`{key_rule(kind)}`",
                duration(family.lateness_ms),
                acceptance(family),
                kind.meaning,
            )
        )
    head = ("type and schema", "family", "stream", "key", "usual lateness", "facts accepted for", "meaning")
    intro = (
        "The key names the entity whose events share a partition; its parts are fields of the payload, or "
        "the event's subject. A later event than the usual lateness is counted as late and still added. An "
        "entity's facts are accepted as long as they lie no further behind the newest event of their "
        "partition. Rules between fields stand in the contracts and not in the schemas. Examples of every "
        "type are in [`seeds/examples`](../../seeds/examples)."
    )
    return _page("Event types", intro, _table(head, rows))


def format_measures() -> str:
    """The table of measures, by family."""
    by_family: dict[str, list[Measure]] = defaultdict(list)
    for measure in MEASURES:
        by_family[measure.family].append(measure)
    head = ("measure", "dimensions", "components", "kept", "meaning")
    sections = [
        f"## {family}\n\n{_table(head, map(_measure_row, measures))}"
        for family, measures in by_family.items()
    ]
    intro = (
        "Everything that is added up. Dimensions in *italics* are private: an entity, which never becomes "
        "a label or a public figure. A component without a unit is a count. A grain without a time is "
        "kept for ever; the others for that long after the period's end."
    )
    return _page("Measures", intro, "\n\n".join(sections))


def _measure_row(measure: Measure) -> tuple[str, ...]:
    dimensions = (d.name if d.public else f"*{d.name}*" for d in measure.dimensions)
    kept = (
        k.grain.name.lower() + ("" if k.lifetime_ms is None else f" ({duration(k.lifetime_ms)})")
        for k in measure.kept
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


def _page(title: str, intro: str, body: str) -> str:
    return f"{_GENERATED}\n\n# {title}\n\n{intro}\n\n{body}\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _json(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def _find_left_over(directory: Path, texts: Mapping[str, str]) -> list[str]:
    names = (f"schemas/{path.name}" for path in directory.glob("schemas/*.schema.json"))
    return [name for name in names if name not in texts]
