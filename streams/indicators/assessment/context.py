"""What the assessments of all indicators share: a reading, a day, and the figures published by then."""

from dataclasses import dataclass
from datetime import date

from tidemark.streams.contracts.published import Feed
from tidemark.streams.indicators.calendar.china import ONE_DAY
from tidemark.streams.indicators.official.figures import Figures
from tidemark.streams.indicators.reading.reading import Reading
from tidemark.streams.indicators.targets.goal import PLAN_END
from tidemark.streams.view.feeds import feeds


@dataclass(frozen=True)
class AssessmentContext:
    """A reading on a day. `figures`: those published by the day; live cells are as known now."""

    reading: Reading
    day: date
    figures: Figures
    feeds: dict[str, Feed]

    @classmethod
    def of(cls, reading: Reading, day: date) -> "AssessmentContext":
        """The context of a reading on a day."""
        figures = reading.figures.as_of(day)
        return cls(reading, day, figures, feeds(reading.view.heads.values()))

    @property
    def upto(self) -> date:
        """The last day that values cover: the plan's last day once it is over."""
        return min(self.day, PLAN_END)

    @property
    def moment_ms(self) -> int:
        """The end of the last day, or now where that is earlier."""
        return min(self.reading.now_ms, self.reading.start_ms(self.upto + ONE_DAY))

    @property
    def elapsed_share(self) -> float:
        """The part of the last day that is over, 0 to 1."""
        start_ms, end_ms = self.reading.start_ms(self.upto), self.reading.start_ms(self.upto + ONE_DAY)
        return min(max((self.reading.now_ms - start_ms) / (end_ms - start_ms), 0.0), 1.0)

    @property
    def last_whole_day(self) -> date:
        """The last day that is over."""
        return min(self.upto, self.reading.today - ONE_DAY)
