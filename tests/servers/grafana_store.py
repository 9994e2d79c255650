"""What a stand-in Grafana remembers, and the rules by which it takes things in.

As documented for Grafana 12 (grafana.com/docs/grafana/v12.4/developer-resources/api-reference/http-api/):
dashboard, dashboard_versions, folder, annotations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
NOW = "2026-11-24T10:00:00+08:00"


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, code: int, message: str, word: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.body = {"message": message} | ({"status": word} if word else {})


@dataclass
class Version:
    """A saved version of a dashboard."""

    model: Json
    message: str
    saved_by: str


@dataclass
class Shelved:
    """A dashboard with all its versions, oldest first."""

    number: int
    folder: str
    versions: list[Version] = field(default_factory=list)
    provisioned_from: str = ""

    @property
    def version(self) -> int:
        return len(self.versions)


class Dashboards:
    """Folders by uid and dashboards by uid."""

    def __init__(self) -> None:
        self.folders: dict[str, str] = {}
        self.by_uid: dict[str, Shelved] = {}

    def make_folder(self, uid: str, title: str) -> None:
        if uid in self.folders:
            raise Refusal(409, "folder with the same uid already exists")
        self.folders[uid] = title

    def one(self, uid: str) -> Shelved:
        if uid not in self.by_uid:
            raise Refusal(404, "Dashboard not found", word="not-found")
        return self.by_uid[uid]

    def save(self, request: Json, user: str) -> Shelved:
        """Dashboard.version must be the stored one, unless `overwrite`."""
        model, folder, overwrite = request["dashboard"], request.get("folderUid", ""), request["overwrite"]
        if not model.get("title"):
            raise Refusal(400, "Dashboard title cannot be empty", word="empty-name")
        if folder and folder not in self.folders:
            raise Refusal(400, "folder not found", word="not-found")
        known = self.by_uid.get(model["uid"])
        if known is not None and known.provisioned_from:
            raise Refusal(400, "Cannot save provisioned dashboard")
        if known is not None and not overwrite and model.get("version", 0) != known.version:
            raise Refusal(412, "The dashboard has been changed by someone else", word="version-mismatch")
        if known is None:
            known = self.by_uid[model["uid"]] = Shelved(len(self.by_uid) + 1, folder)
        known.folder = folder
        # Grafana numbers it, and fills in defaults: what is stored is not what was sent.
        stored = {"fiscalYearStartMonth": 0, **model, "id": known.number, "version": known.version + 1}
        known.versions.append(Version(stored, request.get("message", ""), user))
        return known

    def edit(self, uid: str, user: str, **fields: Any) -> None:
        """What a person does in the browser."""
        known = self.one(uid)
        model = {**known.versions[-1].model, **fields}
        self.save({"dashboard": model, "folderUid": known.folder, "overwrite": False}, user)


class Annotations:
    """Annotations of the organisation by id."""

    def __init__(self) -> None:
        self.by_id: dict[int, Json] = {}
        self._last = 0

    def add(self, request: Json) -> int:
        if not request.get("text"):
            raise Refusal(400, "Failed to save annotation: text is empty")
        self._last += 1
        self.by_id[self._last] = {"id": self._last, "alertId": 0} | _keep_fields(request, {})
        return self._last

    def change(self, number: int, request: Json) -> None:
        self.by_id[number] |= _keep_fields(request, self.one(number))

    def remove(self, number: int) -> None:
        self.one(number)
        del self.by_id[number]

    def one(self, number: int) -> Json:
        if number not in self.by_id:
            raise Refusal(404, "Could not find annotation to update")
        return self.by_id[number]

    def find(self, tags: Iterable[str], limit: int) -> list[Json]:
        """With all the tags, by time, newest first. A tag of one word finds `word:anything` too."""
        found = [one for one in self.by_id.values() if all(_has_tag(one, tag) for tag in tags)]
        return sorted(found, key=lambda one: (one["timeEnd"], one["time"]), reverse=True)[: limit or 100]


def _keep_fields(request: Json, before: Json) -> Json:
    kept = before | {name: request[name] for name in ("text", "tags", "time", "timeEnd") if request.get(name)}
    kept["timeEnd"] = kept.get("timeEnd") or kept["time"]
    return kept


def _has_tag(annotation: Json, tag: str) -> bool:
    return any(one == tag or (":" not in tag and one.startswith(f"{tag}:")) for one in annotation["tags"])
