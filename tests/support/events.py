"""Events of every fact type for property tests, built from the contracts' own types."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.family import EventType, Stream
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode, encode
from tidemark.streams.families.table import CHANGED, CREATED, EVENT_TYPES, FAMILY_OF

START = datetime(2026, 1, 30, 12, tzinfo=UTC)
"""Three days from here cross a month's end in Asia/Shanghai and exceed the retention of minutes."""

SPAN_S = 3 * 86_400
ARRIVAL_MS = int((START + timedelta(days=10)).timestamp() * 1000)
IDENTITY = LogIdentity(partitions=1, content="simulated")
FACT_TYPES = [kind for kind in EVENT_TYPES if FAMILY_OF[kind].stream is Stream.FACTS]

_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "hs6": st.sampled_from(["850440", "610910"]),
    "period": st.sampled_from(["2026-01", "2026-02"]),
    "value": st.sampled_from(["1562.5", "1600"]),
    "yoy_reported": st.sampled_from(["5.1", "-0.3"]),
    "auth_ms_histogram": st.lists(st.integers(0, 5), min_size=9, max_size=9).map(tuple),
    "capabilities": st.sampled_from([(), ("visa",), ("visa", "stub")]),
}


def instants() -> st.SearchStrategy[datetime]:
    return st.integers(0, SPAN_S).map(lambda s: START + timedelta(seconds=s))


def _values(name: str, info: inspect.Type) -> st.SearchStrategy[Any]:
    if name in _BY_NAME:
        return _BY_NAME[name]
    match info:
        case inspect.Metadata():
            return _values(name, info.type)
        case inspect.UnionType():
            some = next(t for t in info.types if not isinstance(t, inspect.NoneType))
            return st.none() | _values(name, some)
        case inspect.LiteralType():
            return st.sampled_from(sorted(info.values))
        case inspect.StrType():
            return st.sampled_from([f"{name}-a", f"{name}-b"])
        case inspect.IntType():
            return st.integers(info.ge if info.ge is not None else 0, min(info.le or 1000, 1000))
        case inspect.BoolType():
            return st.booleans()
        case inspect.DateTimeType():
            return instants()
        case inspect.DateType():
            return st.sampled_from([date(2026, 1, 1), date(2026, 3, 1)])
    raise AssertionError(f"no strategy for {name}: {info}")


@cache
def _fields(kind: EventType) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for each field of the payload; cached, because building them takes longer than drawing."""
    info = inspect.type_info(kind.payload)
    assert isinstance(info, inspect.StructType)
    return {field.name: _values(field.name, field.type) for field in info.fields}


@st.composite
def payloads(draw: st.DrawFn, kind: EventType, **fixed: Any) -> Any:
    """A payload that keeps the contract's rules; `fixed` fields are given."""
    values = {name: fixed.get(name) or draw(strategy) for name, strategy in _fields(kind).items()}
    for first, last in (("started_at", "ended_at"), ("starts", "ends")):
        if first in values:
            values[first], values[last] = sorted((values[first], values[last]))
    if "commit_by" in values:
        values["commit_by"] = date(2026, 3, 1) if values["mode"] == "instant" else None
    if "error_code" in values and values["stage"] != "failed":
        values["error_code"] = None
    if "online_fen" in values:
        values["online_fen"] = min(values["online_fen"], values["gross_fen"])
    if "attempts" in values:
        values["attempts"] = values["approved"] + values["failed_technical"] + values["failed_issuer"]
    if "previous" in values:
        values["previous"] = _previous(values)
    return kind.payload(**values)


def _previous(values: dict[str, Any]) -> str | None:
    status = values.get("status") or values["stage"]
    return {
        "cancelled": "released",
        "returned": "released",
        "graded": "acquired",
        "exported": "graded",
        "reversed": "sold",
    }.get(status)


@st.composite
def created_events(draw: st.DrawFn, event_id: str, kinds: list[EventType] = FACT_TYPES) -> Event:
    """One event of any of the kinds, at any moment of the span."""
    kind = draw(st.sampled_from(kinds))
    time = draw(instants())
    fixed = {"window_start": time} if kind.windowed else {}
    payload = draw(payloads(kind, **fixed))
    return envelope(kind, event_id, time, draw(st.sampled_from(["mall.a", "debut.b"])), payload)


def envelope(kind: EventType, event_id: str, time: datetime, subject: str, payload: Any) -> Event:
    """A simulated `create` event."""
    return CREATED[kind](
        specversion="1.0",
        id=event_id,
        source="/tests",
        time=time,
        subject=subject,
        simulated=True,
        data=payload,
    )


def change_of(event: Event, event_id: str, after: Any = None) -> Event:
    """The retraction of an event, or its correction to another payload."""
    changed = CHANGED[event.kind]
    body = {"before": event.data} if after is None else {"before": event.data, "after": after}
    data = msgspec.convert(body, inspect_type(changed), from_attributes=True)
    return changed(
        specversion="1.0",
        id=event_id,
        source=event.source,
        time=event.time,
        subject=event.subject,
        simulated=True,
        op="retract" if after is None else "correct",
        data=data,
    )


def inspect_type(changed: type) -> type:
    """The struct of a change's data."""
    data: type = msgspec.structs.fields(changed)[-1].type
    return data


@st.composite
def histories(draw: st.DrawFn, kinds: list[EventType] = FACT_TYPES, most: int = 25) -> list[bytes]:
    """Events with corrections and retractions of some, each with an id of its own."""
    events = [draw(created_events(f"e{n}", kinds)) for n in range(draw(st.integers(1, most)))]
    changes = []
    for n, event in enumerate(events):
        fate = draw(st.sampled_from(["stands", "stands", "retracted", "corrected"]))
        if fate == "retracted":
            changes.append(change_of(event, f"r{n}"))
        elif fate == "corrected":
            after = _correct_payload(event)
            changes.append(change_of(event, f"c{n}", after))
    raws = [encode(event) for event in (*events, *changes)]
    return [raw for raw in raws if _valid(raw)]


def _correct_payload(event: Event) -> Any:
    """The same payload with one number changed."""
    for name in ("entered", "persons", "orders", "parcels", "quantity", "item_count", "queue_s", "fee_fen"):
        if hasattr(event.data, name):
            return msgspec.structs.replace(event.data, **{name: getattr(event.data, name) + 1})
    return event.data


def _valid(raw: bytes) -> bool:
    try:
        decode(raw)
    except InvalidEvent as error:
        raise AssertionError(f"the strategy made an invalid event: {error}") from error
    return True
