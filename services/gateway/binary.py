"""Binary content mode: attributes in ce- headers, data in the body.

CloudEvents 1.0.2, HTTP protocol binding, section 3.1. Attribute values are first taken out of
double quotes (RFC 9110, 5.6.4), then percent-decoded once (RFC 3986, 2.4).
"""

import re
from urllib.parse import unquote_to_bytes

import msgspec
from starlette.datastructures import Headers

from .problems import INVALID, Problem

_PREFIX = "ce-"
_NAME = re.compile(r"[a-z0-9]{1,64}")
_ESCAPE = re.compile(r"\\(.)")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BOOLEANS = {"true": True, "false": False}


def event_of(headers: Headers, data: bytes) -> bytes:
    """The event in JSON format; `data` is one JSON value. Raises Problem."""
    attributes: dict[str, object] = {}
    for name, value in headers.items():
        if name.startswith(_PREFIX):
            attribute = name.removeprefix(_PREFIX)
            _check_name(attribute, attributes)
            attributes[attribute] = _value(attribute, value)
    return msgspec.json.encode(attributes | {"data": msgspec.Raw(data)})


def _check_name(attribute: str, seen: dict[str, object]) -> None:
    if attribute == "data" or not _NAME.fullmatch(attribute):
        raise Problem(
            INVALID,
            f"{_PREFIX}{attribute} is no attribute's header",
            "send attributes of lower-case letters and digits as headers, data as the body",
            attribute,
        )
    if attribute in seen:
        raise Problem(INVALID, f"{_PREFIX}{attribute} is sent twice", "send it once", attribute)


def _value(attribute: str, header: str) -> str | bool:
    text = _decode(attribute, header)
    if attribute != "simulated":
        return text
    if text not in _BOOLEANS:
        raise Problem(INVALID, f"{text!r} is not a Boolean", "send true or false", attribute)
    return _BOOLEANS[text]


def _decode(attribute: str, header: str) -> str:
    if len(header) >= 2 and header[0] == header[-1] == '"':
        header = _ESCAPE.sub(r"\1", header[1:-1])
    if _STRAY_PERCENT.search(header):
        raise Problem(INVALID, "% without two hexadecimal digits", "send a percent sign as %25", attribute)
    try:
        return unquote_to_bytes(header.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise Problem(
            INVALID, "does not decode to UTF-8", "percent-encode its UTF-8 bytes", attribute
        ) from None
