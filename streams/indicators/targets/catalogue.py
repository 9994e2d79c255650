"""The catalogue: every target of the plan with its numbers, its meaning and how it is measured."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from tidemark.streams.contracts.family import require
from tidemark.streams.contracts.payload import LIMIT
from tidemark.streams.indicators.formulas import Live

from .goal import PLAN_END, Goal, Kind, Path, Step

Meaning = Literal["annual_2030", "cumulative_2026_2030", "stock"]
Authority = Literal["live", "official"]
Unit = Literal[
    "CNY_100m", "CNY_trn", "USD_100m", "count", "m2", "pairs", "percent", "rank", "times", "visits"
]
Text = Annotated[str, Meta(min_length=1)]

_KIND_OF: dict[Meaning, Kind] = {
    "annual_2030": "annual_flow",
    "cumulative_2026_2030": "cumulative",
    "stock": "stock",
}


class Milestone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dated step: the figure reaches `value` by the day `due`."""

    due: date
    value: Decimal
    zh: Text
    en: Text


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A target of the plan for the end of 2030, in `unit`.

    `baseline`: the value on 31 December of `baseline_year`, None where the plan gives none. Kind `ambiguous`:
    the plan does not say what the number counts; `meaning` is what the deployment declares. `path` leads from
    baseline to target; on a milestone path nothing is expected before the day it is due. `live` measures it
    from events; `official`: a bureau publishes the figure; where there are both, `authority` names the one
    that counts. `source` is the section of the plan. `conflicts_with` names the targets that contradict it.
    """

    id: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{2,47}$")]
    name_zh: Text
    name_en: Text
    unit: Unit
    target: Decimal
    op: Literal[">=", ">", "<="]
    kind: Kind
    source: Text
    authority: Authority
    baseline: Decimal | None = None
    baseline_year: Annotated[int, Meta(ge=2020, le=2029)] | None = None
    path: Path = "linear"
    live: Live | None = None
    official: bool = False
    milestones: tuple[Milestone, ...] = ()
    conflicts_with: tuple[str, ...] = ()
    note_zh: Text | None = None
    note_en: Text | None = None
    meaning: Meaning | None = None

    def __post_init__(self) -> None:
        require(_is_number(self.target), f"target: is not a number of at most {LIMIT}; give one")
        require(
            _is_number(self.baseline or self.target),
            f"baseline: is not a number of at most {LIMIT}; give one",
        )
        require(
            (self.baseline is None) == (self.baseline_year is None),
            "baseline_year: goes with baseline; give both or neither",
        )
        require(
            self._starts_before_target, "baseline: is beyond the target; correct op or one of the two numbers"
        )
        require(
            self.path != "geometric" or ((self.baseline or 0) > 0 and self.target > 0),
            "path: geometric needs a baseline and a target above 0; use linear",
        )
        require(
            self.authority in self.ways,
            f"authority: there is no {self.authority} value; add {self.authority} or name the other one",
        )
        require(
            self.kind not in ("rank", "growth") or self.live is None,
            f"live: a {self.kind} comes from official figures only; remove live",
        )
        require((self.note_zh is None) == (self.note_en is None), "note_en: goes with note_zh; write both")
        self._check_milestones()

    def _check_milestones(self) -> None:
        steps = self.milestones
        require(
            (self.path == "milestone") == bool(steps),
            "milestones: go with path milestone; give both or neither",
        )
        days = [step.due for step in steps]
        require(days == sorted(set(days)), "milestones: are not sorted by day; sort them")
        require(not days or days[-1] <= PLAN_END, f"milestones: one is due after {PLAN_END}; move it")
        require(
            not steps or steps[-1].value == self.target,
            "milestones: the last one differs from the target; give it the same value",
        )

    @property
    def _starts_before_target(self) -> bool:
        if self.baseline is None:
            return True
        return self.baseline >= self.target if self.op == "<=" else self.baseline < self.target

    @property
    def ways(self) -> tuple[Authority, ...]:
        """How it is measured: live, official or both."""
        live: tuple[Authority, ...] = () if self.live is None else ("live",)
        return (*live, "official") if self.official else live

    @property
    def reads_as(self) -> Kind:
        """The kind to compute with: where the plan is ambiguous, that of the declared meaning, or `ambiguous`
        until one is declared."""
        if self.kind == "ambiguous" and self.meaning is not None:
            return _KIND_OF[self.meaning]
        return self.kind

    @property
    def goal(self) -> Goal:
        """The target as the formulas of pace read it."""
        return Goal(
            kind=self.reads_as,
            op=self.op,
            target=float(self.target),
            baseline=None if self.baseline is None else float(self.baseline),
            baseline_year=self.baseline_year,
            path=self.path,
            steps=tuple(Step(step.due, float(step.value)) for step in self.milestones),
        )


def _is_number(number: Decimal) -> bool:
    return number.is_finite() and abs(number) <= LIMIT


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of the plan and its targets: one file."""

    number: Text
    zh: Text
    en: Text
    indicator: tuple[Indicator, ...]


class Catalogue:
    """All targets by id, in the order of the plan; `sections` by the name of their file."""

    def __init__(self, sections: Mapping[str, Section]) -> None:
        self.sections = sections
        self._by_id = {
            indicator.id: indicator for section in sections.values() for indicator in section.indicator
        }

    def __getitem__(self, indicator_id: str) -> Indicator:
        return self._by_id[indicator_id]

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, indicator_id: object) -> bool:
        return indicator_id in self._by_id


_DECIMAL = {"type": "string", "format": "decimal"}
_DECLARED = "meaning"


def build_section_schema() -> dict[str, Any]:
    """The JSON schema of one file; decimals are numbers, as in TOML.

    Only the types check the rules between fields and between files.
    """
    schema: dict[str, Any] = _convert_decimals(msgspec.json.schema(Section))
    indicator = schema["$defs"]["Indicator"]["properties"]
    del indicator[_DECLARED]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _convert_decimals(part: Any) -> Any:
    if part == _DECIMAL:
        return {"type": "number"}
    if isinstance(part, dict):
        return {name: _convert_decimals(value) for name, value in part.items()}
    return [_convert_decimals(item) for item in part] if isinstance(part, list) else part
