"""Cases of inbound payment."""

from .case import Of
from .health import STOPPED, feed

_OF = 'place="mall.coco_park", scheme="visa"'
_ACCEPTANCE = Of(
    alert="AcceptanceFailing",
    series={
        "failed": (f'payment_inbound_failed_technical_ratio{{{_OF}, window="15m"}}', 0),
        "n": (f'payment_inbound_failed_technical_samples{{{_OF}, window="15m"}}', 50),
        "usual": (f"payment_inbound_failed_technical_base_ratio{{{_OF}}}", 0.01),
        **feed("payment", 600),
    },
    labels={"place": "mall.coco_park", "scheme": "visa", "family": "payment"},
)

CASES = (
    _ACCEPTANCE.fires("5.1 %", "warning", failed=0.051),
    _ACCEPTANCE.fires("5.1 %, nothing known of before", "warning", failed=0.051, usual=None),
    _ACCEPTANCE.fires("15 %", "warning", failed=0.15),
    _ACCEPTANCE.fires("15.1 %", "warning critical", failed=0.151),
    _ACCEPTANCE.fires("15.1 %, however usual", "warning critical", failed=0.151, usual=0.1),
    _ACCEPTANCE.below("5 %", failed=0.05),
    _ACCEPTANCE.below("5.1 %, but for the last 14 minutes only", failed="0+0x15 0.051+0x*"),
    _ACCEPTANCE.guarded("15 %, usually 5 %", failed=0.15, usual=0.05),
    _ACCEPTANCE.guarded("49 attempts say nothing", failed=0.5, n=49),
    _ACCEPTANCE.guarded("the feed is stale", failed=0.5, age=601),
    _ACCEPTANCE.guarded("the ledger stands still", failed=0.5, **STOPPED),
)
