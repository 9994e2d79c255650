"""`tidemark report` over a simulated year, against what `tidemark targets` says of the same days."""

import json
from pathlib import Path

import msgspec
import pytest

from tests.support.commands import succeed, tidemark
from tests.support.indicator_readings import CATALOGUE
from tests.support.report_files import Page, differences, document_rows, page_rows, workbook_rows
from tidemark.services.reports.writing import Format
from tidemark.streams.indicators.assessment.assessment import Assessment
from tidemark.streams.indicators.values.cause import Cause, Code

READERS = {Format.HTML: page_rows, Format.DOCX: document_rows, Format.XLSX: workbook_rows}


pytestmark = pytest.mark.xdist_group("simulated-year")


def assess_log(log: str, day: str) -> dict[str, Assessment]:
    listed = json.loads(succeed("targets", "--log", log, "--as-of", day, "--json"))["targets"]
    return {
        assessment["id"]: msgspec.convert(assessment, Assessment, dec_hook=_cause) for assessment in listed
    }


def _cause(_type: type, document: dict[str, str]) -> Cause:
    return Cause(next(code for code in Code if code.reason == document["reason"]))


# Every format of a report is compared in test_report_formats.py; here each once, over a month or the year.
@pytest.mark.parametrize(
    ("period", "day", "form"),
    [
        ("2026-10", "2026-10-31", Format.HTML),
        ("2026-10", "2026-10-31", Format.XLSX),
        ("2026", "2026-12-31", Format.DOCX),
    ],
)
def test_a_report_of_a_simulated_month_and_year_says_what_the_assessment_says(
    simulated_year: str, tmp_path: Path, period: str, day: str, form: Format
):
    target = tmp_path / f"report.{form}"
    asked = ("--period", period, "--format", form, "--lang", "en", "--as-of", day)
    printed = succeed("report", *asked, "--log", simulated_year, "--out", target)
    assert "88 targets" in printed
    truth = assess_log(simulated_year, day)
    assert sum(assessment.amount is not None for assessment in truth.values()) > 40
    assert differences(READERS[form](target.read_bytes()), CATALOGUE, truth) == []


def test_a_report_in_both_languages_has_a_name_of_its_own_and_warns_that_events_are_simulated(
    simulated_year: str, tmp_path: Path
):
    succeed("report", "--period", "2026-10", "--log", simulated_year, cwd=tmp_path)
    text = (tmp_path / "report-2026-10.html").read_text("utf-8")
    assert Page(text).languages >= {"zh", "en"}
    assert "不是真实统计" in text
    assert "not real statistics" in text


@pytest.mark.parametrize(
    ("arguments", "field", "remedy"),
    [
        (("--period", "2026-13"), "--period", "2026-10"),
        (("--period", "2026-10", "--as-of", "2026-09-01"), "--as-of", "2026-10-01"),
        (("--period", "2026-10", "--as-of", "2999-01-01"), "--as-of", "is in the future"),
        (("--period", "2026-10", "--format", "pdf"), "--format", "html"),
        (("--period", "2026-10", "--lang", "fr"), "--lang", "both"),
        (("--period", "2026-10", "--out", "nowhere/report.html"), "--out", "create it"),
    ],
)
def test_a_wrong_question_names_the_flag_and_the_remedy_and_writes_nothing(
    simulated_year: str, tmp_path: Path, arguments: tuple[str, ...], field: str, remedy: str
):
    done = tidemark("report", *arguments, "--log", simulated_year, cwd=tmp_path)
    message = " ".join(done.stderr.split())
    assert done.returncode == 2
    assert field in message
    assert remedy in message
    assert not list(tmp_path.iterdir())


def test_a_file_is_not_overwritten_unasked(simulated_year: str, tmp_path: Path):
    target = tmp_path / "report.html"
    target.write_text("mine")
    asked = ("report", "--period", "2026-10", "--log", simulated_year, "--out", target)
    refused = tidemark(*asked)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert target.read_text() == "mine"
    succeed(*asked, "--replace")
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
