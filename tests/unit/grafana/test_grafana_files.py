"""Dashboards read from files, and files that are refused with the remedy."""

from pathlib import Path

import pytest

from tests.support.publishing import three_dashboards, write_dashboard
from tidemark.services.grafana.dashboards import DashboardFilesInvalid, read_dashboards


def test_folders_and_uids_come_from_the_names(tmp_path: Path) -> None:
    dashboards = read_dashboards(three_dashboards(tmp_path))
    assert [(dashboard.folder, dashboard.uid) for dashboard in dashboards] == [
        ("tidemark", "footfall"),
        ("tidemark", "tax-refund"),
        ("wall-screens", "wall-footfall"),
    ]


@pytest.mark.parametrize(
    ("folder", "model", "message"),
    [
        ("tidemark", {"uid": "x"}, "title is missing"),
        ("other", {"uid": "footfall", "title": "F"}, "is in the folders other and tidemark"),
        ("两", {"uid": "x", "title": "X"}, "the folder's name cannot be a uid"),
        ("tidemark", {"uid": "x" * 41, "title": "X"}, "the file's name cannot be a uid"),
    ],
)
def test_a_wrong_dashboard_is_refused_by_name(
    tmp_path: Path, folder: str, model: dict[str, str], message: str
) -> None:
    write_dashboard(three_dashboards(tmp_path), folder, model)
    with pytest.raises(DashboardFilesInvalid, match=message):
        read_dashboards(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"uid":"other","title":"X"}', "\ud800"])
def test_a_file_that_is_not_a_dashboard_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (three_dashboards(tmp_path) / "tidemark" / "x.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DashboardFilesInvalid, match=r"x\.json: "):
        read_dashboards(tmp_path)


def test_a_folder_without_dashboards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DashboardFilesInvalid, match="contains no"):
        read_dashboards(tmp_path)
    with pytest.raises(DashboardFilesInvalid, match="is not a folder"):
        read_dashboards(tmp_path / "nowhere")
