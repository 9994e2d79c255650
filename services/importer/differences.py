"""Running counters turned into what was counted between two readings."""

from .errors import RowInvalid
from .mapping import Cumulative

_COUNTER_LIMIT = 1_000_000


class Counters:
    """The last kept reading of each counter; differences are taken to it.

    A reading is kept when its row became an event. After a rejected row the next difference
    therefore holds what was counted meanwhile too: what is counted sums to last − first.
    For each row: begin, differences, settle, and keep if it became an event.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], int] = {}
        self.begin_row()

    def begin_row(self) -> None:
        """A new row: forget what was read of the one before and not kept."""
        self._readings: dict[tuple[str, ...], int] = {}
        self._first_readings: dict[tuple[str, ...], int] = {}
        self._fall: RowInvalid | None = None

    def compute_difference(self, key: tuple[str, ...], reading: int, rule: Cumulative) -> int:
        """What was counted since the last kept reading; `key` is the event's field, then the
        counter's name. Raises RowInvalid when there are too many counters to remember."""
        last = self._last.get(key)
        if last is not None and (reading >= last or rule.reset == "restart"):
            self._readings[key] = reading
            return reading - last if reading >= last else reading
        if last is not None:
            self._fall = RowInvalid(
                f"the counter fell from {last} to {reading}",
                'give cumulative reset = "restart" if it began anew',
                key[0],
            )
        elif len(self._last) >= _COUNTER_LIMIT:
            raise RowInvalid("there are too many counters", "let cumulative.key name the counter alone")
        self._first_readings[key] = reading
        return 0

    def finish_row(self) -> bool:
        """Whether the row's differences mean something: not so for a counter's first reading.

        Raises RowInvalid when a counter fell; the next difference is taken to where it fell to.
        """
        self._last.update(self._first_readings)
        if self._fall is not None:
            raise self._fall
        return not self._first_readings

    def commit_row(self) -> None:
        """The row became an event."""
        self._last.update(self._readings)
