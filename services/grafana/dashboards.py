"""Dashboards as files say them, as Grafana has them, and what is to be done about the difference."""

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
"""Fields that Grafana numbers itself."""


class DashboardFilesInvalid(ValueError):
    """Files that cannot be published as they are."""


class Action(StrEnum):
    """What becomes of a dashboard."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EDITED = "edited"
    """Somebody else saved it last: left alone."""
    PROVISIONED = "provisioned"
    """Grafana reads it from files of its own: cannot be saved."""


WRITTEN = frozenset({Action.CREATED, Action.CHANGED})


@dataclass(frozen=True)
class Dashboard:
    """A dashboard as its file says it; `model` is its JSON, `folder` the uid of its folder."""

    uid: str
    folder: str
    model: Json

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.model["title"])

    @property
    def message(self) -> str:
        """The version message to save it with, by which its content is known again."""
        return _STAMP + hashlib.sha256(_format_content(self.model).encode()).hexdigest()[:16]

    def create_payload(self, version: int) -> Json:
        """What is sent to replace a version, 0 where there is none. Grafana refuses it when another
        has been saved since."""
        return {
            "dashboard": {**_drop_numbering(self.model), "id": None, "version": version},
            "folderUid": self.folder,
            "message": self.message,
            "overwrite": False,
        }


@dataclass(frozen=True)
class Stored:
    """A dashboard as Grafana has it: its newest version, with who saved it, when, and what they
    said; `provisioned_from` is the file that Grafana reads it from, if any."""

    model: Json
    folder: str
    version: int
    message: str
    saved_by: str
    saved: str
    provisioned_from: str = ""


@dataclass(frozen=True)
class Change:
    """What becomes of a dashboard, why, and how the content differs; `replaces` is the version it
    replaces."""

    dashboard: Dashboard
    action: Action
    detail: str = ""
    diff: str = ""
    replaces: int = 0


def compare(wanted: Dashboard, stored: Stored | None, overwrite: bool) -> Change:
    """What is to be done. With `overwrite` what somebody else saved is replaced.

    Who saved the newest version is told by its message, not by comparing contents: Grafana may
    store a dashboard otherwise than it was sent.
    """
    if stored is None:
        return Change(wanted, Action.CREATED)
    if stored.provisioned_from:
        detail = f"Grafana reads it from its file {stored.provisioned_from}; change it there"
        return Change(wanted, Action.PROVISIONED, detail)
    same = stored.message == wanted.message or _drop_numbering(stored.model) == _drop_numbering(wanted.model)
    if same and stored.folder == wanted.folder:
        return Change(wanted, Action.UNCHANGED)
    diff = _format_diff(stored, wanted)
    if not same and not stored.message.startswith(_STAMP) and not overwrite:
        return Change(wanted, Action.EDITED, _explain_edit(stored), diff)
    moved = f"moved from folder {stored.folder or 'Dashboards'}" if stored.folder != wanted.folder else ""
    return Change(wanted, Action.CHANGED, moved, diff, stored.version)


def _explain_edit(stored: Stored) -> str:
    return (
        f"version {stored.version} was saved by {stored.saved_by or 'somebody'} on {stored.saved}, "
        "not by this command; take the change into the files, or replace it with --overwrite"
    )


def _drop_numbering(model: Json) -> Json:
    return {name: value for name, value in model.items() if name not in _NUMBERING}


def _format_content(model: Json) -> str:
    return json.dumps(_drop_numbering(model), ensure_ascii=False, sort_keys=True, indent=2)


def _format_diff(stored: Stored, wanted: Dashboard) -> str:
    before, after = _format_content(stored.model).splitlines(), _format_content(wanted.model).splitlines()
    names = f"Grafana: {wanted.uid}, version {stored.version}", f"file: {wanted.folder}/{wanted.uid}.json"
    return "\n".join(unified_diff(before, after, *names, lineterm=""))


_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def read_dashboards(root: Path) -> list[Dashboard]:
    """Every dashboard below the folder, by folder and uid. Raises DashboardFilesInvalid."""
    if not root.is_dir():
        raise DashboardFilesInvalid(f"{root}: is no folder; give the one that holds the dashboards' folders")
    found = [_read_dashboard(path) for path in sorted(root.glob("*/*.json"))]
    if not found:
        raise DashboardFilesInvalid(f"{root}: holds no <folder>/<uid>.json; give another folder")
    folders: dict[str, str] = {}
    for one in found:
        if folders.setdefault(one.uid, one.folder) != one.folder:
            raise DashboardFilesInvalid(
                f"{one.uid}: lies in {folders[one.uid]} and in {one.folder}; remove one of them"
            )
    return found


def _read_dashboard(path: Path) -> Dashboard:
    try:
        model: Json = msgspec.json.decode(path.read_bytes(), type=Json)
    except (OSError, msgspec.DecodeError) as error:
        raise DashboardFilesInvalid(f"{path}: is no dashboard ({error}); write it anew") from error
    for name, uid in (("folder", path.parent.name), ("file", path.stem)):
        if not _UID.fullmatch(uid):
            raise DashboardFilesInvalid(
                f"{path}: the {name}'s name cannot be a uid; use up to 40 letters, digits, - and _"
            )
    if model.get("uid") != path.stem:
        raise DashboardFilesInvalid(f"{path}: uid is {model.get('uid')!r}; write the file's name there")
    if not model.get("title"):
        raise DashboardFilesInvalid(f"{path}: title is missing; give it one")
    return Dashboard(path.stem, path.parent.name, model)
