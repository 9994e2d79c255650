"""The circular economy's turnover."""

from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.spans import Span
from tidemark.streams.indicators.values import Value, stated

from .flows import NAMED, money
from .formula import Formula


class CircularTurnover(Formula, frozen=True, tag="circular_turnover"):
    """Σ sold − (reversed after sold) (reference: circular turnover), in CNY_100m."""

    family = "circular"

    @stated
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without lots in the span."""
        return money(reading, NAMED["circular_turnover"], span, "CNY_100m")
