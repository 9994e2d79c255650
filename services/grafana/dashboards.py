"""Dashboards in files, dashboards as Grafana has them, and the change that follows from the difference."""

import hashlib
import json
import re
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

Json = dict[str, Any]

_STAMP = "tidemark dashboards publish, content "
_NUMBERING = frozenset({"id", "version"})
"""Fields that Grafana sets itself."""


class DashboardFilesInvalid(ValueError):
    """Files that cannot be published; the message gives the file, the reason and the remedy."""


class Action(StrEnum):
    """What is done with a dashboard."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    """Somebody else saved it last: left unchanged."""
    PROVISIONED = "provisioned"
    """Grafana reads it from its own files: cannot be saved."""


WRITTEN = frozenset({Action.CREATED, Action.CHANGED})


@dataclass(frozen=True)
class Dashboard:
    """A dashboard read from a file; `model` is its JSON, `folder` the uid of its folder."""

    uid: str
    folder: str
    model: Json

    @property
    def title(self) -> str:
        """The title that people see."""
        return str(self.model["title"])

    @property
    def message(self) -> str:
        """The version message to save it with; a digest in it identifies the content later."""
        return _STAMP + hashlib.sha256(_format_content(self.model).encode()).hexdigest()[:16]

    def create_payload(self, version: int) -> Json:
        """The request to replace `version`, 0 if the dashboard does not exist. Grafana refuses it if
        another version has been saved since."""
        return {
            "dashboard": {**_drop_numbering(self.model), "id": None, "version": version},
            "folderUid": self.folder,
            "message": self.message,
            "overwrite": False,
        }


@dataclass(frozen=True)
class StoredDashboard:
    """A dashboard as Grafana has it: its newest version, with its author, time and version message;
    `provisioned_from` is the file that Grafana reads it from, if any."""

    model: Json
    folder: str
    version: int
    message: str
    saved_by: str
    saved: str
    provisioned_from: str = ""


@dataclass(frozen=True)
class Change:
    """What is done with a dashboard, the reason, and the difference in content; `replaces` is the
    version to replace."""

    dashboard: Dashboard
    action: Action
    detail: str = ""
    diff: str = ""
    replaces: int = 0


def compare(dashboard: Dashboard, stored: StoredDashboard | None, overwrite: bool) -> Change:
    """Decide what to do. With `overwrite`, a version that somebody else saved is replaced.

    Whether this command saved the newest version is seen from its version message and not by
    comparing contents, since Grafana may store a dashboard in another form than it was sent.
    """
    if stored is None:
        return Change(dashboard, Action.CREATED)
    if stored.provisioned_from:
        detail = f"Grafana reads it from its file {stored.provisioned_from}; change it there"
        return Change(dashboard, Action.PROVISIONED, detail)
    same_model = _drop_numbering(stored.model) == _drop_numbering(dashboard.model)
    same = same_model or stored.message == dashboard.message
    if same and stored.folder == dashboard.folder:
        return Change(dashboard, Action.UNCHANGED)
    diff = _format_diff(stored, dashboard)
    if not same and not stored.message.startswith(_STAMP) and not overwrite:
        return Change(dashboard, Action.EDITED, _explain_edit(stored), diff)
    moved = f"moved from folder {stored.folder or 'Dashboards'}" if stored.folder != dashboard.folder else ""
    return Change(dashboard, Action.CHANGED, moved, diff, stored.version)


def _explain_edit(stored: StoredDashboard) -> str:
    return (
        f"version {stored.version} was saved by {stored.saved_by or 'somebody'} on {stored.saved}, "
        "not by this command; copy the change into the files, or replace it with --overwrite"
    )


def _drop_numbering(model: Json) -> Json:
    return {name: value for name, value in model.items() if name not in _NUMBERING}


def _format_content(model: Json) -> str:
    return json.dumps(_drop_numbering(model), ensure_ascii=False, sort_keys=True, indent=2)


def _format_diff(stored: StoredDashboard, dashboard: Dashboard) -> str:
    before, after = _format_content(stored.model).splitlines(), _format_content(dashboard.model).splitlines()
    names = (
        f"Grafana: {dashboard.uid}, version {stored.version}",
        f"file: {dashboard.folder}/{dashboard.uid}.json",
    )
    return "\n".join(unified_diff(before, after, *names, lineterm=""))


_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def read_dashboards(root: Path) -> list[Dashboard]:
    """Every dashboard below the folder, by folder and uid. Raises DashboardFilesInvalid."""
    if not root.is_dir():
        raise DashboardFilesInvalid(
            f"{root}: is not a folder; give the folder that contains the dashboards' folders"
        )
    dashboards = [_read_dashboard(path) for path in sorted(root.glob("*/*.json"))]
    if not dashboards:
        raise DashboardFilesInvalid(f"{root}: contains no <folder>/<uid>.json; give another folder")
    folders: dict[str, str] = {}
    for dashboard in dashboards:
        first = folders.setdefault(dashboard.uid, dashboard.folder)
        if first != dashboard.folder:
            raise DashboardFilesInvalid(
                f"{dashboard.uid}: is in the folders {first} and {dashboard.folder}; remove it from one"
            )
    return dashboards


def _read_dashboard(path: Path) -> Dashboard:
    try:
        model: Json = msgspec.json.decode(path.read_bytes(), type=Json)
    except (OSError, msgspec.DecodeError) as error:
        raise DashboardFilesInvalid(
            f"{path}: is not a dashboard ({error}); generate or export it again"
        ) from error
    for name, uid in (("folder", path.parent.name), ("file", path.stem)):
        if not _UID.fullmatch(uid):
            raise DashboardFilesInvalid(
                f"{path}: the {name}'s name cannot be a uid; use up to 40 letters, digits, - and _"
            )
    if model.get("uid") != path.stem:
        raise DashboardFilesInvalid(
            f"{path}: uid is {model.get('uid')!r}, not the file's name; set it to {path.stem!r}"
        )
    if not model.get("title"):
        raise DashboardFilesInvalid(f"{path}: title is missing; add one")
    return Dashboard(path.stem, path.parent.name, model)
