"""The table of measures: everything that is added up, once, with its unit and its meaning.

A new measure is one entry here and one contribution in its family's reducer.
"""

from dataclasses import dataclass, field
from typing import Literal

from .civil import Grain
from .family import DAY, HOUR
from .histogram import AUTHORISATION_BOUNDS_MS, DURATION_BOUNDS_S

Unit = Literal["count", "persons", "fen", "usd_cents", "seconds", "milliseconds"]


@dataclass(frozen=True)
class Component:
    """One number of a cell's vector."""

    name: str
    unit: Unit = "count"


@dataclass(frozen=True)
class Dimension:
    """What a measure is broken down by. A public one may become a metric label; an entity may not."""

    name: str
    public: bool = True


@dataclass(frozen=True, eq=False)
class Kept:
    """A grain that totals are kept for, and how long after the period's end; None is for ever."""

    grain: Grain
    lifetime_ms: int | None = None


@dataclass(frozen=True, eq=False)
class Measure:
    """A vector of whole numbers per dimensions and period.

    `kept` lists the grains finest first. `bounds` is set for histograms: the vector is then a
    count per bucket (the last above all bounds) and the sum of the observed values.
    """

    name: str
    components: tuple[Component, ...]
    dimensions: tuple[Dimension, ...]
    kept: tuple[Kept, ...]
    meaning: str
    bounds: tuple[int, ...] | None = None
    finest: int = field(init=False)
    """Index of the grain that contributions are gathered at, as an attribute since it is looked
    up for every event."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "finest", int(self.kept[0].grain))

    @property
    def family(self) -> str:
        """The family of facts it is added up from."""
        return self.name.partition(".")[0]


_MINUTES = Kept(Grain.MINUTE, 26 * HOUR)
_QUARTERS = Kept(Grain.QUARTER, 400 * DAY)
_DAYS = Kept(Grain.DAY)
_DAYS_OF_ENTITIES = Kept(Grain.DAY, 400 * DAY)
_MONTHS = Kept(Grain.MONTH)
_LIVE = (_MINUTES, _QUARTERS, _DAYS, _MONTHS)
_INTRADAY = (_QUARTERS, _DAYS, _MONTHS)
_DAILY = (_DAYS, _MONTHS)
_ENTITY = (_DAYS_OF_ENTITIES,)


def _counts(*names: str) -> tuple[Component, ...]:
    return tuple(Component(name) for name in names)


def _fen(*names: str) -> tuple[Component, ...]:
    return tuple(Component(name, "fen") for name in names)


def _by(*names: str) -> tuple[Dimension, ...]:
    return tuple(Dimension(name) for name in names)


def _of(name: str) -> Dimension:
    return Dimension(name, public=False)


def _clock(name: str, by: tuple[Dimension, ...], meaning: str) -> Measure:
    buckets = _counts(*(f"le_{bound}s" for bound in DURATION_BOUNDS_S), "above")
    return Measure(name, (*buckets, Component("sum", "seconds")), by, _INTRADAY, meaning, DURATION_BOUNDS_S)


_VISITS = (
    Component("entered", "persons"),
    Component("exited", "persons"),
    Component("windows"),
    Component("seconds", "seconds"),
)

FOOTFALL_PLACE = Measure("footfall.place", _VISITS, _by("place"), _LIVE, "Visitors counted at a place")
FOOTFALL_SENSOR = Measure(
    "footfall.sensor", _VISITS, (*_by("place"), _of("sensor")), _ENTITY, "Visitors counted by a sensor"
)
FOOTFALL_DEBUT = Measure(
    "footfall.debut_sensor",
    _VISITS,
    (*_by("place"), _of("sensor")),
    (_QUARTERS,),
    "Visitors counted by a sensor of a debut space (places named debut.…)",
)
PORT_CROSSINGS = Measure(
    "port.crossings",
    (Component("persons", "persons"), *_counts("windows", "suppressed")),
    _by("port", "direction", "group"),
    _INTRADAY,
    "Persons who crossed a port",
)
PAYMENT_INBOUND = Measure(
    "payment.inbound",
    (
        *_counts("attempts", "approved", "failed_technical", "failed_issuer"),
        *_fen("amount_fen"),
        *_counts("windows"),
    ),
    _by("place", "scheme", "merchant_group"),
    _INTRADAY,
    "Payments of visitors from abroad",
)
PAYMENT_AUTHORISATION_TIME = Measure(
    "payment.authorisation_time",
    _counts(*(f"le_{bound}ms" for bound in AUTHORISATION_BOUNDS_MS), "above"),
    _by("place", "scheme"),
    _INTRADAY,
    "Time an authorisation took, in milliseconds; counts per bucket, without a sum",
    AUTHORISATION_BOUNDS_MS,
)
RETAIL_SALES = Measure(
    "retail.sales",
    (*_counts("orders"), *_fen("gross_fen", "returned_fen", "online_fen"), *_counts("windows")),
    _by("place", "category"),
    _INTRADAY,
    "Sales as malls and invoice platforms report them",
)
_DECLARED = (*_counts("declarations"), *_fen("value_fen"), *_counts("parcels"))
TRADE_RELEASED = Measure(
    "trade.released",
    _DECLARED,
    _by("mode", "direction", "partner_group"),
    _DAILY,
    "Declarations released, less those cancelled or returned after release",
)
TRADE_CHAPTER = Measure(
    "trade.chapter",
    _DECLARED,
    _by("direction", "chapter"),
    _DAILY,
    "The same by chapter of the Harmonized System (first two digits)",
)
TRADE_STATUS = Measure(
    "trade.status", _DECLARED, _by("mode", "status"), _DAILY, "Declarations that reached a status"
)
SERVICE_TRADE_VALUE = Measure(
    "service_trade.value",
    (*_counts("reports"), Component("amount_usd_cents", "usd_cents")),
    _by("direction", "ebops_code", "counterpart_region"),
    (_MONTHS,),
    "Services traded abroad, by the month they were reported for",
)
_LOTS = (*_counts("lots", "quantity"), *_fen("amount_fen"))
CIRCULAR_TURNOVER = Measure(
    "circular.turnover",
    _LOTS,
    _by("device_class", "channel"),
    _DAILY,
    "Second-hand lots sold, less those reversed after sale",
)
CIRCULAR_STAGE = Measure(
    "circular.stage", _LOTS, _by("device_class", "stage"), _DAILY, "Second-hand lots that reached a stage"
)
REFUND_ISSUED = Measure(
    "refund.issued",
    (*_counts("forms"), *_fen("invoice_fen"), *_counts("items")),
    _by("place", "mode", "region_group"),
    _INTRADAY,
    "Refund forms issued at shops",
)
REFUND_SHOP = Measure(
    "refund.shop",
    (*_counts("forms"), *_fen("invoice_fen")),
    (*_by("place"), _of("shop")),
    _ENTITY,
    "Refund forms issued by a shop",
)
REFUND_PREAUDITS = Measure(
    "refund.preaudits",
    _counts("audits"),
    _by("place", "result"),
    _INTRADAY,
    "Refund forms audited before the port",
)
REFUND_PREAUDIT_TIME = _clock("refund.preaudit_time", _by("place"), "Time from start to end of a pre-audit")
REFUND_VERIFICATIONS = Measure(
    "refund.verifications",
    _counts("verifications", "manual_checks", "seals_broken"),
    _by("port", "result"),
    _INTRADAY,
    "Customs verifications of refund forms",
)
REFUND_VERIFICATION_TIME = _clock(
    "refund.verification_time", _by("port"), "Verification clock: from its start at the port to its result"
)
REFUND_QUEUE_TIME = _clock("refund.queue_time", _by("port"), "Wait at the port before verification")
REFUND_CUSTODY_TIME = _clock(
    "refund.custody_time",
    _by("mode"),
    "Custody clock: from issue to the first verification's start, the traveller's choice",
)
REFUND_PAYOUTS = Measure(
    "refund.payouts",
    (*_counts("payouts"), *_fen("amount_fen", "fee_fen")),
    _by("rail", "stage"),
    _INTRADAY,
    "Refund payments that reached a stage",
)
REFUND_PAYOUT_TIME = _clock(
    "refund.payout_time", _by("rail"), "Payout clock: from the first pass at the port to the first credit"
)
REFUND_COHORT = Measure(
    "refund.cohort",
    _counts("forms", "preaudited", "verified", "passed", "credited", "completed_90d"),
    _by("place", "mode"),
    _DAILY,
    "What became of the forms issued in the period; completed_90d: passed and "
    "credited within 90 days of issue",
)
TICKET_SCANS = Measure(
    "ticket.scans", _counts("scans"), _by("place", "result"), _INTRADAY, "Tickets read at gates"
)
_STUBS = (
    *_counts("tickets"),
    *_fen("face_value_fen"),
    *_counts("cross_city", "used", "converted"),
    *_fen("linked_fen"),
)
TICKET_ADMITTED = Measure(
    "ticket.admitted",
    _STUBS,
    _by("place"),
    _DAILY,
    "Distinct tickets admitted, on the day of first admission; used: with a redeemed benefit; "
    "converted: with a paid order linked from 2 days before to 7 days after",
)
TICKET_ACTIVITY = Measure(
    "ticket.activity", _STUBS, (*_by("place"), _of("activity")), _ENTITY, "The same by activity"
)
TICKET_BENEFITS = Measure(
    "ticket.benefits",
    (*_counts("benefits"), *_fen("order_fen", "discount_fen")),
    _by("place", "benefit", "stage"),
    _INTRADAY,
    "Benefits of ticket stubs that reached a stage",
)
TICKET_MERCHANT = Measure(
    "ticket.merchant",
    (*_counts("redemptions"), *_fen("order_fen", "discount_fen")),
    (_of("merchant"),),
    _ENTITY,
    "Stub benefits redeemed at a merchant, less those reversed",
)

MEASURES: tuple[Measure, ...] = (
    FOOTFALL_PLACE,
    FOOTFALL_SENSOR,
    FOOTFALL_DEBUT,
    PORT_CROSSINGS,
    PAYMENT_INBOUND,
    PAYMENT_AUTHORISATION_TIME,
    RETAIL_SALES,
    TRADE_RELEASED,
    TRADE_CHAPTER,
    TRADE_STATUS,
    SERVICE_TRADE_VALUE,
    CIRCULAR_TURNOVER,
    CIRCULAR_STAGE,
    REFUND_ISSUED,
    REFUND_SHOP,
    REFUND_PREAUDITS,
    REFUND_PREAUDIT_TIME,
    REFUND_VERIFICATIONS,
    REFUND_VERIFICATION_TIME,
    REFUND_QUEUE_TIME,
    REFUND_CUSTODY_TIME,
    REFUND_PAYOUTS,
    REFUND_PAYOUT_TIME,
    REFUND_COHORT,
    TICKET_SCANS,
    TICKET_ADMITTED,
    TICKET_ACTIVITY,
    TICKET_BENEFITS,
    TICKET_MERCHANT,
)
KEPT: tuple[Kept, ...] = (_MINUTES, _QUARTERS, _DAYS, _DAYS_OF_ENTITIES, _MONTHS)
MEASURE_BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
