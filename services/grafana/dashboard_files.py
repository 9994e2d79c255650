"""Dashboards read from a folder of folders: `<folder>/<uid>.json`."""

import re
from pathlib import Path

import msgspec

from .dashboards import Dashboard, Json
from .errors import DashboardFilesInvalid

_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def read_dashboards(root: Path) -> list[Dashboard]:
    """Every dashboard below the folder, by folder and uid. Raises DashboardFilesInvalid."""
    if not root.is_dir():
        raise DashboardFilesInvalid(f"{root}: is no folder; give the one that holds the dashboards' folders")
    found = [_read(path) for path in sorted(root.glob("*/*.json"))]
    if not found:
        raise DashboardFilesInvalid(f"{root}: holds no <folder>/<uid>.json; give another folder")
    folders: dict[str, str] = {}
    for one in found:
        if folders.setdefault(one.uid, one.folder) != one.folder:
            raise DashboardFilesInvalid(
                f"{one.uid}: lies in {folders[one.uid]} and in {one.folder}; remove one of them"
            )
    return found


def _read(path: Path) -> Dashboard:
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
