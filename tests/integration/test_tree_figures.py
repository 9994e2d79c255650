"""The figures of `python -m tests.tree` for trees that are small enough to count by hand."""

import subprocess
from pathlib import Path

import pytest

from tests.tree import Checkout

FILES = {
    "tidemark/__init__.py": '"""All."""\n',
    "streams/__init__.py": "",
    "streams/a.py": '''"""A module.

Of two paragraphs."""

import os
from .b import twice  # a comment

# another
LIMIT = """as
long"""
"""What it limits."""


class Adder:
    """Adds."""

    def add(self, number: int) -> int:
        """The sum."""
        return twice(number)
''',
    "streams/b.py": "def twice(number: int) -> int:\n    return 2 * number\n",
    "streams/c.py": "from tidemark.streams import b\nfrom tidemark.streams.a import Adder\n",
    "tests/unit/test_a.py": "from tidemark.streams import c\n\ndef test_it(): ...\n\nTestB = M.TestCase\n",
    "tests/unit/test_b.py": "async def test_it(): ...\n\ndef help_it(): ...\n",
    "tests/support/helper.py": "def test_nothing(): ...\n",
}


def checkout(folder: Path, files: dict[str, str]) -> Checkout:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return Checkout(folder)


def test_comments_docstrings_and_blank_lines_are_not_code(tmp_path: Path) -> None:
    tree = checkout(tmp_path, FILES)
    assert {source.path: source.code_lines() for source in tree.sources} == {
        "tidemark/__init__.py": 0,
        "streams/__init__.py": 0,
        "streams/a.py": 7,
        "streams/b.py": 2,
        "streams/c.py": 2,
    }


def test_importers_are_found_by_relative_and_absolute_imports(tmp_path: Path) -> None:
    tree = checkout(tmp_path, FILES)
    assert tree.importers() == {"streams.b": {"streams/a.py", "streams/c.py"}, "streams.a": {"streams/c.py"}}
    assert tree.small_files_with_one_importer() == ["streams/a.py"]


def test_a_file_of_61_lines_is_not_small(tmp_path: Path) -> None:
    padding = "#\n" * (60 - FILES["streams/a.py"].count("\n"))
    tree = checkout(tmp_path, FILES | {"streams/a.py": FILES["streams/a.py"] + padding})
    assert tree.small_files_with_one_importer() == ["streams/a.py"]
    tree = checkout(tmp_path, {"streams/a.py": FILES["streams/a.py"] + padding + "#\n"})
    assert tree.small_files_with_one_importer() == []


def test_a_file_whose_importer_is_in_another_folder_is_not_listed(tmp_path: Path) -> None:
    files = {"streams/a.py": "A = 1\n", "services/c.py": "from tidemark.streams.a import A\n"}
    assert checkout(tmp_path, files).small_files_with_one_importer() == []


@pytest.mark.parametrize("name", ["__init__", "app", "settings"])
def test_a_conventional_file_of_a_folder_may_be_small(tmp_path: Path, name: str) -> None:
    module = "tidemark.streams" if name == "__init__" else f"tidemark.streams.{name}"
    files = {f"streams/{name}.py": "A = 1\n", "streams/c.py": f"from {module} import A\n"}
    assert checkout(tmp_path, files).small_files_with_one_importer() == []


def test_the_old_import_names_count_the_same(tmp_path: Path) -> None:
    tree = checkout(tmp_path, {path: text.replace("tidemark.", "") for path, text in FILES.items()})
    assert tree.importers() == {"streams.b": {"streams/a.py", "streams/c.py"}, "streams.a": {"streams/c.py"}}


def test_figures_without_an_environment_omit_the_command(tmp_path: Path) -> None:
    figures = checkout(tmp_path, FILES).measure(ci_minutes=3)
    assert (figures.source_files, figures.code_lines, figures.functions) == (5, 11, 2)
    assert (figures.imports, figures.imports_mean, figures.imports_median) == (4, 0.8, 0)
    assert (figures.test_functions, figures.test_cases, figures.ci_minutes) == (3, None, 3)
    assert (figures.help_cpu_s, figures.help_modules) == (None, None)


def test_a_moved_test_is_not_lost_but_one_of_two_tests_with_the_same_name_is(tmp_path: Path) -> None:
    before = checkout(tmp_path / "before", FILES)
    moved = {**FILES, "tests/suites/test_c.py": FILES["tests/unit/test_b.py"]}
    del moved["tests/unit/test_b.py"]
    assert before.tests - checkout(tmp_path / "moved", moved).tests == {}
    del moved["tests/suites/test_c.py"]
    assert before.tests - checkout(tmp_path / "lost", moved).tests == {"test_it": 1}
