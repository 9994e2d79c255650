"""References in documents, comments and docstrings, and which of them lead nowhere."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer

from tests.support.examples import ROOT
from tidemark.services.cli.app import app

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_PATH = re.compile(r"(?<![\w/.:-])(?:docs|streams|services|deploy|seeds|tests)/[\w./-]*\w(?![\w<*{…])")
_WRONG_USE: type[Exception] = typer.BadParameter.mro()[1]
"""What resolving an unknown command raises; its module is private."""
_YET_TO_COME = re.compile(r"seeds/calendar/20\d\d\.toml")
"""Each year's days off are announced late in the year before."""
_MODULE = re.compile(r"(?<![\w/.-])\w+\.py\b")
_DECISION = re.compile(r"\bdecisions? ([0-9]{4})\b|\[([0-9]{4})\]", re.IGNORECASE)
_COMMAND = re.compile(r"(?:^|[`;&|] *| {4}|\d\. )tidemark ((?:[a-z][\w-]*)(?: [a-z][\w-]*)*)", re.MULTILINE)
_NOWHERE = re.compile(
    r"\.\./shared|\bplan\.txt\b|\bmeanings\.csv\b|\btargets\.csv\b|\bdesign\.md\b"
    r"|\bthe reference (?:on|gives|says)\b|\(reference:|\bdesign,? section\b|\bthe brief\b"
    r"|\b(?:in|of|by|see) the design\b|\bthe design(?:'s| says| gives)|\bissue (?-i:[A-Z]|[0-9]+)\b",
    re.IGNORECASE,
)


def list_files(*suffixes: str) -> list[Path]:
    """The repository's files with these suffixes; the changelog, which describes the past, is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / line for line in listed.stdout.splitlines())
    return [p for p in paths if p.suffix in suffixes and p.name != "CHANGELOG.md" and p.is_file()]


def find_broken_links(page: Path, text: str) -> list[str]:
    """Relative links of a Markdown page to a file or a heading that does not exist."""
    return [target for target in _LINK.findall(text) if "://" not in target and not _leads(page, target)]


def _leads(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    if not path.exists():
        return False
    if not anchor or path.suffix != ".md":
        return True
    text = path.read_text("utf-8") if path.exists() else ""
    return anchor in {_slug(heading) for heading in _HEADING.findall(_FENCE.sub("", text))}


def _slug(heading: str) -> str:
    """The anchor of a heading as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def find_missing_paths(text: str) -> list[str]:
    """Paths below the top-level folders that are not in the repository; placeholders are ignored."""
    names = (match[0] for match in _PATH.finditer(text))
    return sorted({name for name in names if not _exists(name)})


@cache
def _exists(name: str) -> bool:
    path = ROOT / name
    return path.exists() or path.with_name(f"{path.name}.py").exists() or bool(_YET_TO_COME.fullmatch(name))


def find_missing_file_names(text: str) -> list[str]:
    """Names of modules without a folder, such as `spans.py`, that no file of the repository has."""
    return sorted(set(_MODULE.findall(text)) - _module_names())


@cache
def _module_names() -> frozenset[str]:
    return frozenset(path.name for path in list_files(".py"))


def find_missing_decisions(text: str) -> list[str]:
    """Numbers of decision records that do not exist."""
    numbers = (first or second for first, second in _DECISION.findall(text))
    return sorted({number for number in numbers if not list((ROOT / "docs/decisions").glob(f"{number}-*"))})


def find_missing_commands(text: str) -> list[str]:
    """Commands `tidemark …` that the command line does not have."""
    return sorted({words for words in _COMMAND.findall(text) if not _is_command(words)})


@cache
def _is_command(text: str) -> bool:
    words = text.split()
    command: Any = typer.main.get_command(app)
    while words and isinstance(command, typer.core.TyperGroup):
        # Loads the group behind a stand-in, which get_command does not
        try:
            _, command, words = command.resolve_command(typer.Context(command), words)
        except _WRONG_USE:
            return False
    return True


def find_phrases_without_document(text: str) -> list[str]:
    """Phrases that point to a document outside of the repository."""
    return sorted({" ".join(match[0].split()) for match in _NOWHERE.finditer(text)})


def quote_markdown(text: str) -> str:
    """What a page sets as code, inline or in blocks: the parts that name files."""
    return "\n".join([*_CODE.findall(_FENCE.sub("", text)), *_FENCE.findall(text)])


def quote_commands(source: str) -> str:
    """The commands that a module quotes, one a line."""
    return "\n".join(f"`{code}`" for code in _CODE.findall(source) if code.startswith("tidemark "))


def read_prose(source: str) -> str:
    """The comments and docstrings of a Python module, docstrings of constants included."""
    return "\n".join([*_comments(source), *_docstrings(ast.parse(source))])


def _comments(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def _docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


def read_comments(text: str) -> str:
    """The comment lines of a file in TOML, YAML, shell or make."""
    return "\n".join(line.partition("#")[2] for line in text.splitlines() if "#" in line)


def join_findings(findings: Iterable[tuple[Path, list[str]]]) -> list[str]:
    """`page: what it names`, for the pages that have any."""
    return [f"{path.relative_to(ROOT)}: {name}" for path, names in findings for name in names]
