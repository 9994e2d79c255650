"""Files in many forms: compressed or not, quoted, in other encodings, damaged in places."""

import gzip
from pathlib import Path

import pytest

from tidemark.services.importer.errors import ImportRefused
from tidemark.services.importer.files import LINE_LIMIT, InputFile
from tidemark.services.importer.loading import load_mapping
from tidemark.services.importer.mapping import Mapping
from tidemark.services.importer.rows import Row, read_rows


def shape(spec: str) -> Mapping:
    return load_mapping(
        'type = "tidemark.sensor.status_reported.v1"\n'
        '[envelope]\nsource = "/s"\nsubject = "zone.a"\n'
        'time = { column = "b", as = "instant" }\n'
        '[data]\nsensor_id = "{a}"\nstate = "up"\nclock_offset_ms = 0\n'
        f"[input]\n{spec}\n"
    )


CSV = shape('format = "csv"')
NDJSON = shape('format = "ndjson"')


def read(path: Path, mapping: Mapping, content: bytes) -> list[Row]:
    path.write_bytes(content)
    return list(read_rows(InputFile(path), mapping))


def test_gzip_is_recognised_by_its_content_and_has_the_same_digest(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.csv.gz", tmp_path / "packed.csv"
    content = b"a,b\n1,2\n3,4\n"
    assert read(plain, CSV, content) == read(packed, CSV, gzip.compress(content))
    assert InputFile(plain).compute_digest() == InputFile(packed).compute_digest()


def test_a_damaged_gzip_is_refused_before_any_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 1000)[:-12])
    with pytest.raises(ImportRefused, match="damaged or incomplete"):
        InputFile(path).compute_digest()


def test_rows_carry_the_line_they_begin_on(tmp_path: Path) -> None:
    rows = read(tmp_path / "f.csv", CSV, b'\xef\xbb\xbfa, b \r\n1,"x\ny"\r\n\r\n3,4')
    assert [(row.line, row.text, row.values) for row in rows] == [
        (2, '1,"x\ny"', {"a": "1", "b": "x\ny"}),
        (5, "3,4", {"a": "3", "b": "4"}),
    ]


def test_a_delimiter_and_an_encoding_can_be_chosen(tmp_path: Path) -> None:
    mapping = shape('format = "csv"\ndelimiter = "\\t"\nencoding = "gb18030"\ncolumns = ["a", "b"]')
    rows = read(tmp_path / "f.tsv", mapping, "福田\t华强北\n".encode("gb18030"))
    assert [row.values for row in rows] == [{"a": "福田", "b": "华强北"}]


@pytest.mark.parametrize(
    ("mapping", "bad", "problem"),
    [
        (CSV, b"1,2,3", "3 columns instead of 2"),
        (CSV, b'1,"2"3', "not CSV"),
        (CSV, b"1,\xff\xfe", "encoding"),
        (CSV, b"1," + b"x" * (LINE_LIMIT + 10), "longer than"),
        (NDJSON, b'{"a": 1', "not JSON"),
        (NDJSON, b"[1]", "not an object"),
        (NDJSON, b'{"a": "\xff"}', "encoding"),
        (NDJSON, b'{"a": "' + b"x" * LINE_LIMIT + b'"}', "longer than"),
        (NDJSON, b"[" * 100_000, "not JSON"),
    ],
    ids=range(9),
)
def test_an_invalid_row_is_reported_and_the_next_row_is_read(
    tmp_path: Path, mapping: Mapping, bad: bytes, problem: str
) -> None:
    head, good = (b"a,b\n", b"1,2") if mapping is CSV else (b"", b'{"a": "1", "b": "2"}')
    rows = read(tmp_path / "f", mapping, head + bad + b"\n" + good + b"\n")
    first = 2 if head else 1
    assert [row.line for row in rows] == [first, first + 1]
    assert problem in rows[0].problem.problem  # type: ignore[union-attr]
    assert rows[1].problem is None
    assert rows[1].values == {"a": "1", "b": "2"}


def test_an_endless_quoted_row_does_not_fill_the_memory(tmp_path: Path) -> None:
    long_row = b'1,"' + b'x\n","' * (LINE_LIMIT // 4)
    rows = read(tmp_path / "f.csv", CSV, b"a,b\n" + long_row + b"\n1,2\n")
    assert all(len(row.text) <= LINE_LIMIT + 10 for row in rows)
    assert rows[0].problem is not None


def test_a_header_without_a_mapped_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="there is no column 'b'; use one of a, c"):
        read(tmp_path / "f.csv", CSV, b"a,c\n1,2\n")
    with pytest.raises(ImportRefused, match="contains a column twice"):
        read(tmp_path / "f.csv", CSV, b"a,b,b\n1,2,3\n")


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path / "f.csv", CSV, b"") == []
    assert read(tmp_path / "f.ndjson", NDJSON, b"\n\n") == []


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="No such file"):
        InputFile(tmp_path / "none.csv").compute_digest()
