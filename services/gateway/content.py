"""Turns an HTTP request into the raw JSON of its events, in CloudEvents' three content modes.

CloudEvents 1.0.2, HTTP protocol binding, section 3, and JSON event format, section 4. In binary
mode attributes are ce- headers and data is the body (3.1): double quotes are first removed from
attribute values (RFC 9110, 5.6.4), which are then percent-decoded once (RFC 3986, 2.4).

Extension attributes that Tidemark does not know are passed over in all modes: the log stores them with the
event, and nothing reads or checks their values (docs/decisions/0030-names-in-events.md).
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from urllib.parse import unquote_to_bytes

import msgspec
from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from tidemark.services.http import BodyTooLarge, Problem, read_body

from .load import Hold, Load
from .names import ATTRIBUTES, check_attribute
from .problems import (
    BODY_TIMEOUT,
    BODY_TOO_LARGE,
    EMPTY_BATCH,
    INCOMPLETE,
    INVALID,
    MALFORMED,
    TOO_MANY_EVENTS,
    UNDECODABLE,
    UNSUPPORTED_MEDIA_TYPE,
)
from .settings import GatewaySettings

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"


class Mode(StrEnum):
    """CloudEvents' content modes."""

    STRUCTURED = "structured"
    BATCH = "batch"
    BINARY = "binary"


_PREFIX = "ce-"
_ESCAPE = re.compile(r"\\(.)")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BOOLEANS = {"true": True, "false": False}

_event = msgspec.json.Decoder(msgspec.Raw)
_events = msgspec.json.Decoder(list[msgspec.Raw])


def read_mode(headers: Headers) -> Mode:
    """The content mode that the headers announce. Raises Problem (415)."""
    if headers.get("content-encoding", "identity") != "identity":
        raise Problem(
            UNSUPPORTED_MEDIA_TYPE,
            "the body is compressed",
            "send it uncompressed, without Content-Encoding",
            "content-encoding",
        )
    media_type, charset = _parse(headers.get("content-type", ""))
    if charset not in ("utf-8", "us-ascii"):
        raise Problem(
            UNSUPPORTED_MEDIA_TYPE, f"charset {charset!r} is not UTF-8", "send UTF-8", "content-type"
        )
    if media_type == STRUCTURED:
        return Mode.STRUCTURED
    if media_type == BATCH:
        return Mode.BATCH
    if media_type == BINARY and any(name.startswith(_PREFIX) for name in headers):
        return Mode.BINARY
    raise Problem(
        UNSUPPORTED_MEDIA_TYPE,
        f"{media_type!r} came without ce- headers"
        if media_type == BINARY
        else f"media type {media_type!r} is not supported",
        f"send {STRUCTURED}, {BATCH}, or {BINARY} with ce- headers",
        "content-type",
    )


def _parse(content_type: str) -> tuple[str, str]:
    """The media type and its charset, both in lower case."""
    media_type, *parameters = content_type.lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return media_type.strip(), value.strip().strip('"')
    return media_type.strip(), "utf-8"


@asynccontextmanager
async def hold_body(request: Request, load: Load, settings: GatewaySettings) -> AsyncIterator[bytes]:
    """The request's body; its bytes count as held until the block ends. Raises Problem."""
    hold = Hold(load)
    try:
        yield await _read(request, hold, settings)
    finally:
        hold.release()


async def _read(request: Request, hold: Hold, settings: GatewaySettings) -> bytes:
    try:
        return await read_body(request, settings.max_body_bytes, settings.body_timeout_s, hold.add)
    except BodyTooLarge:
        limit = settings.max_body_bytes
        raise Problem(
            BODY_TOO_LARGE, f"the body has more than {limit} bytes", f"send at most {limit} bytes per request"
        ) from None
    except TimeoutError:
        raise Problem(
            BODY_TIMEOUT, f"the body took more than {settings.body_timeout_s:g} s", "send smaller batches"
        ) from None
    except ClientDisconnect:
        raise Problem(INCOMPLETE, "the client closed the connection", "send the request again") from None


def split_events(mode: Mode, headers: Headers, body: bytes, max_events: int) -> list[bytes]:
    """The JSON of each event as its producer wrote it, in order. Raises Problem."""
    try:
        body.decode()
        if mode is Mode.BATCH:
            return _split_batch(_events.decode(body), max_events)
        if mode is Mode.BINARY:
            return [build_event(headers, bytes(_event.decode(body)))]
        return [bytes(_event.decode(body))]
    except msgspec.ValidationError:
        raise Problem(
            UNDECODABLE, "the body is not a JSON array", "send a JSON array of CloudEvents"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(MALFORMED, str(error), "send JSON in UTF-8") from None


def _split_batch(events: list[msgspec.Raw], max_events: int) -> list[bytes]:
    if not events:
        raise Problem(EMPTY_BATCH, "the batch has no events", "send at least one event")
    if len(events) > max_events:
        raise Problem(
            TOO_MANY_EVENTS,
            f"the batch has {len(events)} events",
            f"send at most {max_events} events per batch",
        )
    return [bytes(event) for event in events]


def build_event(headers: Headers, data: bytes) -> bytes:
    """The event in JSON format; `data` is one JSON value. Raises Problem."""
    attributes: dict[str, object] = {}
    for name, value in headers.items():
        if name.startswith(_PREFIX):
            attribute = name.removeprefix(_PREFIX)
            _check_name(attribute, attributes)
            attributes[attribute] = _parse_value(attribute, value)
    return msgspec.json.encode(attributes | {"data": msgspec.Raw(data)})


def _check_name(attribute: str, seen: dict[str, object]) -> None:
    if attribute == "data":
        raise Problem(
            INVALID, f"header {_PREFIX}data does not name an attribute", "send data as the body", attribute
        )
    check_attribute(attribute)
    if attribute in seen:
        raise Problem(INVALID, f"header {_PREFIX}{attribute} is sent twice", "send it once", attribute)


def _parse_value(attribute: str, header: str) -> str | bool:
    text = _decode(attribute, _unquote(header))
    if attribute != "simulated":
        return text
    if text not in _BOOLEANS:
        raise Problem(INVALID, f"{text!r} is not a Boolean", "send true or false", attribute)
    return _BOOLEANS[text]


def _unquote(header: str) -> str:
    if len(header) >= 2 and header[0] == header[-1] == '"':
        return _ESCAPE.sub(r"\1", header[1:-1])
    return header


def _decode(attribute: str, value: str) -> str:
    """The percent-decoded value; of an attribute that is passed over, faults are kept or replaced."""
    if attribute not in ATTRIBUTES:
        return unquote_to_bytes(value.encode("latin-1")).decode(errors="replace")
    if _STRAY_PERCENT.search(value):
        raise Problem(
            INVALID,
            "the value has a % without two hexadecimal digits",
            "send a percent sign as %25",
            attribute,
        )
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeDecodeError:
        raise Problem(
            INVALID, "the value does not decode to UTF-8", "percent-encode its UTF-8 bytes", attribute
        ) from None
