"""A log's identity: its district, zone, number of partitions and content."""

from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Content = Literal["real", "simulated", "mixed"]

DEFAULT_DISTRICT = "futian"
DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_PARTITIONS = 8


class IdentityInvalid(ValueError):
    """A log cannot have this identity; the message names the field and the remedy."""


class LogIdentity(msgspec.Struct, frozen=True):
    """Fixed when a log is created. Raises IdentityInvalid.

    `zone` is the civil zone of its days and months. `content` says whether its events
    happened, were simulated, or may be either.
    """

    district: str = DEFAULT_DISTRICT
    zone: str = DEFAULT_ZONE
    partitions: int = DEFAULT_PARTITIONS
    content: Content = "real"

    def __post_init__(self) -> None:
        if not (self.district and self.district.isprintable()):
            raise IdentityInvalid("district: is empty or not printable; name it, for example futian")
        if self.partitions < 1:
            raise IdentityInvalid("partitions: is less than 1; give at least 1")
        try:
            ZoneInfo(self.zone)
        except (OSError, ValueError, LookupError):
            raise IdentityInvalid(
                f"zone: {self.zone!r} is not a known time zone; use a name such as Asia/Shanghai"
            ) from None
