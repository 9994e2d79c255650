"""How much more than a year before."""

from .formulas import Live
from .reading import Reading
from .spans import Span, year_before
from .values import NoValue, Origin, Reason, Value, present, stated


@stated
def year_on_year(live: Live, reading: Reading, span: Span) -> Value:
    """Value ÷ value of the same days a year before − 1, in percent.

    Absent where either is, where the facts begin after the earlier span, and where that was 0.
    """
    now, before = (present(live.value(reading, of)) for of in (span, year_before(span)))
    if before.origin.begins is not None or before.amount <= 0:
        raise NoValue(
            Reason.NO_EVENTS,
            f"{before.origin.span.zh} 没有完整的数据可比",
            f"the facts of {before.origin.span} are not complete or add up to nothing",
        )
    words = f"{now.origin.computed_from} ÷ the same of {before.origin.span}"
    origin = Origin(span, words, now.origin.families, now.origin.begins)
    return Value(100 * (now.amount / before.amount - 1), "percent", origin)
