"""From the times of a file, as a clock on the wall showed them, to instants."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tidemark.streams.contracts.civil import instant

from .errors import RowInvalid
from .mapping import Fold
from .values import whole

_CACHE_LIMIT = 50_000
_PER_SECOND = {"unix_s": 1, "unix_ms": 1000}


def format_problem(layout: str) -> str | None:
    """What is wrong with a strptime layout, unix_s or unix_ms; None if nothing is."""
    if layout in _PER_SECOND:
        return None
    try:
        datetime.strptime("", layout)  # noqa: DTZ007
    except ValueError as error:
        if "does not match" not in str(error):
            return str(error)
    if not any(code in layout for code in ("%Y", "%y", "%G", "%c", "%x")):
        return f"{layout!r} has no year"
    return None


def instant_reader(layout: str | None, zone: str | None, fold: Fold) -> Callable[[str], datetime]:
    """A function from text to an instant in UTC; it remembers what it has read.

    `layout` is a strptime format, unix_s, unix_ms, or None for ISO 8601. A local time is of
    `zone`; one that the clock showed twice is resolved by `fold`, one that it skipped is
    rejected. The function raises RowInvalid.
    """
    where = ZoneInfo(zone) if zone else None

    @lru_cache(_CACHE_LIMIT)
    def read(text: str) -> datetime:
        try:
            local = _parse(text, layout)
            return (_resolve(local, where, fold) if local.tzinfo is None else local).astimezone(UTC)
        except OverflowError:
            raise RowInvalid(f"{text!r} is out of range", "send a time of this century") from None

    return read


def later(at: datetime, seconds: int) -> datetime:
    """The instant moved by whole seconds, which may be negative. Raises RowInvalid."""
    try:
        return at + timedelta(seconds=seconds)
    except OverflowError:
        raise RowInvalid(f"{at} moved by {seconds} s is out of range", "correct plus_s") from None


def _parse(text: str, layout: str | None) -> datetime:
    if layout in _PER_SECOND:
        return instant(whole(text) * 1000 // _PER_SECOND[layout])
    try:
        return datetime.strptime(text, layout) if layout else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        shape = layout or "ISO 8601, 2026-01-31T12:00:00+08:00"
        raise RowInvalid(f"{text!r} is not a time of the form {shape}", "correct it or the format") from None


def _resolve(local: datetime, zone: ZoneInfo | None, fold: Fold) -> datetime:
    """PEP 495: the offset of fold 0 is the greater one where a clock went back and the
    smaller one where it went forward."""
    if zone is None:
        raise RowInvalid(f"{local} has no offset", "give the field a zone")
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return first
    if before < after:
        raise RowInvalid(
            f"{local} did not exist in {zone.key}, where the clock went forward", "correct the time"
        )
    if fold == "reject":
        raise RowInvalid(
            f"{local} came twice in {zone.key}, where the clock went back",
            'give the field fold = "earlier" or "later"',
        )
    return first if fold == "earlier" else second
