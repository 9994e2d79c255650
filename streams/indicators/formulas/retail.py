"""Targets of retail sales: the district's, those of key places, and large complexes."""

from datetime import date
from fractions import Fraction

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.families.retail import RETAIL_SALES
from tidemark.streams.indicators.reading.places import find_directly_within
from tidemark.streams.indicators.reading.reading import Reading, build_no_events
from tidemark.streams.indicators.values.spans import Span, full_year
from tidemark.streams.indicators.values.value import Value, build_count, return_absent
from tidemark.streams.view.windows import PLAN_FIRST_YEAR

from .formula import NAMED, PER_100M, Formula, build_flow_origin, sum_flow

RETAIL_NET = NAMED["retail_net"]


class RetailSales(Formula, frozen=True, tag="retail_sales"):
    """Σ (gross − returned), in CNY_100m, uncalibrated; of all places, or of the districts and the places
    directly within them."""

    family = "retail"
    districts: tuple[str, ...] = ()

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without sales in the span."""
        places = find_directly_within(reading.parents, self.districts)
        fen = sum_flow(reading, RETAIL_NET, span, {"place": places} if places else {})
        chosen = f"place in {', '.join(self.districts)}" if places else ""
        return Value(
            Fraction(fen, PER_100M), "CNY_100m", build_flow_origin(reading, RETAIL_NET, span, chosen)
        )


class LargeComplexes(Formula, frozen=True, tag="large_complexes"):
    """Malls whose Σ (gross − returned) reached `yearly_fen` in a calendar year of the plan, and in no known
    year before it, in `count`. The span's last year counts up to the span's end."""

    family = "retail"
    yearly_fen: int

    @return_absent
    def value(self, reading: Reading, span: Span) -> Value:
        """Absent without sales up to the span's end."""
        months = reading.view.periods((RETAIL_SALES, Grain.MONTH))
        years = sorted({month // 12 for month in months if month // 12 <= span.last.year})
        if not years:
            raise build_no_events(RETAIL_SALES, span)
        first_reached: dict[str, int] = {}
        for year in years:
            for mall in self._list_malls_reaching(reading, year, span.last):
                first_reached.setdefault(mall, year)
        malls = sorted(mall for mall, year in first_reached.items() if year >= PLAN_FIRST_YEAR)
        words = f"malls whose year reached {self.yearly_fen} fen: {', '.join(malls) or 'none'}"
        return build_count(len(malls), reading.origin(RETAIL_SALES, span, words))

    def _list_malls_reaching(self, reading: Reading, year: int, last: date) -> list[str]:
        whole = full_year(year)
        sums = reading.sums(RETAIL_SALES, whole._replace(last=min(whole.last, last)), ("place",))
        return [
            place
            for (place,), vector in sums.items()
            if place.startswith("mall.") and RETAIL_NET.weigh(vector) >= self.yearly_fen
        ]
