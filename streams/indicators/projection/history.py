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
    """A month is missing, or no number."""
    NO_MOVEMENT = "no_movement"
    """Nothing has changed for three years, or ever, so there is no trend to carry on."""
    NOT_POSITIVE = "not_positive"
    """An annual flow with months of nothing: its growth is not defined."""
    OVER = "over"
    """The plan has ended: the value is known, not projected."""


@dataclass(frozen=True)
class History:
    """Whole months one after the other, the first being `first`; None is missing.

    A month's value by kind. stock, ratio: as it stands at the month's end or over the month;
    cumulative: the total since the plan began at the month's end; annual_flow: the month's amount.
    """

    first: Month
    values: Sequence[float | None]

    @property
    def last(self) -> Month:
        """The last month."""
        return self.first + len(self.values) - 1
