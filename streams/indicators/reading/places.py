"""Which places count for a part of the district."""

from collections.abc import Iterable, Mapping

Parents = Mapping[str, str]
"""The parent of each place; the root, the district, has none."""


def find_within(parents: Parents, roots: Iterable[str]) -> frozenset[str]:
    """The roots and every place inside them, at any depth."""
    return frozenset(roots).union(*(_find_below(parents, root) for root in roots))


def find_directly_within(parents: Parents, roots: Iterable[str]) -> frozenset[str]:
    """The roots and their direct children.

    Deeper places are left out, so that a visitor counted at a mall's door and again in a space of that mall
    counts once.
    """
    chosen = frozenset(roots)
    return chosen | {place for place, parent in parents.items() if parent in chosen}


def trace_parents(parents: Parents, place: str) -> tuple[str, ...]:
    """The place, its parent, and so on up to the district."""
    places = [place]
    while (parent := parents.get(places[-1])) is not None and parent not in places:
        places.append(parent)
    return tuple(places)


def _find_below(parents: Parents, root: str) -> frozenset[str]:
    return frozenset(place for place in parents if root in trace_parents(parents, place))
