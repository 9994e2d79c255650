"""The contents of a stand-in Grafana, and the rules by which it accepts changes.

As documented for Grafana 12 (grafana.com/docs/grafana/v12.4/developer-resources/api-reference/http-api/):
dashboard, dashboard_versions, folder, annotations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import itemgetter
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

    def get(self, uid: str) -> Shelved:
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
        shelved = self.by_uid.get(model["uid"])
        if shelved is not None and shelved.provisioned_from:
            raise Refusal(400, "Cannot save provisioned dashboard")
        if shelved is not None and not overwrite and model.get("version", 0) != shelved.version:
            raise Refusal(412, "The dashboard has been changed by someone else", word="version-mismatch")
        if shelved is None:
            shelved = self.by_uid[model["uid"]] = Shelved(len(self.by_uid) + 1, folder)
        shelved.folder = folder
        # Grafana adds numbers and defaults: the stored model differs from the one sent.
        stored = {"fiscalYearStartMonth": 0, **model, "id": shelved.number, "version": shelved.version + 1}
        shelved.versions.append(Version(stored, request.get("message", ""), user))
        return shelved

    def edit(self, uid: str, user: str, **fields: Any) -> None:
        """Save a dashboard as a person does in the browser."""
        shelved = self.get(uid)
        model = {**shelved.versions[-1].model, **fields}
        self.save({"dashboard": model, "folderUid": shelved.folder, "overwrite": False}, user)


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
        self.by_id[number] |= _keep_fields(request, self.get(number))

    def remove(self, number: int) -> None:
        self.get(number)
        del self.by_id[number]

    def get(self, number: int) -> Json:
        if number not in self.by_id:
            raise Refusal(404, "Could not find annotation to update")
        return self.by_id[number]

    def find(self, tags: Iterable[str], limit: int) -> list[Json]:
        """Annotations with all the tags, newest first. A tag of a single word also finds `word:anything`."""
        matches = [each for each in self.by_id.values() if all(_has_tag(each, tag) for tag in tags)]
        return sorted(matches, key=itemgetter("timeEnd", "time"), reverse=True)[: limit or 100]


def _keep_fields(request: Json, before: Json) -> Json:
    names = ("text", "tags", "time", "timeEnd")
    fields = before | {name: request[name] for name in names if request.get(name)}
    fields["timeEnd"] = fields.get("timeEnd") or fields["time"]
    return fields


def _has_tag(annotation: Json, tag: str) -> bool:
    return any(own == tag or (":" not in tag and own.startswith(f"{tag}:")) for own in annotation["tags"])
