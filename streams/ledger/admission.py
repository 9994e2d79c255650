"""Whether a record may count, and what its dead letter says if not."""

from tidemark.streams.contracts import admission
from tidemark.streams.contracts.envelope import Event
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import InvalidEvent, decode


class Refused(Exception):
    """The record becomes a dead letter; `family` is set where it counts as one from the future."""

    def __init__(self, reason: str, detail: str, family: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.family = family


class Admission:
    """The rules of one partition of a log."""

    def __init__(self, identity: LogIdentity, partition: int) -> None:
        self._rules = admission.Rules(identity)
        self._partition = partition

    def admit(self, raw: bytes, arrival_ms: int) -> tuple[Event, int]:
        """The event and its time in ms. Raises Refused."""
        try:
            event = decode(raw)
            self._rules.check_place(event, self._partition)
            return event, self._rules.check(event, arrival_ms)
        except InvalidEvent as error:
            raise Refused(error.reason, str(error)) from None
        except admission.Refused as refused:
            family = refused.family.name if isinstance(refused, admission.Ahead) else None
            raise Refused(refused.reason.value, _describe(refused), family) from None


def _describe(refused: admission.Refused) -> str:
    """The words of the dead letter; they are part of the state, so they never change."""
    match refused:
        case admission.OtherStream(family=family):
            return f"{family.name} is a signal; send it to {family.stream}"
        case admission.OtherPartition(home=home):
            return f"belongs in partition {home}; send it through the gateway"
        case admission.Ahead(ahead_s=ahead_s):
            return f"time is {ahead_s} s after arrival; set the source's clock"
        case _:
            return "real and simulated events must not mix; use a log of its own"
