"""Who there is to be told: an audience, or the operators of a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tidemark.deploy.prometheus.condition import Audience
from tidemark.services.gazetteer import Place

from .quiet import DAYS_OFF, NIGHT


@dataclass(frozen=True, kw_only=True)
class Told:
    """An audience. `quiet`: when only critical alerts reach it. `label`: names the place whose
    operators are told, and `kinds` are the places that have operators."""

    audience: Audience
    quiet: tuple[str, ...] = ()
    label: str = ""
    kinds: tuple[str, ...] = ()


AUDIENCES = (
    Told(audience="bureau", quiet=(NIGHT, DAYS_OFF)),
    Told(audience="tax", quiet=(NIGHT, DAYS_OFF)),
    Told(audience="platform", quiet=(NIGHT,)),
    # Malls and venues are busiest when offices are closed.
    Told(audience="district", quiet=(NIGHT,), label="place", kinds=("district", "mall", "venue")),
    # Travellers cross at any hour.
    Told(audience="port", label="port", kinds=("port",)),
)


def operated(told: Told, places: Iterable[Place]) -> list[Place]:
    """The places whose operators are told; the district as a whole is the audience itself."""
    return [place for place in places if place.kind in told.kinds and place.parent is not None]


def within(place: Place, places: Sequence[Place]) -> list[str]:
    """The ids of a place and of all that lies in it."""
    found = [place.id]
    for inside in places:
        if inside.parent == place.id:
            found += within(inside, places)
    return found
