"""Payments of visitors from abroad: how many attempts succeed."""

from tidemark.streams.families.payment import PAYMENT_INBOUND
from tidemark.streams.view.windows import quick_windows

from .ratios import Ratio, RecentRatio, divide_components

MINIMUM_ATTEMPTS = 50
"""Fewer attempts allow no verdict (alert AcceptanceFailing)."""

ACCEPTANCE = Ratio(
    PAYMENT_INBOUND,
    ("place", "scheme"),
    divide_components(PAYMENT_INBOUND, "approved", "attempts", "failed_issuer"),
    MINIMUM_ATTEMPTS,
)
"""Approved ÷ (attempts − failed_issuer) per place and scheme (acceptance rate)."""

FAILED_TECHNICAL = RecentRatio(
    Ratio(
        PAYMENT_INBOUND,
        ("place", "scheme"),
        divide_components(PAYMENT_INBOUND, "failed_technical", "attempts", "failed_issuer"),
        MINIMUM_ATTEMPTS,
    ),
    quick_windows,
    28,
)
"""Failed for technical reasons ÷ (attempts − failed_issuer) by place and scheme (alert AcceptanceFailing)."""
