"""Published figures, one record per indicator, period, basis and vintage."""

from tidemark.streams.contracts.reducer import EntityReducer, latest_record
from tidemark.streams.families.official import FAMILY, FigurePublished


def _key(figure: FigurePublished) -> tuple[str, str, str, str]:
    return (figure.indicator_id, figure.period, figure.basis, figure.vintage)


REDUCER = EntityReducer(_key, record=latest_record, lifetime_ms=FAMILY.lifetime_ms)
