"""Load and check the catalogue's files; errors name the file, the id and the field."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from .catalogue import Catalogue, Indicator, Meaning, Section

T = TypeVar("T")

_SHAPE = "see the other entries of the file and docs/reference/indicators.schema.json"
_NAMED_FIELD = re.compile("field `([a-z_]+)`")
_FLOWS = frozenset({"footfall", "retail"})


class CatalogueInvalid(ValueError):
    """The catalogue cannot be used. `where` is the file, and the id where it is known."""

    def __init__(self, where: str, field: str, problem: str) -> None:
        super().__init__(f"{where}: {field}: {problem}")
        self.where = where
        self.field = field


def read_catalogue(folder: Path, declarations: Path | None = None) -> Catalogue:
    """The catalogue of all .toml files of a folder, with declared meanings. Raises CatalogueInvalid,
    OSError."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}
    catalogue = load_catalogue(texts)
    if declarations is None:
        return catalogue
    return declare_meanings(catalogue, load_declarations(declarations.name, declarations.read_text("utf-8")))


def load_catalogue(texts: Mapping[str, str]) -> Catalogue:
    """The catalogue of files given by name, in their order. Raises CatalogueInvalid."""
    if not texts:
        raise CatalogueInvalid("catalogue", "files", "there are none; name the folder that holds them")
    sections = {name: _parse_section(name, text) for name, text in texts.items()}
    _check_ids(sections)
    catalogue = Catalogue(sections)
    for name, section in sections.items():
        for indicator in section.indicator:
            _check_conflicts(f"{name}: {indicator.id}", indicator, catalogue)
    return catalogue


def load_declarations(name: str, text: str) -> dict[str, Meaning]:
    """The meanings that a deployment declares for ambiguous targets, by id. Raises CatalogueInvalid."""
    declared = _parse_toml(name, text)
    for indicator_id, meaning in declared.items():
        if meaning not in get_args(Meaning):
            meanings = ", ".join(get_args(Meaning))
            raise CatalogueInvalid(
                name, indicator_id, f"{meaning!r} is not a meaning; give one of {meanings}"
            )
    return declared


def declare_meanings(catalogue: Catalogue, meanings: Mapping[str, Meaning]) -> Catalogue:
    """The catalogue with these meanings. Raises CatalogueInvalid."""
    for indicator_id, meaning in meanings.items():
        _check_meaning(catalogue, indicator_id, meaning)
    return Catalogue(
        {
            name: msgspec.structs.replace(
                section,
                indicator=tuple(
                    msgspec.structs.replace(indicator, meaning=meanings[indicator.id])
                    if indicator.id in meanings
                    else indicator
                    for indicator in section.indicator
                ),
            )
            for name, section in catalogue.sections.items()
        }
    )


def _parse_section(name: str, text: str) -> Section:
    raw = _parse_toml(name, text)
    entries = raw.pop("indicator", [])
    if not isinstance(entries, list) or not entries:
        raise CatalogueInvalid(
            name, "indicator", "is not a list of tables; write [[indicator]] for each target"
        )
    head = _convert({**raw, "indicator": ()}, Section, name)
    indicators = []
    for number, entry in enumerate(entries, 1):
        entry_id = entry.get("id") if isinstance(entry, dict) else None
        where = f"{name}: {entry_id or f'entry {number}'}"
        if isinstance(entry, dict) and "meaning" in entry:
            raise CatalogueInvalid(
                where, "meaning", "is for the deployment to declare; put it in its declarations"
            )
        indicators.append(_convert(entry, Indicator, where))
    return msgspec.structs.replace(head, indicator=tuple(indicators))


def _parse_toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueInvalid(name, "file", f"is not TOML: {error}; correct that line") from None


def _convert(raw: Any, shape: type[T], where: str) -> T:
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        field, separator, rest = problem.partition(": ")
        if separator and field.isidentifier():
            raise CatalogueInvalid(where, field, rest) from None
        missing = _NAMED_FIELD.search(problem)
        parts = [path.strip("`."), missing[1] if missing else ""]
        raise CatalogueInvalid(
            where, ".".join(filter(None, parts)) or "entry", f"{problem}; {_SHAPE}"
        ) from None


def _check_ids(sections: Mapping[str, Section]) -> None:
    seen: dict[str, str] = {}
    for name, section in sections.items():
        for indicator in section.indicator:
            if indicator.id in seen:
                raise CatalogueInvalid(
                    f"{name}: {indicator.id}", "id", f"is in {seen[indicator.id]} too; rename one"
                )
            seen[indicator.id] = name


def _check_conflicts(where: str, indicator: Indicator, catalogue: Catalogue) -> None:
    for other in indicator.conflicts_with:
        if other not in catalogue:
            raise CatalogueInvalid(where, "conflicts_with", f"{other!r} is not a target; correct the id")
        if indicator.id not in catalogue[other].conflicts_with or other == indicator.id:
            raise CatalogueInvalid(
                where,
                "conflicts_with",
                f"{other} does not name {indicator.id}; add it there or remove it here",
            )
    if (indicator.conflicts_with or indicator.kind == "ambiguous") and indicator.note_en is None:
        raise CatalogueInvalid(
            where, "note_en", "is missing; write what conflicts or what the plan leaves open"
        )


def _check_meaning(catalogue: Catalogue, indicator_id: str, meaning: Meaning) -> None:
    if indicator_id not in catalogue or catalogue[indicator_id].kind != "ambiguous":
        ambiguous = ", ".join(indicator.id for indicator in catalogue if indicator.kind == "ambiguous")
        raise CatalogueInvalid(
            "declarations", indicator_id, f"is not an ambiguous target; those are {ambiguous}"
        )
    live = catalogue[indicator_id].live
    if meaning == "stock" and live is not None and live.family in _FLOWS:
        raise CatalogueInvalid(
            "declarations", indicator_id, "is a flow, not a stock; use annual_2030 or cumulative_2026_2030"
        )
