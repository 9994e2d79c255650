"""The inputs of a report: its assessments, and the provenance of the data."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.contracts.published import DeadLetter, Row
from tidemark.streams.contracts.text import Text
from tidemark.streams.families.table import FAMILY_OF, TYPE_BY_NAME
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.assessment.context import AssessmentContext
from tidemark.streams.indicators.assessment.evidence import gather_evidence
from tidemark.streams.indicators.paths.seasons import SeasonBook
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.catalogue import Catalogue
from tidemark.streams.view.feeds import dead_letters, feeds, lags
from tidemark.streams.view.view import View

from .period import Period, list_month_ends
from .report import Provenance

Days = dict[date, dict[str, Assessment]]


def list_days(period: Period, day: date) -> list[date]:
    """The day before the period, the ends of the plan's months until the report's day, and that day."""
    return sorted({period.before, *list_month_ends(day)})


def assess_days(
    catalogue: Catalogue, reading: Reading, days: Iterable[date], as_of: date, book: SeasonBook
) -> Days:
    """Every target on each of the days, with the official figures published by `as_of`.

    A report is written after its period: figures published since then count, and both ends of
    the period use the same vintages.
    """
    figures, by_family = reading.figures.as_of(as_of), feeds(reading.view.heads.values())
    assessed: Days = {}
    for day in days:
        context = AssessmentContext(reading, day, figures, by_family)
        assessed[day] = {
            indicator.id: assess(context, indicator, gather_evidence(context, indicator), book)
            for indicator in catalogue
        }
    return assessed


UNREADABLE = "unreadable"
"""The family under which dead letters of an unreadable type are counted."""


class _Typed(msgspec.Struct):
    type: str = ""


@dataclass(frozen=True)
class Source:
    """What was read from a log: the whole view, the end of each partition, and the dead letters."""

    url: str
    identity: LogIdentity
    view: View
    ends: Sequence[int]
    letters: Sequence[tuple[int, Row]]


def describe_provenance(
    source: Source, now_ms: int, as_of: date, version: str, names: Mapping[str, Text]
) -> Provenance:
    """The provenance of a report that is created at `now_ms`; `names` are those of places."""
    heads, identity = source.view.heads, source.identity
    return Provenance(
        log=source.url.partition("?")[0],
        district=names.get(f"district.{identity.district}", Text(identity.district, identity.district)),
        identity=identity,
        generation=source.view.generation,
        fold_versions=tuple(sorted({head.fold_version for head in heads.values()})),
        positions=tuple(
            heads[number].position if number in heads else 0 for number in range(identity.partitions)
        ),
        lags=tuple(lags(heads, source.ends)),
        feeds=feeds(heads.values()),
        dead=dead_letters(heads.values()),
        dead_families=count_dead_families(row.value for _, row in source.letters),
        as_of=as_of,
        at=instant(now_ms),
        version=version,
    )


def count_dead_families(letters: Iterable[bytes | None]) -> dict[str, int]:
    """The number of dead letters by the family that their bytes name."""
    return dict(Counter(_read_family(raw) for raw in letters if raw is not None))


def _read_family(letter: bytes) -> str:
    try:
        named = msgspec.json.decode(msgspec.json.decode(letter, type=DeadLetter).raw, type=_Typed).type
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNREADABLE
    kind = TYPE_BY_NAME.get(named)
    return UNREADABLE if kind is None else FAMILY_OF[kind].name
