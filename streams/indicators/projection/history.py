"""What a projection starts from: an indicator month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tidemark.streams.contracts.civil import Month


class NoProjection(StrEnum):
    """Why there is no projection."""

    KIND = "kind"
    """Ranks, growth rates, milestones and ambiguous targets are not projected."""
    TOO_SHORT = "too_short"
    """Fewer months than the kind needs."""
    GAPS = "gaps"
    """A month is missing or not a number."""
    NO_MOVEMENT = "no_movement"
    """Nothing has changed for three years, or ever, so there is no trend to continue."""
    NOT_POSITIVE = "not_positive"
    """An annual flow has months that are not above 0, so that its growth is not defined."""
    OVER = "over"
    """The plan has ended: the value is known, not projected."""


@dataclass(frozen=True)
class History:
    """Consecutive whole months from `first`; None where a month is missing.

    A month's value by kind: stock: at the month's end; ratio: over the month or at its end; cumulative: the
    total since the plan began, at the month's end; annual_flow: the month's amount.
    """

    first: Month
    values: Sequence[float | None]

    @property
    def last(self) -> Month:
        """The last month."""
        return self.first + len(self.values) - 1
