"""Names say what they hold and what they do (CONTRIBUTING, "Language")."""

import ast
import re
from collections.abc import Callable, Iterator
from symtable import SymbolTable, symtable

import pytest

from tests.support.examples import ROOT

FILES = sorted(
    path for folder in ("streams", "services", "deploy", "tests") for path in (ROOT / folder).rglob("*.py")
)

VAGUE = {"one", "found", "known", "told", "said", "wanted"}
"""They say how a value was come by, not what it is. Fields are let through: what is stored keeps its name."""

HONEST = "embed evening everything heading hundred mapping meaning nothing reading something timing warning"
"""Verbs and nouns that end like participles."""

IRREGULAR = (
    "agreed|beaten|begun|bent|bought|broken|brought|built|caught|chosen|dealt|done|drawn|driven|fallen|fed|felt"
    "|forgotten|found|freed|frozen|given|gone|grown|guaranteed|heard|held|hidden|kept|known|laid|led|left|lent"
    "|lost|made|meant|met|paid|proven|risen|said|seen|sent|shaken|shown|sold|spent|spoken|spoilt|stolen|stood"
    "|stuck|taken|taught|thought|thrown|told|torn|understood|won|worn|woven|written"
)
PARTICIPLE = re.compile(rf"[a-z]*[aeiouy][a-z]*(ing|(?<!e)ed)|(un|re|over|mis)?({IRREGULAR})")
DEFINITION = re.compile(r"\bdef _*([a-z]+)_*\(")


def is_participle(name: str) -> bool:
    word = name.strip("_")
    return PARTICIPLE.fullmatch(word) is not None and word not in HONEST.split()


def is_value(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether its name is read like a value's: a property, or a fixture that tests ask for by name."""
    decorators = " ".join(ast.unparse(decorator) for decorator in function.decorator_list)
    return "property" in decorators or "fixture" in decorators


def find_participles(source: str) -> list[str]:
    """Functions and methods named by a bare participle, as line:name."""
    if not any(map(is_participle, DEFINITION.findall(source))):
        return []  # parsing is what takes the time
    return [
        f"{node.lineno}:{node.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and is_participle(node.name)
        and not node.name.endswith("__")
        and not is_value(node)
    ]


def find_vague_names(source: str) -> list[str]:
    """Parameters and variables with a vague name, as line:name; the line is where their scope begins."""
    return [
        f"{scope.get_lineno()}:{name}"
        for scope in find_scopes(symtable(source, "source", "exec"))
        if scope.get_type() != "class"
        for name in sorted(VAGUE.intersection(scope.get_identifiers()))
        for symbol in [scope.lookup(name)]
        if symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()
    ]


def find_scopes(scope: SymbolTable) -> Iterator[SymbolTable]:
    """The scope and all within it: classes, functions, comprehensions."""
    yield scope
    for inner in scope.get_children():
        yield from find_scopes(inner)


@pytest.mark.parametrize("check", [find_participles, find_vague_names])
def test_names_say_what_they_hold_and_do(check: Callable[[str], list[str]]) -> None:
    assert len(FILES) > 500
    names = {str(path.relative_to(ROOT)): check(path.read_text("utf-8")) for path in FILES}
    assert {path: vague for path, vague in names.items() if vague} == {}, "see CONTRIBUTING.md, Language"


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "class A:\n    async def _kept(self): ...",
        "def f():\n    def settled(): ...",
        "def running(): ...",
        "def agreed(): ...",
        "def unknown(): ...",
        "def retold(): ...",
    ],
)
def test_a_function_named_by_a_participle_is_seen(source: str) -> None:
    assert find_participles(source)


@pytest.mark.parametrize(
    "source",
    [
        "def feed(): ...",
        "def bring(): ...",
        "def bound(value): ...",
        "def warning(): ...",
        "def read_all(): ...",
        "def find_known(): ...",
        "class A:\n    def __missing__(self): ...",
        "class A:\n    @property\n    def encrypted(self): ...",
        "@pytest.fixture(scope='module')\ndef recorded(): ...",
    ],
)
def test_a_verb_a_noun_and_the_name_of_a_value_may_end_like_a_participle(source: str) -> None:
    assert not find_participles(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(found): ...",
        "def f(*, found=0): ...",
        "def f():\n    one = 1",
        "class A:\n    def f(self):\n        one = 1",
        "for known in []: ...",
        "[told for told in []]",
        "lambda wanted: 0",
        "with open('') as said: ...",
        "from speech import say as said",
        "try: ...\nexcept OSError as found: ...",
        "match 0:\n    case known: ...",
        "match 0:\n    case [*known]: ...",
    ],
)
def test_a_vague_name_is_seen_wherever_it_is_bound(source: str) -> None:
    assert find_vague_names(source)


@pytest.mark.parametrize("source", ["class A:\n    found: int", "print(report.found)", "f(found=1)", "'one'"])
def test_a_field_and_an_argument_of_others_may_have_any_name(source: str) -> None:
    assert not find_vague_names(source)
