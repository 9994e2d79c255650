"""Cases of the departure tax refund and its queues at ports."""

from .case import DAY_S, STOPPED, AlertCases, Series, build_feed

_FEED = build_feed("refund", 900)


def _build_quantile(
    name: str, samples_name: str, by: str, window: str = "1d", quantile: str = "0.95"
) -> Series:
    of = f'{by}, window="{window}"'
    return {
        "took": (f'{name}{{{of}, quantile="{quantile}"}}', 1),
        "n": (f"{samples_name}{{{of}}}", 60),
        **_FEED,
    }


def _build_rail_cases(name: str) -> AlertCases:
    return AlertCases(
        alert="RefundPayoutSlow",
        series=_build_quantile(
            "tidemark_refund_payout_time_seconds", "tidemark_refund_payout_time_samples", f'rail="{name}"'
        ),
        labels={"rail": name, "family": "refund"},
        minutes=8,
    )


_DORMANT = AlertCases(
    alert="RefundShopsDormant",
    series={
        "active": ("tidemark_refund_coverage_active_ratio", 1),
        "n": ("tidemark_refund_coverage_active_samples", 20),
        **_FEED,
    },
    labels={"family": "refund"},
    minutes=120,
)
_VERIFICATION = AlertCases(
    alert="RefundVerificationSlow",
    series=_build_quantile(
        "tidemark_refund_verification_time_seconds",
        "tidemark_refund_verification_time_samples",
        'port="port.futian"',
    ),
    labels={"port": "port.futian", "family": "refund"},
    minutes=8,
)
_WALLET, _CASH, _CARD = _build_rail_cases("alipay_hk"), _build_rail_cases("cash"), _build_rail_cases("card")
_FAILING = AlertCases(
    alert="RefundPayoutFailing",
    series={
        "failed": ('tidemark_refund_payout_failed_ratio{rail="wechat", window="7d"}', 0),
        "n": ('tidemark_refund_payout_failed_samples{rail="wechat", window="7d"}', 1_000),
        **_FEED,
    },
    labels={"rail": "wechat", "family": "refund"},
    minutes=8,
)
_CLAWBACK = AlertCases(
    alert="ClawbackRising",
    series={
        "clawed": ('tidemark_refund_clawback_ratio{window="30d"}', 0),
        "n": ('tidemark_refund_clawback_samples{window="30d"}', 30),
        "usual": ("tidemark_refund_clawback_base_ratio", 0.009),
        **_FEED,
    },
    labels={"family": "refund"},
)
_QUEUE = AlertCases(
    alert="PortQueueLong",
    series=_build_quantile(
        "tidemark_refund_queue_time_seconds",
        "tidemark_refund_queue_time_samples",
        'port="port.huanggang"',
        window="1h",
        quantile="0.9",
    ),
    labels={"port": "port.huanggang", "family": "refund"},
)

CASES = (
    _DORMANT.fires("41 % dormant", "warning", active=0.59),
    _DORMANT.below("40 % dormant", active=0.6),
    _DORMANT.is_guarded("19 shops are too few", active=0.1, n=19),
    _DORMANT.is_guarded("the feed is stale", active=0.1, age=901),
    _DORMANT.is_guarded("the ledger is not advancing", active=0.1, **STOPPED),
    _VERIFICATION.fires("301 s", "warning", took=301),
    _VERIFICATION.fires("600 s", "warning", took=600),
    _VERIFICATION.fires("601 s", "warning critical", took=601),
    _VERIFICATION.below("300 s", took=300),
    _VERIFICATION.is_guarded("59 verifications are too few", took=601, n=59),
    _VERIFICATION.is_guarded("the feed is stale", took=601, age=901),
    _VERIFICATION.is_guarded("the ledger is not advancing", took=601, **STOPPED),
    _WALLET.fires("61 s", "warning", took=61),
    _WALLET.fires("300 s", "warning", took=300),
    _WALLET.fires("301 s", "warning critical", took=301),
    _WALLET.below("60 s", took=60),
    _WALLET.is_guarded("59 payouts are too few", took=301, n=59),
    _WALLET.is_guarded("the feed is stale", took=301, age=901),
    _WALLET.is_guarded("the ledger is not advancing", took=301, **STOPPED),
    _CASH.fires("601 s in cash", "warning", took=601),
    _CASH.fires("1,800 s in cash", "warning", took=1_800),
    _CASH.fires("1,801 s in cash", "warning critical", took=1_801),
    _CASH.below("600 s in cash", took=600),
    _CASH.is_guarded("59 payouts in cash are too few", took=1_801, n=59),
    _CASH.is_guarded("the feed is stale", took=1_801, age=901),
    _CASH.is_guarded("the ledger is not advancing", took=1_801, **STOPPED),
    _CARD.fires("more than 7 days to a card", "warning", took=7 * DAY_S + 1),
    _CARD.fires("30 days to a card", "warning", took=30 * DAY_S),
    _CARD.fires("more than 30 days to a card", "warning critical", took=30 * DAY_S + 1),
    _CARD.below("7 days to a card", took=7 * DAY_S),
    _CARD.is_guarded("59 payouts to cards are too few", took=31 * DAY_S, n=59),
    _CARD.is_guarded("the feed is stale", took=31 * DAY_S, age=901),
    _CARD.is_guarded("the ledger is not advancing", took=31 * DAY_S, **STOPPED),
    # Lower bounds for n = 1,000 by hand: 6.5 % → 5.13 %, 6.3 % → 4.96 %, 17.5 % → 15.27 %, 17 % → 14.80 %
    _FAILING.fires("6.5 % of 1,000", "warning", failed=0.065),
    _FAILING.fires("17 % of 1,000", "warning", failed=0.17),
    _FAILING.fires("17.5 % of 1,000", "warning critical", failed=0.175),
    _FAILING.fires("a half of 20", "warning critical", failed=0.5, n=20),
    _FAILING.below("6.3 % of 1,000 may be 5 %", failed=0.063),
    _FAILING.below("2 of 20 may be 5 %", failed=0.1, n=20),
    _FAILING.is_guarded("19 payouts are too few", failed=0.9, n=19),
    _FAILING.is_guarded("the feed is stale", failed=0.5, age=901),
    _FAILING.is_guarded("the ledger is not advancing", failed=0.5, **STOPPED),
    _CLAWBACK.fires("3.1 %", "warning", clawed=0.031, usual=0.02),
    _CLAWBACK.fires("2.8 %, three times the usual", "warning", clawed=0.028),
    _CLAWBACK.below("3 %, usually 2 %", clawed=0.03, usual=0.02),
    _CLAWBACK.below("2.6 %, less than three times the usual", clawed=0.026),
    _CLAWBACK.below("2.8 %, no base", clawed=0.028, usual=None),
    _CLAWBACK.is_guarded("29 advances are too few", clawed=0.5, n=29),
    _CLAWBACK.is_guarded("the feed is stale", clawed=0.5, age=901),
    _CLAWBACK.is_guarded("the ledger is not advancing", clawed=0.5, **STOPPED),
    _QUEUE.fires("901 s", "warning", took=901),
    _QUEUE.below("900 s", took=900),
    _QUEUE.below("901 s, but for the last 9 minutes only", took="60+0x20 901+0x*"),
    _QUEUE.is_guarded("59 travellers are too few", took=901, n=59),
    _QUEUE.is_guarded("the feed is stale", took=901, age=901),
    _QUEUE.is_guarded("the ledger is not advancing", took=901, **STOPPED),
)
