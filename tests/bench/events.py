"""Events for measurements, made from the contracts alone and the same in every run."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from tidemark.streams.contracts.family import EventType
from tidemark.streams.contracts.partitions import partition_of
from tidemark.streams.families import footfall, payment, retail, trade
from tidemark.streams.families.codec import encode
from tidemark.streams.families.table import CREATED
from tidemark.streams.log.port import Entry

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, tzinfo=ZONE)
PLACES = [f"{kind}.no_{n:02d}" for kind in ("mall", "zone", "landmark", "debut") for n in range(25)]
GOODS = [f"goods-{n}" for n in range(8)]

FOOTFALL = footfall.FAMILY.types[0]
RETAIL = retail.FAMILY.types[0]
TRADE = trade.FAMILY.types[0]
PAYMENT = payment.FAMILY.types[0]

SENSORS, SALES, DECLARATIONS, PAYMENTS = 2_000, 212, 94, 47
"""Events per minute: 85 % footfall, 9 % retail, 4 % trade, 2 % others."""


class Maker:
    """Makes simulated events that arrive ten seconds after they happened."""

    def __init__(self, partitions: int, places: Sequence[str] = PLACES) -> None:
        self.random = Random(7)
        self._partitions = partitions
        self._places = places
        self._made = 0

    def entry(self, kind: EventType, at: datetime, subject: str, payload: Any) -> Entry:
        """An event as an entry for the log."""
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
        """The event of a sensor for a window."""
        entered = self.random.randrange(40)
        data = footfall.FootfallCounted(f"sensor-{sensor:05d}", start, window_s, entered, entered)
        return self.entry(FOOTFALL, start + timedelta(seconds=window_s), self._place(sensor), data)

    def _place(self, number: int) -> str:
        return self._places[number % len(self._places)]

    def minute(self, start: datetime) -> list[Entry]:
        """One minute of the district's facts, in the proportions of their volumes."""
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


def make_daily(sensors: int, days: int, last: datetime) -> Iterator[Entry]:
    """One daily window of every sensor, for the `days` days before `last`, in one partition."""
    maker = Maker(1)
    for day in range(days):
        start = last - timedelta(days=days - day)
        for sensor in range(sensors):
            yield maker.window(sensor, start, 86_400)


def now() -> datetime:
    """The present in the district's zone, to the second."""
    return datetime.now(UTC).astimezone(ZONE).replace(microsecond=0)
