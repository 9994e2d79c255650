"""What the demo shows on a terminal: live totals, their freshness, and the addresses to open."""

from collections import deque
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.panel import Panel
from rich.text import Text as Styled

from tidemark.services.board.snapshot import Snapshot
from tidemark.services.simulator.world import Window
from tidemark.services.wording import describe_time
from tidemark.streams.contracts.civil import instant
from tidemark.streams.contracts.money import yuan
from tidemark.streams.contracts.text import Language, Text

from .tables import MISSING, Column, ColumnKind, Fitted, format_lines, make_table

READINGS = 10
HEADS = (Text("今日", "today"), Text("今年以来", "this year"), Text("最新数据距今", "age"))
NAMES = {
    "visits": Text("客流", "Visits"),
    "refund_forms": Text("退税申请单", "Refund forms"),
    "refund_invoices": Text("退税商品发票金额", "Refund invoices"),
    "inbound_payments": Text("境外来客消费", "Inbound spending"),
    "retail_net": Text("零售净额", "Retail sales, net"),
    "cross_border_ecommerce": Text("跨境电商进出口", "Cross-border e-commerce"),
    "port_crossings": Text("口岸通关人次", "Port crossings"),
    "tickets_admitted": Text("入场人次", "Tickets admitted"),
    "tickets_used": Text("使用票根", "Ticket stubs used"),
    "circular_turnover": Text("循环经济成交额", "Circular-economy turnover"),
    "service_trade": Text("服务贸易额", "Services trade"),
}
SHOPS = Text("离境退税商店", "Departure tax-refund shops")
SIMULATED = Text("模拟数据", "simulated data")
ADDRESSES = {"screen": Text("大屏", "screen"), "metrics": Text("指标", "metrics")}


@dataclass(frozen=True)
class Pulse:
    """The number of events sent, the recent rate per second, and the addresses to open, as in ADDRESSES."""

    sent: int
    rate: float
    addresses: dict[str, str]


class Rate:
    """The rate per second over the last few readings of a count."""

    def __init__(self) -> None:
        self._readings: deque[tuple[int, float]] = deque(maxlen=READINGS)

    def update(self, count: int, now: float) -> float:
        """Take a reading of a count that only rises, and return the rate."""
        self._readings.append((count, now))
        first_count, first = self._readings[0]
        return (count - first_count) / (now - first) if now > first else 0.0


def format_window(window: Window, zone: str) -> Text:
    """Its start and end as times of day in the zone."""
    start, end = (instant(at_ms).astimezone(ZoneInfo(zone)).strftime("%H:%M:%S") for at_ms in window)
    return Text(f"{start} 至 {end}", f"{start} to {end}")


def draw_screen(snapshot: Snapshot, pulse: Pulse, now_ms: int, language: Language) -> Panel:
    """The whole screen, for a terminal."""
    columns, lines = _list_columns(language), draw_totals(snapshot, now_ms, language)
    fitted = Fitted(list(range(len(columns))), fold_ids=False)
    below = Styled("\n").join(_describe_state(snapshot, pulse, language))
    parts = Group(make_table(columns, lines, fitted), Styled(), below)
    return Panel(parts, title=_format_title(snapshot, language), padding=(1, 1))


def format_screen(snapshot: Snapshot, pulse: Pulse, now_ms: int, language: Language) -> str:
    """The whole screen in lines, for a pipe."""
    table = format_lines(_list_columns(language), draw_totals(snapshot, now_ms, language))
    state = (line.plain for line in _describe_state(snapshot, pulse, language))
    return "\n".join([_format_title(snapshot, language), *table, *state, ""])


def _list_columns(language: Language) -> list[Column]:
    return [Column(""), *(Column(head.in_language(language), ColumnKind.NUMBER) for head in HEADS)]


def draw_totals(snapshot: Snapshot, now_ms: int, language: Language) -> list[list[Styled]]:
    """A row for each main total: today, this year, and the age of its feed's newest event."""
    rows = []
    for name, total in snapshot.totals.items():
        feed = snapshot.feeds[total.feed]
        age = (
            Styled(MISSING)
            if feed.newest_ms is None
            else _format_age(now_ms - feed.newest_ms, feed.stale_after_ms, language)
        )
        label = NAMES[name].in_language(language)
        cells = (label, _format_total(total.today, total.unit), _format_total(total.year, total.unit))
        rows.append([*map(Styled, cells), age])
    shops = snapshot.refund_shops
    registered = snapshot.feeds[shops.feed].newest_ms is not None
    active = f"{shops.active:,}" if registered else MISSING
    label = SHOPS.in_language(language)
    return [*rows, [*map(Styled, (label, "", f"{active} / {shops.target:,}", ""))]]


def _format_title(snapshot: Snapshot, language: Language) -> str:
    return f"Tidemark · {snapshot.district} · {snapshot.day} · {SIMULATED.in_language(language)}"


def _describe_state(snapshot: Snapshot, pulse: Pulse, language: Language) -> list[Styled]:
    """The number of events sent, whether the totals include all of them, and the addresses to open."""
    lag = snapshot.completeness.lag
    sent = Text(
        f"已发送事件 {pulse.sent:,} 条，每秒 {pulse.rate:,.1f} 条；",
        f"{pulse.sent:,} events sent, {pulse.rate:,.1f}/s; ",
    )
    state = Styled(sent.in_language(language))
    if lag == 0:
        state.append(Text("已全部汇总", "totals complete").in_language(language), "green")
    else:
        backlog = Text(f"待处理 {lag:,} 条", f"{lag:,} events behind")
        state.append(backlog.in_language(language), "yellow")
    addresses = (f"{ADDRESSES[name].in_language(language):8} {url}" for name, url in pulse.addresses.items())
    return [state, *map(Styled, addresses)]


def _format_total(value: int | None, unit: str) -> str:
    if value is None:
        return MISSING
    if unit in ("fen", "usd_cents"):
        return f"{'¥' if unit == 'fen' else '$'}{yuan(value)}"
    return f"{value:,}"


def _format_age(age_ms: int, stale_after_ms: int, language: Language) -> Styled:
    text = describe_time(max(0, age_ms) // 1000).in_language(language)
    return Styled(f"! {text}", "yellow") if age_ms > stale_after_ms else Styled(text, "green")
