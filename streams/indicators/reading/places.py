"""Which places count for a part of the district."""

from collections.abc import Iterable, Mapping

Parents = Mapping[str, str]
"""The place that each place lies in; the district itself lies in none."""


def find_within(parents: Parents, roots: Iterable[str]) -> frozenset[str]:
    """The roots and every place that lies in one, at any depth."""
    return frozenset(roots).union(*(_find_below(parents, root) for root in roots))


def find_directly_within(parents: Parents, roots: Iterable[str]) -> frozenset[str]:
    """The roots and the places right below them.

    Who is counted at a mall's door and again in a space of that mall counts once.
    """
    chosen = frozenset(roots)
    return chosen | {place for place, parent in parents.items() if parent in chosen}


def trace_parents(parents: Parents, place: str) -> tuple[str, ...]:
    """The place, the place it lies in, and so on to the district."""
    places = [place]
    while (parent := parents.get(places[-1])) is not None and parent not in places:
        places.append(parent)
    return tuple(places)


def _find_below(parents: Parents, root: str) -> frozenset[str]:
    return frozenset(place for place in parents if root in trace_parents(parents, place))
