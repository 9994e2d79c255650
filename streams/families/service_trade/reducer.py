"""Services traded abroad, in the month they were reported for."""

from tidemark.streams.contracts.civil import Civil, Periods
from tidemark.streams.contracts.contribution import Contribution
from tidemark.streams.contracts.reducer import AdditiveReducer
from tidemark.streams.families.service_trade import SERVICE_TRADE_VALUE, ServiceTradeReported


def _contributions(report: ServiceTradeReported, _subject: str, when: Periods) -> tuple[Contribution, ...]:
    dimensions = (report.direction, report.ebops_code, report.counterpart_region)
    return ((SERVICE_TRADE_VALUE, when, dimensions, (1, report.amount_usd_cents)),)


def _reported_month(report: ServiceTradeReported, _time_ms: int, civil: Civil) -> int:
    return civil.month_of(report.period)


REDUCER = AdditiveReducer(_contributions, _reported_month)
