"""Events to measure with, made from the contracts alone. The same seed makes the same events."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any, Literal

from streams.contracts import footfall, payment, refund, retail, ticket, trade
from streams.contracts.codec import encode
from streams.contracts.envelope import CREATED
from streams.contracts.family import EventType
from streams.contracts.partitions import partition_of
from streams.log.port import Entry

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, tzinfo=ZONE)
PLACES = [f"{kind}.no_{n:02d}" for kind in ("mall", "zone", "landmark", "debut") for n in range(25)]
GOODS = [f"goods-{n}" for n in range(8)]
RAILS: tuple[refund.Rail, ...] = ("cash", "card", "alipay", "wechat")
PAID: tuple[refund.Stage, ...] = ("initiated", "credited")
USED: tuple[tuple[int, Literal["claimed", "redeemed"]], ...] = ((1, "claimed"), (3, "redeemed"))
"""A benefit's stages and the hours after admission."""


FOOTFALL = footfall.FAMILY.types[0]
RETAIL = retail.FAMILY.types[0]
TRADE = trade.FAMILY.types[0]
PAYMENT = payment.FAMILY.types[0]
ISSUED, PREAUDITED, VERIFIED, PAYOUT = refund.FAMILY.types
ADMITTED, BENEFIT = ticket.FAMILY.types

SENSORS, SALES, DECLARATIONS, PAYMENTS = 2_000, 212, 94, 47
"""Events of a minute: 85 % footfall, 9 % retail, 4 % trade, 2 % others."""

FORMS_A_DAY, TICKETS_A_DAY = 600, 10_000


