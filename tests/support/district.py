"""A district's published state in which every family has numbers and a feed."""

import random
from collections.abc import Sequence

from tidemark.streams.contracts.civil import Grain
from tidemark.streams.contracts.family import Measure
from tidemark.streams.contracts.published import Feed, Kind, Row
from tidemark.streams.families.table import MEASURES
from tidemark.streams.log.port import Update
from tidemark.streams.view.feeds import FACT_FAMILIES

from .readers import CIVIL, NOON_MS, cell, head

DAY_MS = 86_400_000
PLACES = ("mall.coco_park", "mall.link_central_walk", "mall.upperhills", "mall.one_avenue")
VALUES = {
    "place": PLACES,
    "port": ("port.futian", "port.huanggang"),
    "direction": ("in", "out", "export", "import"),
    "mode": ("9610", "9710", "9810", "1210", "0110", "ordinary", "instant"),
    "status": ("released",),
}
DAILY = {
    "entered": 1_370_000,
    "exited": 1_369_000,
    "forms": 431,
    "invoice_fen": 3_214_000_00,
    "persons": 412_000,
    "amount_fen": 48_600_000_00,
    "gross_fen": 512_000_000_00,
    "returned_fen": 11_000_000_00,
    "value_fen": 263_000_000_00,
    "tickets": 9_800,
    "used": 3_100,
    "amount_usd_cents": 1_100_000_000_00,
}
AGES_MS = {"footfall": 4_000, "refund": 42_000, "payment": 95_000, "retail": 21 * 60_000, "port": 5_400_000}


def district(seed: int = 1, shops: int = 187, now_ms: int = NOON_MS) -> list[Update]:
    """Cells of today, this month and the months since January; shops; heads. Two partitions."""
    rng = random.Random(seed)
    feeds = {
        family: Feed(newest_ms=now_ms - AGES_MS.get(family, 7_200_000), accepted=rng.randrange(10**6))
        for family in FACT_FAMILIES
    }
    rows = [row for measure in MEASURES for row in _cells(measure, rng, now_ms)]
    rows += [_shop(i) for i in range(shops)]
    heads = [
        head(
            position=0, watermark_ms=now_ms, arrival_ms=now_ms, feeds=feeds, dead={"invalid": 12, "future": 3}
        ),
        head(position=0, watermark_ms=now_ms - 9_000, arrival_ms=now_ms, segments=((0, now_ms - DAY_MS),)),
    ]
    return [Update(p, [*rows[p::2], heads[p]], 0) for p in (0, 1)]


def _cells(measure: Measure, rng: random.Random, now_ms: int) -> list[Row]:
    _, _, today, month = CIVIL.periods(now_ms)
    grains = {kept.grain for kept in measure.retentions}
    rows = []
    for dimensions in _label_sets(measure, rng):
        if Grain.DAY in grains:
            rows.append(cell(measure, Grain.DAY, today, dimensions, _vector(measure, rng, 0.55)))
        if Grain.MONTH in grains:
            rows += [
                cell(measure, Grain.MONTH, at, dimensions, _vector(measure, rng, 29))
                for at in range(month - month % 12, month + 1)
            ]
    return rows


def _label_sets(measure: Measure, rng: random.Random) -> list[Sequence[str]]:
    return [
        tuple(rng.choice(VALUES.get(dimension.name, ("a", "b", "c"))) for dimension in measure.dimensions)
        for _ in range(4)
    ]


def _vector(measure: Measure, rng: random.Random, days: float) -> list[int]:
    if measure.bounds:
        return [rng.randrange(40) for _ in measure.components]
    return [
        round(DAILY.get(component.name, 500) / 4 * days * rng.uniform(0.8, 1.2))
        for component in measure.components
    ]


def _shop(i: int) -> Row:
    value = (
        '{"timeline":[{"time_ms":0,"subject":"mall.coco_park","data":{"entity_class":"refund_shop",'
        f'"entity_id":"shop-{i}","status":"active","valid_from":"2026-01-01"}}}}]}}'
    )
    return Row(Kind.LATEST, b'["registry","shop-%d"]' % i, value.encode())
