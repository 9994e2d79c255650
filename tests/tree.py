"""`python -m tests.tree [BEFORE] [AFTER]`: how large a checkout is, how tangled, and how soon it starts.

Without a folder it measures this checkout, with two it shows them side by side and names the test functions
that only the first has. A checkout is the files that git tracks or would; its command is measured where it
has a `.venv` of its own (`make setup`).
"""

import argparse
import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median

HERE = Path(__file__).resolve().parents[1]
IMPORT_NAME = "tidemark."
"""What module names begin with where the tree is one package over its folders."""
SMALL_LINES = 60
EXPECTED_NAMES = {"__init__", "app", "settings"}
"""Files that a folder has by convention, however small: a package says what it is, a family its payloads
(decision 0023), a service has its settings and its wiring (decision 0025)."""
STARTS = 5
COMPILING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of what is measured: Python keeps what it has compiled, as it does for users."""
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
LOADED = """
import importlib, sys
module, _, name = {entry!r}.partition(":")
sys.argv = ["tidemark", "--help"]
try:
    getattr(importlib.import_module(module), name)()
except SystemExit:
    pass
print(len(sys.modules), file=sys.stderr)
"""
LABELS = {
    "source_files": "source files",
    "code_lines": "lines of code, without comments and docstrings",
    "small_files_with_one_importer": f"files up to {SMALL_LINES} lines, one importer beside them",
    "imports": "imports in all",
    "imports_mean": "imports per file, mean",
    "imports_median": "imports per file, median",
    "functions": "functions",
    "test_functions": "test functions",
    "test_cases": "test cases that pytest collects",
    "help_cpu_s": f"CPU of `tidemark --help`, s (median of {STARTS})",
    "help_modules": "modules that it loads",
    "unit_cpu_s": "CPU of tests/unit in one process, s",
    "ci_minutes": "minutes of CI",
}


@dataclass
class Figures:
    """A checkout in numbers; None is what could not or was not asked to be measured. Imports are import
    statements, functions include methods; source files are all but tests, and so are their importers."""

    source_files: int
    code_lines: int
    small_files_with_one_importer: int
    imports: int
    imports_mean: float
    imports_median: float
    functions: int
    test_functions: int
    test_cases: int | None
    help_cpu_s: float | None
    help_modules: int | None
    unit_cpu_s: float | None
    ci_minutes: float | None


class Source:
    """A Python file: its text and syntax, and the name under which its tree imports it."""

    def __init__(self, root: Path, path: str) -> None:
        self.path = path
        self.text = (root / path).read_text("utf-8")
        self.syntax = ast.parse(self.text, path)
        parts = path.removesuffix(".py").split("/")
        self.package = parts[:-1]
        self.module = ".".join(self.package if parts[-1] == "__init__" else parts).removeprefix(IMPORT_NAME)

    @property
    def lines(self) -> int:
        """All lines."""
        return self.text.count("\n")

    def code_lines(self) -> int:
        """The lines that hold more than a comment or a string that stands by itself."""
        bare = {
            line
            for node in ast.walk(self.syntax)
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        held = {
            line
            for token in tokens
            if token.type not in NO_CODE
            for line in range(token.start[0], token.end[0] + 1)
        }
        return len(held - bare)

    def imports(self) -> list[ast.Import | ast.ImportFrom]:
        """The import statements, those inside functions too."""
        return [node for node in ast.walk(self.syntax) if isinstance(node, ast.Import | ast.ImportFrom)]

    def list_imported(self) -> Iterator[str]:
        """Full names of what is imported: modules, or names in modules."""
        for node in self.imports():
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
                continue
            above = self.package[: len(self.package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)

    def functions(self) -> list[str]:
        """Names of functions and methods."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef
        return [node.name for node in ast.walk(self.syntax) if isinstance(node, kinds)]

    def tests(self) -> Iterator[str]:
        """Names of test functions, and of test cases that hypothesis makes of a state machine."""
        yield from (name for name in self.functions() if name.startswith("test"))
        for node in self.syntax.body:
            match node:
                case ast.Assign(targets=[ast.Name(name)], value=ast.Attribute(attr="TestCase")):
                    yield name


