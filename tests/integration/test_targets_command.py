"""`tidemark targets` after a simulated year, typed as a user would."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.support.commands import succeed, tidemark
from tests.support.indicator_readings import plan_rows

pytestmark = pytest.mark.xdist_group("simulated-year")

LAST = "2026-12-31"


def list_targets(log: str, *options: str | Path) -> list[dict[str, object]]:
    """The targets as programs read them."""
    targets: list[dict[str, object]] = json.loads(
        succeed("targets", "--log", log, "--as-of", LAST, "--json", *options)
    )["targets"]
    return targets


def test_each_of_the_88_targets_has_a_value_or_a_stated_reason(
    simulated_year: str, capsys: pytest.CaptureFixture[str]
) -> None:
    targets = list_targets(simulated_year)
    assert [target["id"] for target in targets] == [row["id"] for row in plan_rows()]
    assert len(targets) == 88
    for target in targets:
        assert (target["amount"] is None) != (target["absent"] is None), target["id"]
        assert target["why"]["zh"], target["id"]  # type: ignore[index]
        assert target["why"]["en"], target["id"]  # type: ignore[index]
        assert (target["status"] == "ambiguous") == (target["kind"] == "ambiguous"), target["id"]
    valued = sum(target["amount"] is not None for target in targets)
    statuses = dict(Counter(target["status"] for target in targets))
    with capsys.disabled():
        print(f"\n{valued} of {len(targets)} with a value: {statuses}")
    assert valued >= 80


def test_declared_meanings_give_the_ambiguous_ones_a_value(simulated_year: str, tmp_path: Path) -> None:
    declarations = tmp_path / "here.toml"
    declarations.write_text('key_district_visits = "annual_2030"\ncultural_events = "annual_2030"\n')
    by_id = {target["id"]: target for target in list_targets(simulated_year, "--declarations", declarations)}
    assert by_id["key_district_visits"]["amount"] is not None
    assert by_id["cultural_events"]["status"] not in {"ambiguous", "unknown"}
    assert by_id["key_district_sales"]["status"] == "ambiguous"


def test_filters_narrow_the_list(simulated_year: str) -> None:
    behind = list_targets(simulated_year, "--status", "behind", "--kind", "stock")
    assert behind
    assert {(target["status"], target["kind"]) for target in behind} == {("behind", "stock")}
    assert [target["id"] for target in list_targets(simulated_year, "--search", "退税")] == [
        "refund_shops",
        "instant_refund_complexes",
    ][:1]
    assert {target["section"] for target in list_targets(simulated_year, "--section", "五")} == {"五"}


def test_as_of_an_earlier_day_figures_published_since_are_not_known(simulated_year: str) -> None:
    answer = json.loads(succeed("targets", "--log", simulated_year, "--as-of", "2026-06-30", "--json"))
    assert "live values as of" in answer["known"]
    for target in answer["targets"]:
        official = (target["official"] or {}).get("amount")
        if official is not None:
            assert official["published"] <= "2026-06-30", target["id"]
            assert official["last"] <= "2026-06-30", target["id"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_prints_the_value_the_paths_the_figures_and_a_chart(simulated_year: str, lang: str) -> None:
    page = succeed("targets", "show", "refund_shops", "--log", simulated_year, "--lang", lang)
    assert {"zh": "离境退税商户", "en": "Departure tax-refund shops"}[lang] in page
    assert "registry records, refund_shop" in " ".join(page.split())
    for number in ("154.339", "72.8249", "600", "█"):
        assert number in page
    page = succeed("targets", "show", "retail_sales_total", "--log", simulated_year, "--lang", lang)
    assert "flash" in page
    assert "final" in page


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("show", "no_such"), "is not a target"),
        (("--as-of", "2999-01-01"), "is in the future"),
        (("--declarations", "nowhere.toml"), "--declarations"),
    ],
)
def test_wrong_use_is_refused_with_the_remedy(
    simulated_year: str, words: tuple[str, ...], complaint: str
) -> None:
    done = tidemark("targets", *words, "--log", simulated_year)
    assert done.returncode == 2
    assert complaint in done.stderr
