"""Local times become the instants at which a local clock showed them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidemark.services.importer.errors import RowInvalid
from tidemark.services.importer.mapping import Fold
from tidemark.services.importer.values import create_instant_parser, shift_instant

LAYOUT = "%Y-%m-%d %H:%M:%S"
ZONES = ("Australia/Melbourne", "Asia/Shanghai", "America/St_Johns", "Australia/Lord_Howe", "Europe/Dublin")
instants = st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


def format_instant(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime(LAYOUT)


@given(instants, st.sampled_from(ZONES))
def test_a_local_time_is_parsed_as_its_instant(at: datetime, zone: str) -> None:
    both = {
        create_instant_parser(LAYOUT, zone, fold)(format_instant(at, zone)) for fold in ("earlier", "later")
    }
    assert at in both
    assert {format_instant(instant, zone) for instant in both} == {format_instant(at, zone)}


def read(text: str, fold: Fold = "reject") -> datetime:
    return create_instant_parser("%Y-%m-%d %H:%M", "Australia/Melbourne", fold)(text)


@pytest.mark.parametrize("day", ["2014-10-05", "2015-04-05", "2015-01-01"])
def test_each_minute_of_a_day_is_rejected_unique_or_ambiguous_as_the_clock_showed_it(day: str) -> None:
    """The truth is computed from the local time at each minute of three days."""
    first = datetime.fromisoformat(f"{day}T00:00+10:00") - timedelta(days=1)
    showing: dict[str, list[datetime]] = {}
    for minute in range(3 * 1440):
        at = (first + timedelta(minutes=minute)).astimezone(UTC)
        showing.setdefault(format_instant(at, "Australia/Melbourne")[:16], []).append(at)
    for minute in range(1440):
        text = f"{day} {minute // 60:02d}:{minute % 60:02d}"
        instants_of_text = showing.get(text, [])
        if not instants_of_text:
            with pytest.raises(RowInvalid, match="does not exist"):
                read(text, "earlier")
        elif len(instants_of_text) == 2:
            assert [read(text, "earlier"), read(text, "later")] == instants_of_text
            with pytest.raises(RowInvalid, match="is ambiguous"):
                read(text)
        else:
            assert read(text) == instants_of_text[0]


def test_epochs_and_offsets_need_no_zone() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert create_instant_parser("unix_s", None, "reject")("1767225600") == at
    assert create_instant_parser("unix_ms", None, "reject")("1767225600250") == at + timedelta(
        milliseconds=250
    )
    assert create_instant_parser(None, None, "reject")("2026-01-01T08:00:00+08:00") == at
    assert create_instant_parser("%d.%m.%Y %H:%M %z", None, "reject")("01.01.2026 08:00 +0800") == at


@pytest.mark.parametrize(
    ("layout", "zone", "text", "problem"),
    [
        (None, None, "2026-01-01T08:00:00", "has no UTC offset"),
        (None, "Asia/Shanghai", "yesterday", "not a time of the form ISO 8601"),
        ("%Y", "Asia/Shanghai", "26", "not a time of the form %Y"),
        ("unix_s", None, "1e9", "not a whole number"),
        ("unix_s", None, "999999999999999999", "out of range"),
        (None, "Asia/Shanghai", "0001-01-01T00:00:00", "out of range"),
    ],
)
def test_an_invalid_time_is_refused_with_the_reason(
    layout: str | None, zone: str | None, text: str, problem: str
) -> None:
    with pytest.raises(RowInvalid, match=problem):
        create_instant_parser(layout, zone, "reject")(text)


def test_an_instant_moved_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(RowInvalid, match="out of range"):
        shift_instant(datetime(2026, 1, 1, tzinfo=UTC), 10**15)
