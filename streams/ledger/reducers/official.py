"""Published figures, one record per indicator, period and vintage."""

from streams.contracts.official import FAMILY, FigurePublished

from .reducer import EntityReducer, latest_record


def _key(figure: FigurePublished) -> tuple[str, str, str]:
    return (figure.indicator_id, figure.period, figure.vintage)


REDUCER = EntityReducer(_key, record=latest_record, lifetime_ms=FAMILY.lifetime_ms)
