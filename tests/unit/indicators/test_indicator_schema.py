import copy
import json
import tomllib
from datetime import date
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.indicator_readings import ROOT
from tidemark.streams.indicators.targets.catalogue import build_section_schema

FILES = sorted((ROOT / "seeds" / "indicators").glob("*.toml"))
VALIDATOR = Draft202012Validator(build_section_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


def document(text: str) -> Any:
    """A file as JSON, in which days are strings."""
    return json.loads(json.dumps(tomllib.loads(text), default=date.isoformat))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_of_the_catalogue_fits_the_schema(path):
    VALIDATOR.validate(document(path.read_text("utf-8")))


def test_the_schema_rejects_wrong_and_foreign_fields():
    good = document(FILES[0].read_text("utf-8"))
    for field, value in (
        ("target", "many"),
        ("kind", "heap"),
        ("meaning", "stock"),
        ("live", {"formula": "x"}),
    ):
        bad = copy.deepcopy(good)
        bad["indicator"][0][field] = value
        assert not VALIDATOR.is_valid(bad), field
    Draft202012Validator.check_schema(build_section_schema())
