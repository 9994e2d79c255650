"""Bringing dashboards to Grafana."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaClientError

from tidemark.streams.retries import Sleep, retry

from .connection import RETRY_POLICY, GrafanaRefused, translate_errors
from .dashboards import WRITTEN, Change, Dashboard, Json, Stored, compare

Result = Change | GrafanaRefused


class _Meta(msgspec.Struct, rename={"folder": "folderUid", "provisioned_from": "provisionedExternalId"}):
    folder: str = ""
    provisioned: bool = False
    provisioned_from: str = ""


class _Answer(msgspec.Struct):
    dashboard: Json
    meta: _Meta


class _Version(msgspec.Struct, rename="camel"):
    message: str = ""
    created_by: str = ""
    created: str = ""


class GrafanaDashboards:
    """The dashboards and folders of one Grafana."""

    def __init__(self, grafana: GrafanaApi) -> None:
        self._grafana = grafana

    def find(self, wanted: Dashboard) -> Stored | None:
        """What Grafana has under the dashboard's uid. Raises GrafanaError."""
        calls = self._grafana
        with translate_errors(f"reading {_format_name(wanted)}"):
            answer = _call_or_none(lambda: calls.dashboard.get_dashboard(wanted.uid))
            if answer is None:
                return None
            found = msgspec.convert(answer, _Answer)
            number = msgspec.convert(found.dashboard.get("version"), int)
            newest = calls.dashboard_versions.get_dashboard_version_by_uid(wanted.uid, number)
            version = msgspec.convert(newest, _Version)
        return Stored(
            found.dashboard,
            found.meta.folder,
            number,
            version.message,
            version.created_by,
            version.created,
            (found.meta.provisioned_from or "of its own") if found.meta.provisioned else "",
        )

    def save(self, change: Change) -> None:
        """Save a new version in its folder, which is made where it is missing. Raises GrafanaError."""
        wanted = change.dashboard
        self._make_folder(wanted.folder)
        with translate_errors(f"saving {_format_name(wanted)}"):
            self._grafana.dashboard.update_dashboard(wanted.create_payload(change.replaces))

    def _make_folder(self, uid: str) -> None:
        folder = self._grafana.folder
        with translate_errors(f"making folder {uid}"):
            if _call_or_none(lambda: folder.get_folder(uid)) is None:
                folder.create_folder(format_title(uid), uid)


def publish(
    there: GrafanaDashboards, dashboards: Iterable[Dashboard], overwrite: bool, dry_run: bool, sleep: Sleep
) -> Iterator[tuple[Dashboard, Result]]:
    """Bring one after the other; of each, what became of it, or why Grafana refuses it.

    Raises GrafanaUnauthorised and GrafanaUnavailable: the rest would fail as well.
    """
    for wanted in dashboards:
        try:
            yield wanted, _publish_dashboard(there, wanted, overwrite, dry_run, sleep)
        except GrafanaRefused as error:
            yield wanted, error


def _publish_dashboard(
    there: GrafanaDashboards, wanted: Dashboard, overwrite: bool, dry_run: bool, sleep: Sleep
) -> Change:
    changes: list[Change] = []

    def attempt() -> None:
        # An answer may be lost after the version was saved, so each attempt looks afresh.
        change = compare(wanted, there.find(wanted), overwrite)
        changes.append(change)
        if change.action in WRITTEN and not dry_run:
            there.save(change)

    retry(RETRY_POLICY, attempt, sleep)
    return changes[0]


def format_title(folder: str) -> str:
    """The folder's title from its uid: tax-refund becomes Tax refund."""
    return folder.replace("-", " ").capitalize()


def _format_name(dashboard: Dashboard) -> str:
    return f"dashboard {dashboard.folder}/{dashboard.uid}"


def _call_or_none(call: Callable[[], Any]) -> Any:
    """What the call answers, None where Grafana says that it has no such thing."""
    try:
        return call()
    except GrafanaClientError as error:
        # Another server, or a wrong path, answers 404 as well, but not in Grafana's form.
        if error.status_code == 404 and isinstance(error.response, dict) and "message" in error.response:
            return None
        raise
