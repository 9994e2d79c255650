"""Refund: forms issued at shops to departing travellers, from issue to payout."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Literal

from tidemark.streams.contracts.family import DAY, HOUR, MINUTE, SECOND
from tidemark.streams.contracts.payload import Payload
from tidemark.streams.families import refund
from tidemark.streams.families.refund import (
    FormIssued,
    FormPreaudited,
    FormVerified,
    Mode,
    PayoutChanged,
    Rail,
    Stage,
)

from .calendar import date_of
from .planned import Batch, Planned
from .randomness import between, draw_skewed, pick, roughly, token
from .registry import Member, list_open_members
from .scenario import Daily
from .shapes import SHAPES, draw_moment
from .world import World

_REGIONS: tuple[refund.RegionGroup, ...] = (
    "HK", "HK", "HK", "HK", "MO", "TW", "ASEAN", "ASEAN", "EAST_ASIA", "EU", "NORTH_AMERICA", "OTHER",
)  # fmt: skip
_GOODS = ("apparel", "cosmetics", "electronics", "jewellery", "luggage", "watches", "food")
_RAILS: tuple[Rail, ...] = (
    "cash",
    "card",
    "alipay",
    "alipay",
    "wechat",
    "wechat",
    "alipay_hk",
    "cross_border_pay",
)
_PAYS_IN_MS: dict[Rail, tuple[int, int]] = {
    "cash": (20 * SECOND, 4 * MINUTE),
    "card": (1 * DAY, 7 * DAY),
    "alipay": (2 * SECOND, 20 * MINUTE),
    "wechat": (2 * SECOND, 20 * MINUTE),
    "alipay_hk": (5 * SECOND, HOUR),
    "cross_border_pay": (5 * SECOND, 6 * HOUR),
}
_AUDITS: tuple[Literal["pass", "fail", "manual"], ...] = (*("pass",) * 18, "manual", "fail")
_CHECKS: tuple[Literal["pass", "fail", "partial"], ...] = (*("pass",) * 28, "partial", "fail")
_PORTS = ("port.futian", "port.futian", "port.huanggang")
_LEAST_FEN, _MOST_FEN = 20_000, 6_000_000
_FEE_BP = 200
_AGENCY = "/agencies/refund-01"
_TAX = "/tax/futian"


def refund_events(world: World, daily: Daily, members: list[Member]) -> Iterator[Batch]:
    """One batch per day, without end: all events of the forms issued on it."""
    shape = SHAPES["mall"]
    for day in world.days():
        random = world.random_streams.derive("refund", day)
        off = world.calendar.is_off(day)
        busy = (1.6 if off else 0.75) * world.calendar.weather(day)
        shops = list_open_members(members, "refund_shop", day)
        planned: list[Planned] = []
        for _ in range(max(1, roughly(random, world.rate(daily, day) * busy))):
            shop = shops[int(random.random() * random.random() * len(shops))]
            at_ms = draw_moment(world.calendar, day, shape, random)
            planned += Form(world, random, shop, at_ms).plan_events(day)
        yield Batch(world.calendar.start_ms(day), planned)


class Form:
    """One form, and the events of its stages."""

    def __init__(self, world: World, random: Random, shop: Member, issued_ms: int) -> None:
        self._world = world
        self._random = random
        self._shop = shop
        self._at_ms = issued_ms
        self._token = token(random)
        self._rail = pick(random, _RAILS)
        self._planned: list[Planned] = []
        self._invoice_fen = draw_skewed(random, _LEAST_FEN, _MOST_FEN)
        self._vat_bp, self._refund_bp = (1_300, 1_100) if random.random() < 0.9 else (900, 800)

    def plan_events(self, day: int) -> list[Planned]:
        """All its events, from issue to payout or claw-back."""
        if self._random.random() < 0.35:
            self._plan_instant(day)
        else:
            self._plan_ordinary()
        return self._planned

    def plan_queued(self, port: str, verified_ms: int, queue_s: int) -> list[Planned]:
        """Its issue, and its verification at this port after the traveller has queued for `queue_s`."""
        self._issue("ordinary", None)
        self._at_ms = verified_ms
        self._verify_at(port, queue_s)
        return self._planned

    def _plan_instant(self, day: int) -> None:
        """Instant refund: paid in advance at the shop, secured by a hold on the traveller's card."""
        self._rail = "card" if self._random.random() < 0.5 else "alipay"
        deadline = day + 28
        self._issue("instant", date_of(deadline))
        self._advance_time(40 * SECOND, 10 * MINUTE)
        self._pay("preauth_held")
        self._advance_time(5 * SECOND, 2 * MINUTE)
        self._pay("advance_paid")
        self._maybe_preaudit(0.8)
        if self._random.random() < 0.94:
            self._travel(2 * HOUR, 24 * DAY)
            if self._verify() == "pass":
                self._advance_time(10 * SECOND, 30 * MINUTE)
                self._pay("preauth_released")
                return
        self._at_ms = max(self._at_ms, self._world.calendar.start_ms(deadline + 1))
        self._advance_time(HOUR, 20 * HOUR)
        self._pay("clawed_back")

    def _plan_ordinary(self) -> None:
        self._issue("ordinary", None)
        self._maybe_preaudit(0.6)
        if self._random.random() < 0.08:
            return
        self._travel(HOUR, 85 * DAY)
        result = self._verify()
        if result == "fail":
            return
        share = 100 if result == "pass" else between(self._random, 30, 90)
        self._advance_time(SECOND, 5 * MINUTE)
        self._pay("initiated", share)
        while self._random.random() < 0.06:
            self._advance_time(*_PAYS_IN_MS[self._rail])
            self._pay("failed", share, pick(self._random, ("account_closed", "name_mismatch", "timeout")))
            self._advance_time(10 * MINUTE, 2 * DAY)
            self._pay("initiated", share)
        self._advance_time(*_PAYS_IN_MS[self._rail])
        self._pay("credited", share)

    def _issue(self, mode: Mode, commit_by: date | None) -> None:
        random = self._random
        payload = FormIssued(
            form_token=self._token,
            shop_id=self._shop.id,
            mode=mode,
            invoice_fen=self._invoice_fen,
            vat_rate_bp=self._vat_bp,
            refund_rate_bp=self._refund_bp,
            fee_rate_bp=_FEE_BP,
            goods_class=pick(random, _GOODS),
            item_count=1 + int(4 * random.random() * random.random()),
            region_group=pick(random, _REGIONS),
            traveller_token=token(random),
            commit_by=commit_by,
            bag_token=token(random) if random.random() < 0.5 else None,
        )
        self._add_event(f"/shops/{self._shop.id}", self._shop.place.id, payload)

    def _maybe_preaudit(self, share: float) -> None:
        if self._random.random() >= share:
            return
        self._advance_time(MINUTE, 3 * HOUR)
        started_ms = self._at_ms
        self._advance_time(5 * SECOND, 15 * MINUTE)
        result: Literal["pass", "fail", "manual"] = pick(self._random, _AUDITS)
        payload = FormPreaudited(
            form_token=self._token,
            result=result,
            started_at=self._world.calendar.at(started_ms),
            ended_at=self._world.calendar.at(self._at_ms),
            reason_code=None if result == "pass" else pick(self._random, ("invoice", "goods", "identity")),
        )
        self._add_event(_TAX, self._shop.place.id, payload)

    def _verify(self) -> str:
        port = pick(self._random, _PORTS)
        return self._verify_at(port, draw_skewed(self._random, 20, 3_000))

    def _verify_at(self, port: str, queue_s: int) -> str:
        random = self._random
        manual = random.random() < 0.12
        result = pick(random, _CHECKS)
        started_ms = self._at_ms
        self._advance_time(10 * SECOND, 20 * MINUTE if manual else 3 * MINUTE)
        payload = FormVerified(
            form_token=self._token,
            port_id=port,
            started_at=self._world.calendar.at(started_ms),
            ended_at=self._world.calendar.at(self._at_ms),
            result=result,
            seal_ok=result == "pass" or random.random() < 0.5,
            manual_check=manual,
            queue_s=queue_s,
        )
        self._add_event(f"/customs/{port.partition('.')[2]}", port, payload)
        return result

    def _pay(self, stage: Stage, share: int = 100, error_code: str | None = None) -> None:
        """`share`: the percentage of the goods that is refunded."""
        invoice = self._invoice_fen * share // 100
        payload = PayoutChanged(
            form_token=self._token,
            payout_id=f"{self._token}-p",
            stage=stage,
            rail=self._rail,
            amount_fen=_apply_rate(invoice, self._refund_bp - _FEE_BP),
            fee_fen=_apply_rate(invoice, _FEE_BP),
            error_code=error_code,
        )
        self._add_event(_AGENCY, self._shop.place.id, payload)

    def _advance_time(self, least_ms: int, most_ms: int) -> None:
        """Move the form's time forward, by short spans more often than by long ones."""
        self._at_ms += draw_skewed(self._random, least_ms, most_ms)

    def _travel(self, least_ms: int, most_ms: int) -> None:
        """Move the form's time to the traveller's arrival at the port, within its opening hours."""
        self._advance_time(least_ms, most_ms)
        calendar = self._world.calendar
        at_ms = draw_moment(calendar, calendar.day(self._at_ms), SHAPES["port"], self._random)
        self._at_ms = max(self._at_ms, at_ms)

    def _add_event(self, source: str, subject: str, payload: Payload) -> None:
        delay_ms = between(self._random, 200, 4_000)
        if self._random.random() < 0.02:
            delay_ms += between(self._random, HOUR, 20 * HOUR)
        event_id = f"{self._token}-{len(self._planned) + 1}"
        self._planned.append(
            self._world.writer.create(event_id, source, self._at_ms, subject, payload, self._at_ms + delay_ms)
        )


def _apply_rate(fen: int, basis_points: int) -> int:
    """The part of an amount, rounded to the fen, halves up."""
    return (fen * basis_points + 5_000) // 10_000
