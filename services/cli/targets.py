"""`tidemark targets`: the plan's targets with value, pace, projection and status."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
import typer

from tidemark.services.defaults import DEFAULT_LOG
from tidemark.services.wording import encode_cause
from tidemark.streams.contracts.text import Language
from tidemark.streams.indicators.assessment.assessing import assess
from tidemark.streams.indicators.assessment.assessment import Assessment, Status
from tidemark.streams.indicators.assessment.evidence import gather_evidence
from tidemark.streams.indicators.targets.catalogue import Indicator, Section

from .console import AsJson, LogUrl, print_json, print_line, wrong_use
from .context import AsOf, Declarations, TargetContext, read_context
from .language import Lang
from .target_page import print_page
from .target_table import print_targets

app = typer.Typer(
    help="List the plan's targets: value, pace, projection and status. `show ID` shows one in full."
)


class KindName(StrEnum):
    """The kinds of targets."""

    STOCK = "stock"
    ANNUAL_FLOW = "annual_flow"
    CUMULATIVE = "cumulative"
    RATIO = "ratio"
    GROWTH = "growth"
    RANK = "rank"
    AMBIGUOUS = "ambiguous"


class Listed(msgspec.Struct):
    """A target with its assessment; `file` is its section's."""

    file: str
    section: Section
    indicator: Indicator
    assessment: Assessment


@app.callback(invoke_without_command=True)
def targets(  # noqa: PLR0913  each is a flag
    invocation: typer.Context,
    status: Annotated[
        list[Status] | None, typer.Option(help="Only this status; repeat the option for more.")
    ] = None,
    section: Annotated[str, typer.Option(help="Only this section: its number or part of its name.")] = "",
    kind: Annotated[
        list[KindName] | None, typer.Option(help="Only this kind; repeat the option for more.")
    ] = None,
    search: Annotated[str, typer.Option(help="Only targets whose id or name contains this.")] = "",
    as_of: AsOf = None,
    log: LogUrl = DEFAULT_LOG,
    declarations: Declarations = None,
    as_json: AsJson = False,
    *,
    lang: Lang,
) -> None:
    """List the plan's targets: value, pace, projection and status. `show ID` shows one in full.

    Example: tidemark targets --status behind --status at_risk --lang zh
    """
    if invocation.invoked_subcommand is not None:
        return
    context = read_context(log, declarations, as_of)
    listed = [
        target
        for target in assess_targets(context)
        if (not status or target.assessment.status in status)
        and _contains(section, target.section.number, target.section.zh, target.section.en, target.file)
        and (not kind or target.assessment.kind in kind)
        and _contains(search, target.indicator.id, target.indicator.name_zh, target.indicator.name_en)
    ]
    if as_json:
        basis = context.basis.in_language(Language.EN)
        print_json({"day": context.assessment.day, "known": basis, "targets": list(map(_document, listed))})
        return
    print_targets([(target.indicator, target.assessment) for target in listed], lang)
    print_line(context.basis.in_language(lang))


@app.command()
def show(
    indicator_id: Annotated[str, typer.Argument(metavar="ID", help="As `tidemark targets` lists it.")],
    as_of: AsOf = None,
    log: LogUrl = DEFAULT_LOG,
    declarations: Declarations = None,
    *,
    lang: Lang,
) -> None:
    """Show how a target was computed and from what, its history, its paths and its official figures."""
    context = read_context(log, declarations, as_of)
    if indicator_id not in context.plan.catalogue:
        wrong_use(f"ID: {indicator_id} is not a target; `tidemark targets` lists them")
    print_page(context, context.plan.catalogue[indicator_id], lang)


def assess_targets(context: TargetContext) -> list[Listed]:
    """Every target, in the plan's order."""
    return [
        Listed(
            name,
            section,
            indicator,
            assess(
                context.assessment, indicator, gather_evidence(context.assessment, indicator), context.book
            ),
        )
        for name, section in context.plan.catalogue.sections.items()
        for indicator in section.indicator
    ]


def _contains(letters: str, *texts: str) -> bool:
    return letters.lower() in "\n".join(texts).lower()


def _document(target: Listed) -> dict[str, Any]:
    """The assessment, with the target's section and names."""
    about = {
        "section": target.section.number,
        "name_zh": target.indicator.name_zh,
        "name_en": target.indicator.name_en,
    }
    return {**about, **msgspec.to_builtins(target.assessment, enc_hook=encode_cause)}
