"""Publishes dashboards to Grafana."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaClientError

from tidemark.streams.retries import Sleep, retry

from .connection import RETRY_POLICY, GrafanaRefused, translate_errors
from .dashboards import WRITTEN, Change, Dashboard, Json, StoredDashboard, compare

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

    def find(self, dashboard: Dashboard) -> StoredDashboard | None:
        """The dashboard that Grafana has with the same uid, None if there is none. Raises GrafanaError."""
        calls = self._grafana
        with translate_errors(f"reading {_format_name(dashboard)}"):
            raw = _call_or_none(lambda: calls.dashboard.get_dashboard(dashboard.uid))
            if raw is None:
                return None
            answer = msgspec.convert(raw, _Answer)
            number = msgspec.convert(answer.dashboard.get("version"), int)
            newest = calls.dashboard_versions.get_dashboard_version_by_uid(dashboard.uid, number)
            version = msgspec.convert(newest, _Version)
        return StoredDashboard(
            answer.dashboard,
            answer.meta.folder,
            number,
            version.message,
            version.created_by,
            version.created,
            (answer.meta.provisioned_from or "(name unknown)") if answer.meta.provisioned else "",
        )

    def save(self, change: Change) -> None:
        """Save a new version, creating its folder if it does not exist. Raises GrafanaError."""
        dashboard = change.dashboard
        self._create_folder(dashboard.folder)
        with translate_errors(f"saving {_format_name(dashboard)}"):
            self._grafana.dashboard.update_dashboard(dashboard.create_payload(change.replaces))

    def _create_folder(self, uid: str) -> None:
        folder = self._grafana.folder
        with translate_errors(f"creating folder {uid}"):
            if _call_or_none(lambda: folder.get_folder(uid)) is None:
                folder.create_folder(format_title(uid), uid)


def publish(
    grafana: GrafanaDashboards, dashboards: Iterable[Dashboard], overwrite: bool, dry_run: bool, sleep: Sleep
) -> Iterator[tuple[Dashboard, Result]]:
    """Publish one dashboard after the other; yield each with its change, or with Grafana's refusal.

    Raises GrafanaUnauthorised and GrafanaUnavailable: the others would fail as well.
    """
    for dashboard in dashboards:
        try:
            yield dashboard, _publish_dashboard(grafana, dashboard, overwrite, dry_run, sleep)
        except GrafanaRefused as error:
            yield dashboard, error


def _publish_dashboard(
    grafana: GrafanaDashboards, dashboard: Dashboard, overwrite: bool, dry_run: bool, sleep: Sleep
) -> Change:
    changes: list[Change] = []

    def attempt() -> None:
        # An answer may be lost after the version was saved, so each attempt compares again.
        change = compare(dashboard, grafana.find(dashboard), overwrite)
        changes.append(change)
        if change.action in WRITTEN and not dry_run:
            grafana.save(change)

    retry(RETRY_POLICY, attempt, sleep)
    return changes[0]


def format_title(folder: str) -> str:
    """The folder's title, from its uid: tax-refund becomes Tax refund."""
    return folder.replace("-", " ").capitalize()


def _format_name(dashboard: Dashboard) -> str:
    return f"dashboard {dashboard.folder}/{dashboard.uid}"


def _call_or_none(call: Callable[[], Any]) -> Any:
    """The answer to the call, None if Grafana answers that the object does not exist."""
    try:
        return call()
    except GrafanaClientError as error:
        # Another server or a wrong path also gives 404, but not in Grafana's format.
        if error.status_code == 404 and isinstance(error.response, dict) and "message" in error.response:
            return None
        raise
