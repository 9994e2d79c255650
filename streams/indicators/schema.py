"""JSON Schema (2020-12) of the catalogue's files, made from the types that check them."""

from typing import Any

import msgspec

from .catalogue import Section

_DECIMAL = {"type": "string", "format": "decimal"}
_DECLARED = "meaning"


def section_schema() -> dict[str, Any]:
    """The schema of one file; its numbers are numbers, as TOML writes them.

    Rules between fields, and between files, stand in the types alone.
    """
    schema: dict[str, Any] = _numbers(msgspec.json.schema(Section))
    indicator = schema["$defs"]["Indicator"]["properties"]
    del indicator[_DECLARED]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _numbers(part: Any) -> Any:
    if part == _DECIMAL:
        return {"type": "number"}
    if isinstance(part, dict):
        return {name: _numbers(value) for name, value in part.items()}
    return [_numbers(one) for one in part] if isinstance(part, list) else part
