"""What the demo shows on a terminal: totals that move, how fresh they are, where to look."""

from collections import deque
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tidemark.services.board.snapshot import Snapshot
from tidemark.services.simulator.world import Window
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.money import yuan

LOOKS = 10
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
    """How many a second, over the last few looks."""

    def __init__(self) -> None:
        self._looks: deque[tuple[int, float]] = deque(maxlen=LOOKS)

    def of(self, count: int, now: float) -> float:
        """Look at a count that only rises."""
        self._looks.append((count, now))
        first_count, first = self._looks[0]
        return (count - first_count) / (now - first) if now > first else 0.0


def span(window: Window, zone: str) -> str:
    """From when to when, in the zone's time of day."""
    begins, ends = (instant(at_ms).astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") for at_ms in window)
    return f"{begins} to {ends}"


def screen(snapshot: Snapshot, pulse: Pulse, now_ms: int) -> Panel:
    """The whole screen."""
    lag = snapshot.completeness.lag
    state = Text(f"{pulse.sent:,} events sent, {pulse.rate:,.1f}/s; ")
    state.append(
        "totals complete" if lag == 0 else f"{lag:,} events behind", "green" if lag == 0 else "yellow"
    )
    where = Text("\n".join(f"{name:8} {address}" for name, address in pulse.addresses.items()))
    title = f"Tidemark · {snapshot.district} · {snapshot.day} · 模拟数据 simulated"
    return Panel(Group(totals_table(snapshot, now_ms), Text(), state, where), title=title, padding=(1, 1))


def totals_table(snapshot: Snapshot, now_ms: int) -> Table:
    """Today and this year of every main total, with the age of its feed's newest event."""
    table = Table("", "今日 today", "今年 this year", "新鲜度 age", box=None)
    for column in table.columns:
        column.no_wrap = True
        column.justify = "left" if column is table.columns[0] else "right"
    for name, total in snapshot.totals.items():
        feed = snapshot.feeds[total.feed]
        age = Text("–") if feed.newest_ms is None else _age(now_ms - feed.newest_ms, feed.stale_after_ms)
        table.add_row(NAMES[name], _number(total.today, total.unit), _number(total.year, total.unit), age)
    shops = snapshot.refund_shops
    table.add_row("退税商店 Refund shops", "", f"{shops.active:,} / {shops.target:,}", "")
    return table


def _number(value: int | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit in ("fen", "usd_cents"):
        return f"{'¥' if unit == 'fen' else '$'}{yuan(value)}"
    return f"{value:,}"


def _age(age_ms: int, stale_after_ms: int) -> Text:
    seconds = max(0, age_ms) // 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            text = f"{seconds // size} {unit}"
            break
    else:
        text = f"{seconds} s"
    return Text(f"! {text}", "yellow") if age_ms > stale_after_ms else Text(text, "green")
