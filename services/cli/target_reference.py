"""The page docs/reference/targets.md: every target of the plan, as the catalogue has it."""

from collections.abc import Iterator

import msgspec

from tidemark.services.markdown import join_table
from tidemark.services.reports.words import UNIT
from tidemark.streams.indicators.targets.catalogue import Catalogue, Indicator
from tidemark.streams.indicators.targets.goal import Kind

from .markdown import join_page

_INTRO = """\
The {count} targets of the plan, by the section that states them. Numbers are the plan's, in the unit given; \
the catalogue is [`seeds/indicators`](../../seeds/indicators), and \
[`indicators.schema.json`](indicators.schema.json) describes its files. Without another date a target is due \
on 31 December 2030. The baseline holds on 31 December of its year; a dash means that the plan states none, \
and a target without a baseline has a value but no pace.

**Kind** says how the number is read: {kinds}. The **path** leads from the baseline to the target: linear by \
equal amounts a day, geometric by equal growth a year, milestone in steps on their days.

**Measured by** names the sources: `official` is a figure that a bureau publishes, a formula is computed \
from events; where there are both, the one in **bold** counts. Ranks and growth come from official figures \
only. **Stated in** gives the section of the plan; 表1 is its table of targets."""

_HEAD = (
    "id",
    "name",
    "unit",
    "baseline",
    "target",
    "period",
    "kind and path",
    "measured by",
    "stated in",
)

_KINDS: dict[Kind, tuple[str, str]] = {
    "stock": ("what there is on a day", "on 31 December 2030"),
    "annual_flow": ("the amount of one year, judged on the year 2030", "the year 2030"),
    "cumulative": ("the amounts of all years since the plan began", "2026 to 2030 together"),
    "ratio": ("a share", "on 31 December 2030"),
    "growth": ("a multiple of the base year", "2030 against the base year"),
    "rank": ("a place in a ranking; lower is better", "2030"),
    "ambiguous": (
        "the plan does not say; without a declaration of the deployment (see "
        "[the example](../../seeds/indicators/declarations/example.toml)) it gets no status",
        "not stated",
    ),
}


def format_targets(catalogue: Catalogue) -> str:
    """The page, one table for each section of the plan."""
    body: list[str] = []
    for section in catalogue.sections.values():
        body.append(f"## {section.number} {section.zh} · {section.en}")
        body.append(join_table(_HEAD, map(_row, section.indicator)))
        body += _list_notes(section.indicator)
    kinds = "; ".join(f"`{kind}`: {meaning}" for kind, (meaning, _) in _KINDS.items())
    return join_page("Targets", _INTRO.format(count=len(catalogue), kinds=kinds), "\n\n".join(body))


def _row(indicator: Indicator) -> tuple[str, ...]:
    unit = UNIT[indicator.unit]
    return (
        f"`{indicator.id}`",
        f"{indicator.name_zh} · {indicator.name_en}",
        unit.zh if unit.zh == unit.en else f"{unit.zh} · {unit.en}",
        "–" if indicator.baseline is None else f"{indicator.baseline} ({indicator.baseline_year})",
        f"{indicator.op} {indicator.target}",
        _describe_period(indicator),
        f"{indicator.kind}, {indicator.path}",
        ", ".join(_list_sources(indicator)),
        indicator.source,
    )


def _describe_period(indicator: Indicator) -> str:
    if indicator.milestones:
        return ", ".join(f"{step.value} by {step.due}" for step in indicator.milestones)
    return _KINDS[indicator.kind][1]


def _list_sources(indicator: Indicator) -> Iterator[str]:
    for way in indicator.ways:
        name = "official" if way == "official" else _describe_formula(indicator)
        yield f"**{name}**" if way == indicator.authority and len(indicator.ways) > 1 else name


def _describe_formula(indicator: Indicator) -> str:
    """`registered (entity_class refund_shop)`: the formula's name and its conditions."""
    fields = msgspec.to_builtins(indicator.live)
    name = fields.pop("formula")
    conditions = [
        f"{key} {' '.join(map(str, value)) if isinstance(value, tuple) else value}".removesuffix(" True")
        for key, value in fields.items()
        if value not in ((), False, None)
    ]
    return f"{name} ({', '.join(conditions)})" if conditions else str(name)


def _list_notes(indicators: tuple[Indicator, ...]) -> Iterator[str]:
    """What the plan leaves open or says twice, in both languages."""
    lines = [
        f"- `{indicator.id}`: {indicator.note_zh}。{indicator.note_en}.{_describe_conflicts(indicator)}"
        for indicator in indicators
        if indicator.note_zh or indicator.conflicts_with
    ]
    if lines:
        yield "\n".join(lines)


def _describe_conflicts(indicator: Indicator) -> str:
    names = ", ".join(f"`{name}`" for name in indicator.conflicts_with)
    return f" Conflicts with {names}." if names else ""
