"""`tidemark targets`: how far the plan's targets are, how fast, and how sure that is."""

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

from .console import AsJson, LogUrl, out, print_json, wrong_use
from .looking import AsOf, Declarations, Look, look
from .target_page import print_page
from .target_table import print_table

app = typer.Typer(help="The plan's targets: value, pace, projection and status.")


class KindName(StrEnum):
    """The kinds of targets."""

    STOCK = "stock"
    ANNUAL_FLOW = "annual_flow"
    CUMULATIVE = "cumulative"
    RATIO = "ratio"
    GROWTH = "growth"
    RANK = "rank"
    AMBIGUOUS = "ambiguous"


Lang = Annotated[Language, typer.Option("--lang", help="Chinese or English.")]


class Listed(msgspec.Struct):
    """A target with its assessment; `file` is its section's."""

    file: str
    section: Section
    indicator: Indicator
    assessment: Assessment


@app.callback(invoke_without_command=True)
def targets(  # noqa: PLR0913  each is a flag
    context: typer.Context,
    status: Annotated[list[Status] | None, typer.Option(help="Only these; may be given again.")] = None,
    section: Annotated[str, typer.Option(help="Only of a section: its number or part of its name.")] = "",
    kind: Annotated[list[KindName] | None, typer.Option(help="Only these; may be given again.")] = None,
    search: Annotated[str, typer.Option(help="Only with these letters in the id or a name.")] = "",
    as_of: AsOf = None,
    lang: Lang = Language.EN,
    log: LogUrl = DEFAULT_LOG,
    declarations: Declarations = None,
    as_json: AsJson = False,
) -> None:
    """List the plan's targets; `show ID` tells all about one."""
    if context.invoked_subcommand is not None:
        return
    seen = look(log, declarations, as_of)
    listed = [
        one
        for one in assessed(seen)
        if (not status or one.assessment.status in status)
        and _letters_in(section, one.section.number, one.section.zh, one.section.en, one.file)
        and (not kind or one.assessment.kind in kind)
        and _letters_in(search, one.indicator.id, one.indicator.name_zh, one.indicator.name_en)
    ]
    if as_json:
        print_json({"day": seen.context.day, "known": seen.known[1], "targets": list(map(_document, listed))})
        return
    print_table([(one.indicator, one.assessment) for one in listed], lang)
    out.print(seen.known[lang is Language.EN], highlight=False)


@app.command()
def show(
    indicator_id: Annotated[str, typer.Argument(metavar="ID", help="As `tidemark targets` lists it.")],
    as_of: AsOf = None,
    lang: Lang = Language.EN,
    log: LogUrl = DEFAULT_LOG,
    declarations: Declarations = None,
) -> None:
    """Tell how a target was computed and from what, its history, its paths and its official figures."""
    seen = look(log, declarations, as_of)
    if indicator_id not in seen.plan.catalogue:
        wrong_use(f"ID: {indicator_id} is no target; `tidemark targets` lists them")
    print_page(seen, seen.plan.catalogue[indicator_id], lang)


def assessed(seen: Look) -> list[Listed]:
    """Every target, in the plan's order."""
    return [
        Listed(name, section, one, assess(seen.context, one, gather_evidence(seen.context, one), seen.book))
        for name, section in seen.plan.catalogue.sections.items()
        for one in section.indicator
    ]


def _letters_in(letters: str, *texts: str) -> bool:
    return letters.lower() in "\n".join(texts).lower()


def _document(one: Listed) -> dict[str, Any]:
    """The assessment with what the catalogue says of the target."""
    about = {
        "section": one.section.number,
        "name_zh": one.indicator.name_zh,
        "name_en": one.indicator.name_en,
    }
    return {**about, **msgspec.to_builtins(one.assessment, enc_hook=encode_cause)}
