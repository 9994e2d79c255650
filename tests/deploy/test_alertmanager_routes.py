"""Who receives which alert, according to amtool."""

import subprocess
import tomllib
from functools import cache

import pytest

from tests.servers.require import program
from tests.support.commands import ROOT
from tidemark.deploy.alertmanager.configuration import FILE, build_configuration, render_configuration
from tidemark.deploy.prometheus.alerts import CONDITIONS
from tidemark.deploy.prometheus.alerts.condition import Condition, Severity
from tidemark.services.notifier.channels import AUDIENCES

PLACES = {
    each["id"]: each.get("parent")
    for each in tomllib.loads((ROOT / "seeds/places.toml").read_text())["place"]
}
OPERATED = {"district": ("district", "mall", "venue"), "port": ("port",)}
LABEL = {"district": "place", "port": "port"}


def amtool(*words: str) -> str:
    done = subprocess.run(
        [program("amtool"), *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@cache
def receivers_of(**labels: str) -> set[str]:
    """The receivers of an alert with these labels."""
    given = [f"{name}={value}" for name, value in labels.items()]
    return set(amtool("config", "routes", "test", f"--config.file={FILE}", *given).split(","))


def expected_operators(audience: str, place: str | None) -> set[str]:
    """The operators of the place and of the places that contain it, up to the whole district."""
    operators = set()
    while place in PLACES:
        if place.partition(".")[0] in OPERATED[audience] and PLACES[place]:
            operators.add(place)
        place = PLACES[place]
    return operators or {audience}


def labels(condition: Condition, severity: Severity) -> dict[str, str]:
    """Without those of its series."""
    return {
        "alertname": condition.name,
        "severity": severity,
        "layer": condition.layer,
        "audience": condition.audience,
    }


def test_the_committed_file_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == render_configuration(build_configuration()), (
        "stale; run python -m tidemark.deploy.alertmanager"
    )


def test_amtool_accepts_the_file() -> None:
    assert "SUCCESS" in amtool("check-config", str(FILE))


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.name)
def test_every_alert_reaches_its_audience_at_every_severity_and_nobody_else(condition: Condition) -> None:
    expected = "watchdog" if condition.name == "Watchdog" else condition.audience
    for severity in condition.severities:
        assert receivers_of(**labels(condition, severity)) == {expected}


@pytest.mark.parametrize("audience", LABEL)
def test_the_operators_of_a_place_and_of_the_places_around_it_are_notified(audience: str) -> None:
    for place in PLACES:
        notified = receivers_of(severity="critical", audience=audience, **{LABEL[audience]: place})
        assert notified == expected_operators(audience, place), place


@pytest.mark.parametrize("severity", Severity)
def test_the_severity_does_not_change_who_is_notified(severity: Severity) -> None:
    assert receivers_of(severity=severity, audience="district", place="mall.coco_park") == {
        "mall.coco_park",
        "district.futian_cbd",
    }
    assert receivers_of(severity=severity, audience="port", port="port.futian") == {"port.futian"}


def test_alerts_of_an_unknown_place_go_to_the_whole_district() -> None:
    assert receivers_of(severity="warning", audience="district", place="mall.not_there") == {"district"}
    assert receivers_of(severity="warning", audience="district", place="mallxcoco_park") == {"district"}


@pytest.mark.parametrize("lost", [{}, {"severity": "page"}, {"severity": "critical", "audience": "nobody"}])
def test_what_nobody_is_named_for_reaches_the_platform(lost: dict[str, str]) -> None:
    assert receivers_of(**lost) == {"platform"}


def test_every_audience_of_the_notifier_has_a_receiver() -> None:
    names = {receiver["name"] for receiver in build_configuration()["receivers"]}
    assert names >= set(AUDIENCES)


def test_the_heartbeat_calls_the_outside_address_or_nothing_without_one() -> None:
    def of_watchdog(heartbeat: str | None) -> list[object]:
        receivers = build_configuration(heartbeat=heartbeat)["receivers"]
        return [each.get("webhook_configs") for each in receivers if each["name"] == "watchdog"]

    assert of_watchdog("https://beats.example/tidemark") == [[{"url": "https://beats.example/tidemark"}]]
    assert of_watchdog(None) == [None]
