"""The kinds of problems that the gateway answers with."""

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from tidemark.services.http import CLOSE, Kind, Problem, respond, retry_after

MALFORMED = Kind("malformed", 400, "The body is not JSON in UTF-8")
DUPLICATE_KEY = Kind("duplicate-key", 400, "The event gives a key twice")
INCOMPLETE = Kind("incomplete", 400, "The body is incomplete")
UNAUTHENTICATED = Kind(
    "unauthenticated",
    401,
    "The token is missing, unknown or expired",
    (("WWW-Authenticate", 'Bearer realm="tidemark"'), CLOSE),
)
LOOPBACK_ONLY = Kind("loopback-only", 403, "Only local requests are served", (CLOSE,))
SOURCE_NOT_OWN = Kind("source-not-own", 403, "The event's source belongs to another sender")
FAMILY_NOT_ALLOWED = Kind("family-not-allowed", 403, "The source may not send this family")
NOT_FOUND = Kind("not-found", 404, "There is nothing at this path")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "The path does not support the method")
BODY_TIMEOUT = Kind("body-timeout", 408, "The body took too long to arrive")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
EVENT_TOO_LARGE = Kind("event-too-large", 413, "The event is too large")
TOO_MANY_EVENTS = Kind("too-many-events", 413, "The batch holds too many events")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "The content type is not one of CloudEvents")
UNDECODABLE = Kind("undecodable", 422, "The event is not a CloudEvent in JSON")
UNKNOWN_TYPE = Kind("unknown-type", 422, "The event type is not known")
INVALID = Kind("invalid", 422, "The event breaks a rule")
FUTURE = Kind("future", 422, "The event is in the future")
CONTENT_MISMATCH = Kind("content-mismatch", 422, "The log does not mix real and simulated events")
EMPTY_BATCH = Kind("empty-batch", 422, "The batch is empty")
BATCH_REJECTED = Kind("batch-rejected", 422, "No event of the batch was accepted")
OVERLOADED = Kind("overloaded", 429, "Too many events are waiting to be appended", retry_after(1))
INTERNAL = Kind("internal", 500, "The gateway failed")
LOG_UNAVAILABLE = Kind("log-unavailable", 503, "The log did not append the event", retry_after(5))
OUTCOME_UNKNOWN = Kind("outcome-unknown", 503, "The append took too long", retry_after(5))
NOT_READY = Kind("not-ready", 503, "The gateway cannot accept events")
LOG_FULL = Kind("log-full", 507, "The log has no space left", retry_after(60))

HTTP_KINDS = {kind.status: kind for kind in (NOT_FOUND, METHOD_NOT_ALLOWED)}
RESEND = "send the same events with the same ids again; no event is counted twice"


def answer_all_errors(app: FastAPI) -> None:
    """Answer unknown paths, unknown methods and bugs with problems as well."""
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_crash)


async def _answer_http_error(request: Request, error: Exception) -> Response:
    """Answers what the framework refuses: an unknown path or method."""
    status = getattr(error, "status_code", 500)
    kind = HTTP_KINDS.get(status, INTERNAL)
    problem = Problem(
        kind, f"{request.method} {request.scope['path']} is not served", "see /docs for the paths and methods"
    )
    response = respond(problem)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


async def _answer_crash(_request: Request, _error: Exception) -> Response:
    """Answers after a bug. The server logs it; the answer reveals nothing about it."""
    return respond(Problem(INTERNAL, "the request could not be handled", RESEND))
