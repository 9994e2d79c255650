"""The capacity of a place, and when it is full."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.events import envelope
from tests.support.folding import count
from tests.support.indicator_readings import reading
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families.activity import FAMILY as ACTIVITY
from tidemark.streams.families.activity import ActivityChanged
from tidemark.streams.families.registry import FAMILY as REGISTRY
from tidemark.streams.families.registry import EntityChanged
from tidemark.streams.indicators.formulas.footfall import (
    compute_inflows,
    estimate_seconds_to_full,
    sum_capacities,
)

NOW = datetime(2026, 5, 20, 4, 5, tzinfo=UTC)
REPORTED_AT = NOW - timedelta(days=1)


def registry_event(number: int, entity_class: str, place: str, capacity: int, **fields: object) -> Event:
    settings = {
        "entity_id": f"e{number}", "status": "active", "valid_from": date(2026, 1, 1), "capacity": capacity
    }  # fmt: skip
    data = EntityChanged(entity_class=entity_class, **settings | fields)  # type: ignore[arg-type]
    return envelope(REGISTRY.types[0], f"r{number}", REPORTED_AT, place, data)


def show(number: int, capacity: int | None, status: str = "live", starts: datetime = REPORTED_AT) -> Event:
    data = ActivityChanged(
        f"a{number}", "concert", status, starts, starts + timedelta(days=2), "venue.a", capacity=capacity  # type: ignore[arg-type]
    )  # fmt: skip
    return envelope(ACTIVITY.types[0], f"a{number}", REPORTED_AT, "venue.a", data)


def test_the_capacity_of_live_activities_comes_before_the_registrys():
    hall = registry_event(1, "merchant", "venue.a", 9_000, entity_id="venue.a")
    assert sum_capacities(reading([hall], NOW)) == {"venue.a": 9_000}
    shows = [show(1, 2_000), show(2, 500), show(3, None), show(4, 700, "planned"), show(5, 800, "ended")]
    later = show(6, 900, starts=NOW + timedelta(hours=1))
    assert sum_capacities(reading([hall, *shows, later], NOW)) == {"venue.a": 2_500}


def test_debut_spaces_of_a_place_add_up_and_other_entities_are_not_the_place():
    events = [
        registry_event(1, "debut_space", "debut.b", 300),
        registry_event(2, "debut_space", "debut.b", 200),
        registry_event(3, "debut_space", "debut.b", 100, status="closed"),
        registry_event(4, "merchant", "mall.a", 60),
    ]
    assert sum_capacities(reading(events, NOW)) == {"debut.b": 500}


def test_the_last_hour_sets_the_speed():
    old = count("old", NOW - timedelta(hours=3), 5_000)
    fresh = count("new", NOW - timedelta(minutes=30), 300)
    assert compute_inflows(reading([old, fresh], NOW)) == {"mall.a": 300 / (50 * 60)}


@given(st.integers(1, 10_000), st.integers(-50, 12_000), st.floats(-5, 5, allow_subnormal=False))
def test_a_place_is_full_when_the_missing_visitors_have_come_in(room, inside, inflow):
    after = estimate_seconds_to_full(room, inside, inflow)
    if after is None:
        assert inside < room
        assert inflow <= 0
    else:
        assert after >= 0
        assert inside + after * inflow >= room * (1 - 1e-9) or (after, inside >= room) == (0, True)
