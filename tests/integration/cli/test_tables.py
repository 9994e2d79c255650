"""Tables: whole lines in a pipe, fitted to a terminal without cutting an id or a number."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

from tidemark.services.cli import console, tables
from tidemark.services.cli.tables import MISSING, Cell, Column, ColumnKind, fit_columns, print_table
from tidemark.streams.contracts.text import Language

COLUMNS = (
    Column("id"),
    Column("name", ColumnKind.WORDS),
    Column("total", ColumnKind.NUMBER),
    Column("source", optional=True),
    Column("note", ColumnKind.WORDS, optional=True),
)
ID = "mall-coco-park-002-1795795200"
NUMBER = "861,636,631.88"
ROW = (ID, "International Performing Arts Center", NUMBER, "/counters/gw-003", "two words " * 10)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show(
    monkeypatch: pytest.MonkeyPatch,
    width: int | None,
    rows: list[tuple[Cell, ...]],
    columns: tuple[Column, ...] = COLUMNS,
    grouped: int = 0,
) -> list[str]:
    """The lines of a table on a terminal of a width, or in a pipe."""
    file = io.StringIO() if width is None else Terminal()
    fake = Console(file=file, width=width or 80, soft_wrap=True, color_system=None)
    monkeypatch.setattr(console, "out", fake)
    monkeypatch.setattr(tables, "out", fake)
    print_table(columns, rows, Language.EN, grouped)
    return file.getvalue().splitlines()


def test_a_row_is_one_line_in_a_pipe_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = show(monkeypatch, None, [ROW, ROW])
    assert len(lines) == 3
    assert all(cell.strip() in lines[1] for cell in ROW)


def test_a_cell_of_several_lines_is_one_line_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    assert show(monkeypatch, None, [("a\nb", "c")], (Column(""), Column("")))[0] == "a b  c"


def test_columns_line_up_by_the_width_of_chinese_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("名称", ColumnKind.WORDS), Column("x"))
    lines = show(monkeypatch, None, [("福田区", "1"), ("ab", "2")], columns)
    assert len({cell_len(line) for line in lines}) == 1


@pytest.mark.parametrize("width", [70, 80, 100, 140, 200])
def test_a_terminal_gets_no_line_wider_than_itself_and_ids_and_numbers_whole(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    lines = show(monkeypatch, width, [ROW])
    assert max(map(cell_len, lines)) <= width
    assert any(ID in line and NUMBER in line for line in lines)


def test_words_wrap_before_a_column_is_left_out_and_the_last_optional_one_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "note" in show(monkeypatch, 110, [ROW])[0]
    narrow = show(monkeypatch, 90, [ROW])
    assert "source" in narrow[0]
    assert narrow[-1] == "not shown at this width: note"
    assert show(monkeypatch, 70, [ROW])[-1] == "not shown at this width: source, note"


def test_ids_are_folded_not_cut_where_nothing_else_is_left_to_give(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = show(monkeypatch, 50, [ROW])
    assert max(map(cell_len, lines)) <= 50
    width = lines[0].index("name")
    assert "".join(line[:width].strip() for line in lines[1:-1]) == ID
    assert any(NUMBER in line for line in lines)


def test_numbers_too_wide_for_the_terminal_are_left_to_wrap(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = show(monkeypatch, 20, [ROW])
    assert any(NUMBER in line and ID in line for line in lines)


def test_an_id_among_words_is_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("target", ColumnKind.WORDS), Column("value", ColumnKind.NUMBER))
    lines = show(monkeypatch, 40, [("electronics_export_cluster\n" + "long name " * 5, "1")], columns)
    assert any("electronics_export_cluster" in line for line in lines)


def test_missing_is_shown_as_missing_and_zero_as_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = (Column("a"), Column("b", ColumnKind.NUMBER), Column("c", ColumnKind.NUMBER))
    for width in (None, 80):
        assert show(monkeypatch, width, [("x", None, "0")], columns)[1].split() == ["x", MISSING, "0"]


def test_what_looks_like_markup_is_printed_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (None, 80):
        assert "[bold]x[/]" in show(monkeypatch, width, [("[bold]x[/]",)], (Column("a"),))[1]


def test_repeated_leading_cells_are_blank_on_a_terminal_and_there_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows: list[tuple[Cell, ...]] = [("m", "1"), ("m", "2"), ("n", "3")]
    columns = (Column("measure"), Column("total"))
    pipe = [line.split() for line in show(monkeypatch, None, rows, columns, grouped=1)[1:]]
    terminal = [line.split() for line in show(monkeypatch, 80, rows, columns, grouped=1)[1:]]
    assert pipe == [["m", "1"], ["m", "2"], ["n", "3"]]
    assert terminal == [["m", "1"], ["2"], ["n", "3"]]


def test_a_table_without_headings_has_no_line_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (None, 80):
        assert len(show(monkeypatch, width, [("a", "b")], (Column(""), Column("")))) == 1


def test_no_width_is_enough_for_columns_that_cannot_shrink() -> None:
    assert fit_columns((Column("n", ColumnKind.NUMBER),), [[Styled("1" * 30)]], 20) is None