class Maker:
    """Makes simulated events that arrive ten seconds after they happened."""

    def __init__(self, partitions: int, places: Sequence[str] = PLACES) -> None:
        self.random = Random(7)
        self._partitions = partitions
        self._places = places
        self._made = 0

    def entry(self, kind: EventType, at: datetime, subject: str, payload: Any) -> Entry:
        """An event as the log takes it in."""
        self._made += 1
        event = CREATED[kind](
            specversion="1.0",
            id=f"{kind.name}-{self._made:09d}",
            source=f"/bench/source-{self._made % 40:02d}",
            time=at,
            subject=subject,
            simulated=True,
            data=payload,
        )
        arrival_ms = int(at.timestamp() * 1000) + 10_000
        return Entry(partition_of(kind.key(subject, payload), self._partitions), encode(event), arrival_ms)

    def window(self, sensor: int, start: datetime, window_s: int) -> Entry:
        """What a sensor counted in a window."""
        entered = self.random.randrange(40)
        data = footfall.FootfallCounted(f"sensor-{sensor:05d}", start, window_s, entered, entered)
        return self.entry(FOOTFALL, start + timedelta(seconds=window_s), self._place(sensor), data)

    def _place(self, number: int) -> str:
        return self._places[number % len(self._places)]

    def minute(self, start: datetime) -> list[Entry]:
        """A minute of the district's facts, in the mix of their volumes."""
        entries = [self.window(sensor, start, 60) for sensor in range(SENSORS)]
        entries += [self._sales(n, start) for n in range(SALES)]
        entries += [self._declaration(start) for _ in range(DECLARATIONS)]
        entries += [self._payments(n, start) for n in range(PAYMENTS)]
        return entries

    def _sales(self, n: int, start: datetime) -> Entry:
        gross = self.random.randrange(10**6)
        data = retail.SalesReported(start, 60, GOODS[n % len(GOODS)], gross // 5_000, gross, 0, 9, 10)
        return self.entry(RETAIL, start + timedelta(minutes=1), self._place(n), data)

    def _declaration(self, at: datetime) -> Entry:
        token = f"{self.random.getrandbits(80):020x}"
        hs6 = f"{self.random.randrange(10, 97)}1000"
        value = self.random.randrange(10**5)
        data = trade.DeclarationChanged(token, "9610", "export", hs6, "ASEAN", value, 1, "released")
        return self.entry(TRADE, at, "district.huaqiangbei", data)

    def _payments(self, n: int, start: datetime) -> Entry:
        histogram = (0, 1, 5, 9, 4, 1, 0, 0, 0)
        data = payment.InboundSettled(
            start, 60, "visa", GOODS[n % len(GOODS)], 20, 18, 1, 1, self.random.randrange(10**6), 5, histogram
        )
        return self.entry(PAYMENT, start + timedelta(minutes=1), self._place(n), data)

    def form(self, at: datetime) -> list[Entry]:
        """The whole life of an ordinary refund form: five events over three days."""
        token, shop = f"{self.random.getrandbits(80):020x}", self.random.randrange(600)
        place = self._place(shop)
        invoice = self.random.randrange(20_000, 2_000_000)
        start = at + timedelta(hours=self.random.randrange(1, 60))
        end = start + timedelta(seconds=self.random.randrange(20, 600))
        issued = refund.FormIssued(
            token, f"shop-{shop:04d}", "ordinary", invoice, 1300, 1100, 200, "shoes", 2, "ASEAN", f"t{token}"
        )
        audited = refund.FormPreaudited(token, "pass", at, at + timedelta(seconds=40))
        verified = refund.FormVerified(token, "port.futian", start, end, "pass", True, False, 300)
        rail = RAILS[shop % len(RAILS)]
        payouts = [
            refund.PayoutChanged(token, f"p{token}", stage, rail, invoice * 9 // 100, invoice // 50)
            for stage in PAID
        ]
        return [
            self.entry(ISSUED, at, place, issued),
            self.entry(PREAUDITED, at + timedelta(minutes=20), place, audited),
            self.entry(VERIFIED, end, "port.futian", verified),
            self.entry(PAYOUT, end + timedelta(seconds=30), "port.futian", payouts[0]),
            self.entry(PAYOUT, end + timedelta(seconds=90), "port.futian", payouts[1]),
        ]

    def visit(self, at: datetime) -> list[Entry]:
        """A ticket's life: admitted, and for three in ten a benefit claimed and redeemed."""
        token, activity = f"{self.random.getrandbits(80):020x}", f"show-{self.random.randrange(8)}"
        scan = ticket.TicketAdmitted(token, activity, "gate-1", "admitted", 38_000)
        found = [self.entry(ADMITTED, at, f"venue.{activity}", scan)]
        if self.random.randrange(10) < 3:
            merchant = self.random.randrange(200)
            for hours, stage in USED:
                data = ticket.BenefitChanged(
                    token, f"b{token}", activity, stage, "discount", f"m-{merchant}", 20_000, 2_000
                )
                place = self._place(merchant)
                found.append(self.entry(BENEFIT, at + timedelta(hours=hours), place, data))
        return found


def lives(partitions: int, days: int) -> list[Entry]:
    """Whole lives of forms and tickets in the volumes expected for 2030, by arrival."""
    maker = Maker(partitions)
    entries: list[Entry] = []
    for n in range(FORMS_A_DAY * days):
        entries += maker.form(START + timedelta(seconds=n * 86_400 // FORMS_A_DAY))
    for n in range(TICKETS_A_DAY * days):
        entries += maker.visit(START + timedelta(seconds=n * 86_400 // TICKETS_A_DAY))
    return sorted(entries, key=lambda entry: entry.arrival_ms or 0)


def daily(sensors: int, days: int, last: datetime) -> Iterator[Entry]:
    """One window a day of every sensor, for days up to `last`, in one partition."""
    maker = Maker(1)
    for day in range(days):
        start = last - timedelta(days=days - day)
        for sensor in range(sensors):
            yield maker.window(sensor, start, 86_400)


def now() -> datetime:
    """The present in the district's zone, to the second."""
    return datetime.now(UTC).astimezone(ZONE).replace(microsecond=0)
