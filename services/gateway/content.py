"""From an HTTP request to the raw JSON of each event, in CloudEvents' three content modes.

CloudEvents 1.0.2, HTTP protocol binding, section 3, and JSON event format, section 4.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

import msgspec
from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from .binary import event_of
from .load import Hold, Load
from .problems import (
    BODY_TIMEOUT,
    BODY_TOO_LARGE,
    EMPTY_BATCH,
    INCOMPLETE,
    MALFORMED,
    TOO_MANY_EVENTS,
    UNDECODABLE,
    UNSUPPORTED_MEDIA_TYPE,
    Problem,
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


_event = msgspec.json.Decoder(msgspec.Raw)
_events = msgspec.json.Decoder(list[msgspec.Raw])


def mode_of(headers: Headers) -> Mode:
    """The content mode that the headers announce. Raises Problem (415)."""
    if headers.get("content-encoding", "identity") != "identity":
        raise Problem(
            UNSUPPORTED_MEDIA_TYPE,
            "the body is compressed",
            "send it without Content-Encoding",
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
    if media_type == BINARY and any(name.startswith("ce-") for name in headers):
        return Mode.BINARY
    raise Problem(
        UNSUPPORTED_MEDIA_TYPE,
        f"{media_type!r} without ce- headers" if media_type == BINARY else f"{media_type!r} is not known",
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
async def body_of(request: Request, load: Load, settings: GatewaySettings) -> AsyncIterator[bytes]:
    """The request's body, its bytes counted as held until the block is left. Raises Problem."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > settings.max_body_bytes:
        raise _too_large(settings.max_body_bytes)
    hold = Hold(load)
    try:
        yield await _read(request, hold, settings)
    finally:
        hold.release()


async def _read(request: Request, hold: Hold, settings: GatewaySettings) -> bytes:
    chunks: list[bytes] = []
    try:
        async with asyncio.timeout(settings.body_timeout_s):
            async for chunk in request.stream():
                if hold.bytes + len(chunk) > settings.max_body_bytes:
                    raise _too_large(settings.max_body_bytes)
                hold.add(len(chunk))
                chunks.append(chunk)
    except TimeoutError:
        raise Problem(
            BODY_TIMEOUT, f"it took more than {settings.body_timeout_s:g} s", "send smaller batches"
        ) from None
    except ClientDisconnect:
        raise Problem(INCOMPLETE, "the client closed the connection", "send it again") from None
    return b"".join(chunks)


def _too_large(limit: int) -> Problem:
    return Problem(BODY_TOO_LARGE, f"it has more than {limit} bytes", f"send at most {limit} bytes at a time")


def events_in(mode: Mode, headers: Headers, body: bytes, max_events: int) -> list[bytes]:
    """The JSON of each event as its producer wrote it, in their order. Raises Problem."""
    try:
        body.decode()
        if mode is Mode.BATCH:
            return _batch(_events.decode(body), max_events)
        if mode is Mode.BINARY:
            return [event_of(headers, bytes(_event.decode(body)))]
        return [bytes(_event.decode(body))]
    except msgspec.ValidationError:
        raise Problem(UNDECODABLE, "not a JSON array", "send a JSON array of CloudEvents") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(MALFORMED, str(error), "send JSON in UTF-8") from None


def _batch(events: list[msgspec.Raw], max_events: int) -> list[bytes]:
    if not events:
        raise Problem(EMPTY_BATCH, "it holds no event", "send at least one")
    if len(events) > max_events:
        raise Problem(TOO_MANY_EVENTS, f"{len(events)} events", f"send at most {max_events} events at a time")
    return [bytes(event) for event in events]
