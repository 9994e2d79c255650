"""Published figures, one record per indicator, period and vintage."""

from streams.contracts.official import FAMILY, FigurePublished

from .reducer import EntityReducer, latest_record, no_contributions


def _key(figure: FigurePublished) -> tuple[str, str, str]:
    return (figure.indicator_id, figure.period, figure.vintage)


REDUCER = EntityReducer(_key, no_contributions, latest_record, FAMILY.lifetime_ms)
