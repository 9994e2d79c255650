"""What the demo shows on a terminal: totals that move, how fresh they are, where to look."""

from collections import deque
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.text import Text as Styled

from tidemark.services.board.snapshot import Snapshot
from tidemark.services.simulator.world import Window
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.money import yuan

from .tables import MISSING, Column, ColumnKind, Fitted, format_lines, make_table

READINGS = 10
COLUMNS = (
    Column(""),
    Column("今日 today", ColumnKind.NUMBER),
    Column("今年 this year", ColumnKind.NUMBER),
    Column("新鲜度 age", ColumnKind.NUMBER),
)
NAMES = {
    "visits": "客流 Visits",
    "refund_forms": "退税单 Refund forms",
    "refund_invoices": "退税开票 Refund invoices",
    "inbound_payments": "境外消费 Inbound spend",
    "retail_net": "零售净额 Retail, net",
    "cross_border_ecommerce": "跨境电商 Cross-border",
    "port_crossings": "口岸通关 Port crossings",
    "tickets_admitted": "入场 Tickets admitted",
    "tickets_used": "票根使用 Stubs used",
    "circular_turnover": "循环经济 Circular",
    "service_trade": "服务贸易 Services",
}


@dataclass(frozen=True)
class Pulse:
    """Events sent in all, events a second lately, and the addresses to open."""

    sent: int
    rate: float
    addresses: dict[str, str]


class Rate:
    """How many a second, over the last few readings of a count."""

    def __init__(self) -> None:
        self._readings: deque[tuple[int, float]] = deque(maxlen=READINGS)

    def update(self, count: int, now: float) -> float:
        """Take a reading of a count that only rises, and return the rate."""
        self._readings.append((count, now))
        first_count, first = self._readings[0]
        return (count - first_count) / (now - first) if now > first else 0.0


def format_window(window: Window, zone: str) -> str:
    """From when to when, as times of day in the zone."""
    begins, ends = (instant(at_ms).astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") for at_ms in window)
    return f"{begins} to {ends}"


def draw_screen(snapshot: Snapshot, pulse: Pulse, now_ms: int) -> Panel:
    """The whole screen, for a terminal."""
    lines = draw_totals(snapshot, now_ms)
    fitted = Fitted(list(range(len(COLUMNS))), fold_ids=False)
    below = Styled("\n").join(_describe_state(snapshot, pulse))
    parts = Group(make_table(COLUMNS, lines, fitted), Styled(), below)
    return Panel(parts, title=_title(snapshot), padding=(1, 1))


def format_screen(snapshot: Snapshot, pulse: Pulse, now_ms: int) -> str:
    """The same in lines, for a pipe."""
    state = (line.plain for line in _describe_state(snapshot, pulse))
    return "\n".join([_title(snapshot), *format_lines(COLUMNS, draw_totals(snapshot, now_ms)), *state, ""])


def draw_totals(snapshot: Snapshot, now_ms: int) -> list[list[Styled]]:
    """A row for each main total: today, this year, and the age of its feed's newest event."""
    rows = []
    for name, total in snapshot.totals.items():
        feed = snapshot.feeds[total.feed]
        age = (
            Styled(MISSING)
            if feed.newest_ms is None
            else _format_age(now_ms - feed.newest_ms, feed.stale_after_ms)
        )
        cells = (NAMES[name], _format_total(total.today, total.unit), _format_total(total.year, total.unit))
        rows.append([*map(Styled, cells), age])
    shops = snapshot.refund_shops
    registered = snapshot.feeds[shops.feed].newest_ms is not None
    active = f"{shops.active:,}" if registered else MISSING
    return [*rows, [*map(Styled, ("退税商店 Refund shops", "", f"{active} / {shops.target:,}", ""))]]


def _title(snapshot: Snapshot) -> str:
    return f"Tidemark · {snapshot.district} · {snapshot.day} · 模拟数据 simulated"


def _describe_state(snapshot: Snapshot, pulse: Pulse) -> list[Styled]:
    """How many events were sent, how complete the totals are, and the addresses to open."""
    lag = snapshot.completeness.lag
    state = Styled(f"{pulse.sent:,} events sent, {pulse.rate:,.1f}/s; ")
    if lag == 0:
        state.append("totals complete", "green")
    else:
        state.append(f"{lag:,} events behind", "yellow")
    return [state, *(Styled(f"{name:8} {address}") for name, address in pulse.addresses.items())]


def _format_total(value: int | None, unit: str) -> str:
    if value is None:
        return MISSING
    if unit in ("fen", "usd_cents"):
        return f"{'¥' if unit == 'fen' else '$'}{yuan(value)}"
    return f"{value:,}"


def _format_age(age_ms: int, stale_after_ms: int) -> Styled:
    seconds = max(0, age_ms) // 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            text = f"{seconds // size} {unit}"
            break
    else:
        text = f"{seconds} s"
    return Styled(f"! {text}", "yellow") if age_ms > stale_after_ms else Styled(text, "green")
