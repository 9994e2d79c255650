"""Cumulative counters: the differences between readings."""

from .errors import RowInvalid
from .mapping import Cumulative

_COUNTER_LIMIT = 1_000_000


class Counters:
    """The last committed reading of each counter, from which the next difference is computed.

    A reading is committed if its row became an event. After a rejected row the next difference
    therefore covers that row too, and all differences add up to last − first reading.
    For each row: begin_row, compute_difference, finish_row, and commit_row if it became an event.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], int] = {}
        self.begin_row()

    def begin_row(self) -> None:
        """Begin a row: discard the readings of the previous row that were not committed."""
        self._readings: dict[tuple[str, ...], int] = {}
        self._first_readings: dict[tuple[str, ...], int] = {}
        self._fall: RowInvalid | None = None

    def compute_difference(self, key: tuple[str, ...], reading: int, rule: Cumulative) -> int:
        """The increase since the last committed reading; `key` is the event's field and the values of
        the counter's key columns. Raises RowInvalid if there are too many counters to remember."""
        last = self._last.get(key)
        if last is not None and (reading >= last or rule.reset == "restart"):
            self._readings[key] = reading
            return reading - last if reading >= last else reading
        if last is not None:
            self._fall = RowInvalid(
                f"the counter fell from {last} to {reading}",
                'set cumulative reset = "restart" if the counter starts again from 0',
                key[0],
            )
        elif len(self._last) >= _COUNTER_LIMIT:
            raise RowInvalid(
                f"more than {_COUNTER_LIMIT:,} counters",
                "list only the columns that identify a counter in cumulative.key",
            )
        self._first_readings[key] = reading
        return 0

    def finish_row(self) -> bool:
        """Whether the row has all its differences; a counter's first reading has none.

        Raises RowInvalid if a counter fell; the next difference is computed from the lower reading.
        """
        self._last.update(self._first_readings)
        if self._fall is not None:
            raise self._fall
        return not self._first_readings

    def commit_row(self) -> None:
        """Commit the row's readings, since it became an event."""
        self._last.update(self._readings)
