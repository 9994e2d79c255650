"""The gazetteer: the places that events may name, and their kinds."""

from pathlib import Path

import msgspec

from tidemark.streams.contracts.text import Text

from .resources import SEEDS


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place with its names and the place that contains it; only the district has no parent."""

    id: str
    zh: str
    en: str
    parent: str | None = None

    @property
    def kind(self) -> str:
        """The part of the id before the dot: mall, port, venue …"""
        return self.id.partition(".")[0]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    place: list[Place]


def load_places(path: Path = SEEDS / "places.toml") -> tuple[Place, ...]:
    """The places in the order of the file. Raises OSError, msgspec.DecodeError."""
    return tuple(msgspec.toml.decode(path.read_bytes(), type=_File).place)


def read_place_names() -> dict[str, Text]:
    """The name of each place by its id. Raises OSError, msgspec.DecodeError."""
    return {place.id: Text(place.zh, place.en) for place in load_places()}
