"""What a log is for."""

from typing import Literal

import msgspec

Content = Literal["real", "simulated", "mixed"]


class LogIdentity(msgspec.Struct, frozen=True):
    """Fixed when a log is created.

    `zone` is the civil zone of its days and months. `content` says whether its events
    happened, were simulated, or may be either.
    """

    district: str = "futian"
    zone: str = "Asia/Shanghai"
    partitions: int = 8
    content: Content = "real"
