"""What every live formula of the catalogue is: parameters from its file, a value from a reading."""

from typing import ClassVar

import msgspec

from tidemark.streams.indicators.reading import Reading
from tidemark.streams.indicators.spans import Span
from tidemark.streams.indicators.values import Absent, Value


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="formula", kw_only=True):
    """A formula by its name with its parameters. `family` is the family of facts it reads."""

    family: ClassVar[str]

    def value(self, reading: Reading, span: Span) -> Value | Absent:
        """What the accepted events say of the span, or why they say nothing."""
        raise NotImplementedError
