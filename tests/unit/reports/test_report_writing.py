from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tidemark.services.reports.making import UNREADABLE, count_dead_families
from tidemark.services.reports.writing import FileExists, check_target, write_file
from tidemark.streams.contracts.published import DeadLetter


def test_an_existing_file_is_kept_unless_it_may_be_replaced(tmp_path: Path):
    target = tmp_path / "report.html"
    target.write_bytes(b"old")
    with pytest.raises(FileExists, match=r"^out: .*--replace"):
        check_target(target, replace=False)
    check_target(target, replace=True)


def test_a_missing_folder_is_named(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"^out: the folder .* does not exist"):
        check_target(tmp_path / "none" / "report.html", replace=False)


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path, monkeypatch):
    target = tmp_path / "report.html"
    target.write_bytes(b"old")

    def full(*_: object) -> Iterator[None]:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_file(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_written_file_has_all_of_the_content(tmp_path: Path):
    write_file(tmp_path / "r.html", b"new")
    assert (tmp_path / "r.html").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("raw", "family"),
    [
        (b'{"type":"tidemark.footfall.counted.v1","data":{"entered":-5}}', "footfall"),
        (b'{"type":"tidemark.nothing.v1"}', UNREADABLE),
        (b'{"type":7}', UNREADABLE),
        (b"\xff\xfe", UNREADABLE),
        (b"[" * 3000, UNREADABLE),
    ],
)
def test_dead_letters_count_for_the_family_that_they_name(raw: bytes, family: str):
    letter = msgspec.json.encode(DeadLetter(0, 1, 2, "invalid", "", raw))
    assert count_dead_families([letter, letter, None]) == {family: 2}
