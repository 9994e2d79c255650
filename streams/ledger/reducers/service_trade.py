"""Services traded abroad, in the month they were reported for."""

from tidemark.streams.contracts.civil import Civil, Periods
from tidemark.streams.contracts.measures import SERVICE_TRADE_VALUE
from tidemark.streams.contracts.service_trade import ServiceTradeReported
from tidemark.streams.ledger.contribution import Contribution

from .reducer import AdditiveReducer


def _contributions(report: ServiceTradeReported, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (report.direction, report.ebops_code, report.counterpart_region)
    return ((SERVICE_TRADE_VALUE, when, dimensions, (1, report.amount_usd_cents)),)


def _reported_month(report: ServiceTradeReported, _time_ms: int, civil: Civil) -> int:
    return civil.month_of(report.period)


REDUCER = AdditiveReducer(_contributions, _reported_month)
