"""The language of names and tables: --lang, else the locale of messages, else English."""

import json

import pytest
from typer.testing import CliRunner

from tidemark.services.cli.app import app
from tidemark.services.cli.language import LOCALE_VARIABLES, detect_language
from tidemark.services.cli.names import COMPONENT_NAMES, MEASURE_NAMES, Names
from tidemark.streams.contracts.text import Language
from tidemark.streams.families.table import FAMILIES, MEASURES

ENGLISH, CHINESE = Language.EN, Language.ZH
NO_LOCALE = dict.fromkeys(LOCALE_VARIABLES, "")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, ENGLISH),
        ({"LANG": "C"}, ENGLISH),
        ({"LANG": "POSIX"}, ENGLISH),
        ({"LANG": "C.UTF-8"}, ENGLISH),
        ({"LANG": "en_US.UTF-8"}, ENGLISH),
        ({"LANG": "zha_CN"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_TW"}, CHINESE),
        ({"LANG": "zh"}, CHINESE),
        ({"LANG": "zh.UTF-8"}, CHINESE),
        ({"LANG": "zh-Hans"}, CHINESE),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, CHINESE),
    ],
)
def test_the_first_locale_variable_that_is_set_decides(
    environment: dict[str, str], language: Language
) -> None:
    assert detect_language(environment) is language


def schemas(*arguments: str, **environment: str) -> str:
    result = CliRunner().invoke(app, ["schemas", *arguments], env={**NO_LOCALE, **environment})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_command_follows_the_locale_and_the_flag_beats_it() -> None:
    assert "Footfall" in schemas()
    assert "客流" in schemas(LANG="zh_CN.UTF-8")
    assert "客流" in schemas("--lang", "zh")
    assert "Footfall" in schemas("--lang", "en", LANG="zh_CN.UTF-8")


def test_json_is_the_same_in_both_languages() -> None:
    assert json.loads(schemas("--json")) == json.loads(schemas("--json", LANG="zh_CN.UTF-8"))


def test_every_measure_component_and_family_has_a_name_in_both_languages() -> None:
    for language in Language:
        names = Names(language)
        for measure in MEASURES:
            assert names.name_measure(measure), measure.name
            for component in measure.components:
                named = component.name in COMPONENT_NAMES or component.name.startswith("le_")
                assert named, f"{measure.name}: {component.name}"
        assert all(names.name_family(family.name) for family in FAMILIES)


def test_no_name_is_left_over() -> None:
    assert set(MEASURE_NAMES) == {measure.name for measure in MEASURES}
    assert set(COMPONENT_NAMES) <= {part.name for measure in MEASURES for part in measure.components}


def test_places_buckets_and_money_are_named_in_the_language() -> None:
    chinese, english = Names(CHINESE), Names(ENGLISH)
    assert (chinese.name_place("district.futian"), english.name_place("district.futian")) == (
        "福田区",
        "Futian",
    )
    assert english.name_place("s1") == ""
    parts = {(measure.name, part.name): part for measure in MEASURES for part in measure.components}
    assert english.name_component(parts["refund.queue_time", "le_3600s"]) == "≤ 3,600 s"
    value = parts["refund.issued", "invoice_fen"]
    assert chinese.format_value(value, 123_456) == "1,234.56 元"
    assert english.format_value(value, 0) == "0.00 CNY"
    assert english.format_value(parts["service_trade.value", "amount_usd_cents"], 150) == "1.50 USD"
