"""The CloudEvents 1.0 envelope, and how the structs of an event type are built.

An event is `Created` (data is the payload) or `Changed` (data holds the payload before and,
for a correction, after). Each has its own id; a change carries the time and subject of the
event that it changes.
"""

from typing import Annotated, Any, ClassVar, Literal, Union

import msgspec
from msgspec import Meta

from .family import EventType, Family
from .payload import Instant, Payload, Place

Operation = Literal["create", "correct", "retract"]


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="type", omit_defaults=True):
    """What every event carries. Unknown extension attributes are ignored, as CloudEvents asks."""

    kind: ClassVar[EventType]
    family: ClassVar[Family]

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    source: Annotated[str, Meta(min_length=1, max_length=128)]
    time: Instant
    subject: Place
    partitionkey: Annotated[str, Meta(max_length=256)] | None = None
    simulated: bool = False
    op: Operation
    data: Any

    @property
    def payload(self) -> Payload:
        """The payload that identifies the entity: the reported one or, of a change, the one before."""
        payload: Payload = self.data if self.op == "create" else self.data.before
        return payload


class Created(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Something happened."""

    op: Literal["create"] = "create"


class Changed(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Something reported earlier was wrong (correct) or did not happen (retract)."""

    op: Literal["correct", "retract"]


def key_of(event: Event) -> str:
    """The entity key that decides the event's partition."""
    return event.kind.key(event.subject, event.payload)


def changes(event: Event) -> tuple[tuple[Payload, int], ...]:
    """The payloads that an event removes (-1) and adds (+1)."""
    if event.op == "create":
        return ((event.data, 1),)
    if event.op == "retract":
        return ((event.data.before, -1),)
    return ((event.data.before, -1), (event.data.after, 1))


def _name(kind: EventType, suffix: str) -> str:
    return kind.payload.__name__ + suffix


def created_type(kind: EventType, family: Family) -> type[Created]:
    """The struct of events that report a payload of this type."""
    return msgspec.defstruct(  # type: ignore[return-value]
        _name(kind, "Event"),
        [("data", kind.payload)],
        bases=(Created,),
        namespace={"kind": kind, "family": family},
        tag=kind.type_name,
        frozen=True,
        kw_only=True,
        gc=False,
        omit_defaults=True,
    )


def changed_type(kind: EventType, family: Family) -> type[Changed]:
    """The struct of events that correct or retract an event of this type."""
    change = msgspec.defstruct(
        _name(kind, "Change"),
        [("before", kind.payload), ("after", Union[kind.payload, None], None)],  # noqa: UP007
        frozen=True,
        gc=False,
        forbid_unknown_fields=True,
        omit_defaults=True,
    )
    return msgspec.defstruct(  # type: ignore[return-value]
        _name(kind, "Changed"),
        [("data", change)],
        bases=(Changed,),
        namespace={"kind": kind, "family": family},
        tag=kind.type_name,
        frozen=True,
        kw_only=True,
        gc=False,
        omit_defaults=True,
    )