class Checkout:
    """The Python files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.py"]
        printed = subprocess.run(list_files, cwd=root, capture_output=True, text=True, check=True).stdout
        files = [Source(root, path) for path in sorted(set(printed.split())) if (root / path).is_file()]
        self.sources = [file for file in files if not file.path.startswith("tests/")]
        self.tests = Counter(
            name
            for file in files
            if file.path.startswith("tests/") and Path(file.path).name.startswith("test_")
            for name in file.tests()
        )

    def importers(self) -> dict[str, set[str]]:
        """Paths of the source files that import a module, by the module's name."""
        modules = {source.module for source in self.sources}
        importers: dict[str, set[str]] = defaultdict(set)
        for source in self.sources:
            for name in source.list_imported():
                full = name.removeprefix(IMPORT_NAME)
                module = full if full in modules else full.rpartition(".")[0]
                if module in modules and module != source.module:
                    importers[module].add(source.path)
        return importers

    def small_files_with_one_importer(self) -> list[str]:
        """Paths of those that might belong into the file of the same folder that imports them."""
        importers = self.importers()
        return [
            source.path
            for source in self.sources
            if source.lines <= SMALL_LINES
            and Path(source.path).stem not in EXPECTED_NAMES
            and [str(Path(path).parent) for path in importers.get(source.module, ())]
            == [str(Path(source.path).parent)]
        ]

    def measure(self, collect: bool = False, unit: bool = False, ci_minutes: float | None = None) -> Figures:
        """Everything; `collect` has pytest count the cases, `unit` run tests/unit; both take minutes."""
        imports = [len(source.imports()) for source in self.sources]
        started = (self.root / ".venv" / "bin" / "tidemark").exists()
        modules = self._count_modules() if started else None  # first, for it also compiles what it loads
        return Figures(
            source_files=len(self.sources),
            code_lines=sum(source.code_lines() for source in self.sources),
            small_files_with_one_importer=len(self.small_files_with_one_importer()),
            imports=sum(imports),
            imports_mean=round(mean(imports), 2),
            imports_median=median(imports),
            functions=sum(len(source.functions()) for source in self.sources),
            test_functions=self.tests.total(),
            test_cases=self._count_cases() if collect else None,
            help_cpu_s=round(median(self._time_help() for _ in range(STARTS)), 3) if started else None,
            help_modules=modules,
            unit_cpu_s=self._time_unit_tests() if unit else None,
            ci_minutes=ci_minutes,
        )

    def _time_help(self) -> float:
        return self._time_cpu("tidemark", "--help")

    def _time_unit_tests(self) -> float:
        return round(self._time_cpu("pytest", "-q", "tests/unit"), 1)

    def _time_cpu(self, program: str, *arguments: str) -> float:
        """Seconds of CPU, user and system, that a program of the environment takes with all it starts."""
        command = [self.root / ".venv" / "bin" / program, *arguments]
        with subprocess.Popen(command, cwd=self.root, env=COMPILING, stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{command} failed"
        return usage.ru_utime + usage.ru_stime

    def _count_modules(self) -> int:
        project = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["project"]
        script = LOADED.format(entry=project["scripts"]["tidemark"])
        return int(self._run("-c", script).stderr.split()[-1])

    def _count_cases(self) -> int:
        options = ["-o", "addopts=--import-mode=importlib", "--collect-only", "-q", "--ignore", "tests/bench"]
        return len(re.findall("(?m)^tests/.*::", self._run("-m", "pytest", *options).stdout))

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        python = self.root / ".venv" / "bin" / "python"
        return subprocess.run(
            [python, *arguments], cwd=self.root, env=COMPILING, capture_output=True, text=True, check=True
        )


def print_table(columns: Sequence[Figures]) -> None:
    """A line for each figure that any of the trees has."""
    for name, label in LABELS.items():
        values = [getattr(figures, name) for figures in columns]
        if any(value is not None for value in values):
            texts = ["–" if value is None else f"{value:,}" for value in values]
            print(f"{label:<50}", *(f"{text:>10}" for text in texts))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tree", description=__doc__)
    parser.add_argument("roots", nargs="*", type=Path, metavar="ROOT", help="one or two checkouts")
    parser.add_argument("--collect", action="store_true", help="have pytest count the test cases, too")
    parser.add_argument("--unit", action="store_true", help="have pytest run tests/unit and measure its CPU")
    parser.add_argument("--ci-minutes", nargs="*", type=float, default=[], help="as CI told, for each ROOT")
    parser.add_argument("--small", action="store_true", help="list the small files with one importer")
    parser.add_argument("--json", action="store_true", help="print JSON for programs instead of a table")
    given = parser.parse_args()
    checkouts = [Checkout(root) for root in given.roots or [HERE]]
    minutes = [*given.ci_minutes, *[None] * len(checkouts)]
    columns = [
        tree.measure(given.collect, given.unit, spent)
        for tree, spent in zip(checkouts, minutes, strict=False)
    ]
    lost = sorted((checkouts[0].tests - checkouts[-1].tests).elements())
    if given.json:
        json.dump({"trees": [asdict(figures) for figures in columns], "lost_tests": lost}, sys.stdout)
        return
    print_table(columns)
    if len(checkouts) > 1:
        print(f"{len(lost)} test functions are in the first only", *lost, sep="\n  ")
    if given.small:
        print("small files with one importer", *checkouts[-1].small_files_with_one_importer(), sep="\n  ")


if __name__ == "__main__":
    main()
