"""How long a message that fails is tried, and how long it rests between two attempts."""

from typing import NamedTuple

_FIRST_MS, _LONGEST_MS = 5_000, 600_000


class Patience(NamedTuple):
    """Attempts and age, in milliseconds, after which a message is given up."""

    max_tries: int
    max_age_ms: int

    def is_over(self, tries: int, age_ms: int) -> bool:
        """Whether a message that failed so many times is a dead letter now."""
        return tries >= self.max_tries or age_ms >= self.max_age_ms


def rest_ms(tries: int, luck: float) -> int:
    """Milliseconds until the next attempt: 5 s doubled per failure up to 10 min, of which the last
    half is left to luck, a number from 0 to 1, so that channels do not all come back at once."""
    longest = min(_LONGEST_MS, _FIRST_MS * (1 << min(tries - 1, 10)))
    return round(longest * (1 + luck) / 2)
