"""What the simulated district is made of: days off, weather, shapes of days, places, chance."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tidemark.services.gazetteer import load_places
from tidemark.services.simulator.calendar import Calendar, day_of
from tidemark.services.simulator.randomness import RandomStreams, draw_skewed, roughly
from tidemark.services.simulator.shapes import OFFICE, SHAPES
from tidemark.streams.contracts.family import HOUR

CALENDAR = Calendar("Asia/Shanghai", RandomStreams(1))


@pytest.mark.parametrize(
    ("when", "off"),
    [
        (date(2026, 1, 1), True),  # New Year, a Thursday
        (date(2026, 1, 4), False),  # a Sunday worked for the Friday before
        (date(2026, 1, 7), False),
        (date(2026, 1, 10), True),
        (date(2026, 2, 17), True),  # Spring Festival
        (date(2026, 2, 14), False),  # a Saturday worked for it
        (date(2026, 10, 7), True),
        (date(2150, 3, 2), False),  # a year no calendar knows
        (date(2150, 3, 1), True),
    ],
)
def test_days_off_follow_the_chinese_calendar(when: date, off: bool) -> None:
    assert CALENDAR.is_off(day_of(when)) is off


def test_weather_is_smooth_and_within_bounds() -> None:
    days = [CALENDAR.weather(day) for day in range(20_000, 20_400)]
    assert all(0.8 <= level <= 1.15 for level in days)
    changes = [abs(level - following) for level, following in pairwise(days)]
    assert max(changes) < 0.25
    assert len(set(days)) > 300


@pytest.mark.parametrize("shape", [*SHAPES.values(), OFFICE])
@pytest.mark.parametrize("off", [False, True])
def test_the_parts_of_a_day_are_its_whole_and_as_many_leave_as_enter(shape: Any, off: bool) -> None:
    level = shape.off_level if off else 1.0
    step = HOUR // 4
    parts = [shape.share(off, start, start + step) for start in range(0, 24 * HOUR, step)]
    leaving = [shape.departure_share(off, start, start + step) for start in range(0, 24 * HOUR, step)]
    assert sum(parts) == pytest.approx(level)
    assert sum(leaving) == pytest.approx(level)
    assert min(parts) >= 0
    assert min(leaving) >= 0


def test_the_gazetteer_is_one_tree_with_names_in_both_languages() -> None:
    places = load_places()
    ids = [place.id for place in places]
    assert len(set(ids)) == len(ids)
    assert [place.id for place in places if place.parent is None] == ["district.futian"]
    assert all(place.parent in ids[:number] for number, place in enumerate(places) if place.parent)
    assert {place.kind for place in places} == set(SHAPES)
    assert all(place.zh and place.en for place in places)


def test_chance_keeps_its_mean_and_bounds() -> None:
    random = RandomStreams(1).derive("test")
    numbers = [roughly(random, 0.3) for _ in range(20_000)]
    assert sum(numbers) / len(numbers) == pytest.approx(0.3, abs=0.02)
    assert all(20 <= draw_skewed(random, 20, 300) <= 300 for _ in range(10_000))
