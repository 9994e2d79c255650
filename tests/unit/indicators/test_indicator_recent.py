"""Shares over recent windows and usual shares, against events counted one by one."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.events import envelope
from tests.support.indicator_readings import reading
from tests.support.readers import CIVIL
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.families import payment, refund
from tidemark.streams.families.payment import InboundSettled
from tidemark.streams.families.refund import PayoutChanged
from tidemark.streams.indicators.formulas.payment import FAILED_TECHNICAL
from tidemark.streams.indicators.formulas.ratios import compute_recent_shares, compute_usual_shares
from tidemark.streams.indicators.formulas.refund import CLAWBACK, PAYOUT_FAILED

NOW = datetime(2026, 5, 20, 4, 5, tzinfo=UTC)  # 12:05 in Shanghai
TODAY = date(2026, 5, 20)
QUARTER_S = 900

payouts = st.lists(
    st.tuples(
        st.integers(1, 100 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        st.sampled_from(["credited", "failed", "initiated", "advance_paid", "clawed_back"]),
        st.sampled_from(["card", "alipay"]),
        st.integers(1, 12),
    ),
    max_size=8,
)


def payout_events(groups: list[tuple[datetime, str, str, int]]) -> list[Event]:
    """The payouts of each group: instant, stage, rail and number."""
    return sorted(
        (
            envelope(
                refund.FAMILY.types[3], f"p{i}-{n}", at, "port.a",
                PayoutChanged(f"f{i}-{n}", f"o{i}-{n}", stage, rail, 100, 1),  # type: ignore[arg-type]
            )
            for i, (at, stage, rail, number) in enumerate(groups)
            for n in range(number)
        ),
        key=lambda event: event.time,
    )  # fmt: skip


def in_window(at: datetime, name: str) -> bool:
    """Hour and day hold the quarter-hours that began in them; the others hold civil days."""
    quarters = int(NOW.timestamp()) // QUARTER_S - int(at.timestamp()) // QUARTER_S
    days = (TODAY - at.astimezone(CIVIL.zone).date()).days
    return {"1h": quarters < 4, "1d": quarters < 96, "7d": days < 7, "30d": days < 30}[name]


def count_payouts(
    groups: list[tuple[datetime, str, str, int]], name: str, rail: str | None, *stages: str
) -> int:
    return sum(
        number
        for at, stage, of, number in groups
        if in_window(at, name) and stage in stages and rail in {None, of}
    )


@given(payouts)
@settings(max_examples=60, deadline=None)
def test_failed_payouts_are_of_the_shortest_window_with_twenty(groups):
    shares = compute_recent_shares(reading(payout_events(groups), NOW), PAYOUT_FAILED)
    for rail in ("card", "alipay"):
        whole = {
            name: count_payouts(groups, name, rail, "failed", "credited")
            for name in ("1h", "1d", "7d", "30d")
        }
        if not whole["30d"]:
            assert (rail,) not in shares
            continue
        window, share = shares[rail,]
        enough = [name for name, number in whole.items() if number >= 20]
        assert window.name == (enough or ["30d"])[0]
        assert (share.n, share.conclusive) == (whole[window.name], bool(enough))
        assert share.numerator == count_payouts(groups, window.name, rail, "failed")


@given(payouts)
@settings(max_examples=60, deadline=None)
def test_clawbacks_are_compared_with_the_ninety_days_before_today(groups):
    read = reading(payout_events(groups), NOW)
    before = [group for group in groups if 1 <= (TODAY - group[0].astimezone(CIVIL.zone).date()).days <= 90]
    advanced = sum(number for _, stage, _, number in before if stage == "advance_paid")
    clawed = sum(number for _, stage, _, number in before if stage == "clawed_back")
    base = compute_usual_shares(read, CLAWBACK)
    assert base.keys() == ({()} if advanced else set())
    if advanced:
        assert (base[()].numerator, base[()].denominator) == (clawed, advanced)
    advances = count_payouts(groups, "30d", None, "advance_paid")
    assert bool(compute_recent_shares(read, CLAWBACK)) == bool(advances)


def payment_event(at: datetime, attempts: int, technical: int, issuer: int = 0) -> Event:
    data = InboundSettled(at, 300, "visa", "retail", attempts, 0, technical, issuer, 0, 3)
    return envelope(payment.FAMILY.types[0], f"{at:%m%d%H%M}", at + timedelta(minutes=5), "mall.a", data)


def technical(*events: Event) -> tuple[str, int, int]:
    [(window, share)] = compute_recent_shares(reading(events, NOW), FAILED_TECHNICAL).values()
    return window.name, share.numerator, share.denominator


def test_technical_failures_leave_out_issuer_refusals_and_the_current_quarter_hour():
    hour = payment_event(NOW - timedelta(minutes=40), 100, 2, 10)
    quarter = NOW - timedelta(minutes=18)
    running = payment_event(NOW - timedelta(minutes=5), 400, 400)
    assert technical(hour, payment_event(quarter, 60, 6, 10)) == ("15m", 6, 50)
    assert technical(hour, payment_event(quarter, 59, 6, 10)) == ("1h", 8, 139)
    assert technical(hour, payment_event(quarter, 60, 6, 10), running) == ("15m", 6, 50)


def test_the_usual_share_of_payments_leaves_today_out():
    days = [payment_event(NOW - timedelta(days=back), 100, technical=back) for back in (40, 28, 3, 0)]
    [share] = compute_usual_shares(reading(days, NOW + timedelta(minutes=10)), FAILED_TECHNICAL).values()
    assert (share.numerator, share.denominator) == (31, 200)
