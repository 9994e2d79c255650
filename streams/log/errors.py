"""What can go wrong with a log or the state published from it, each with the remedy in its message."""


class LogError(Exception):
    """The log could not do what was asked; nothing acknowledged is lost."""


class LogAddressInvalid(LogError):
    """The URL does not name a log that this version can open."""


class LogMissing(LogError):
    """There is no log at this address."""


class LogExists(LogError):
    """There is a log at this address already, and it is another one."""


class LogTooNew(LogError):
    """A newer version of Tidemark wrote this; this one cannot read it."""


class LogCorrupt(LogError):
    """The stored bytes are damaged or are not a log."""


class LogLocked(LogError):
    """Another process holds what this one needs."""


class LogFull(LogError):
    """There is no room to append, or less free space than the set floor."""


class LogUnavailable(LogError):
    """The storage refused: an input or output error, or no permission."""


class LogUnsafe(LogError):
    """The storage library is too old to be trusted with a log."""


class LogUnsupported(LogError):
    """The libraries installed here cannot do that; the message says what to install or use instead."""


class RecordTooLarge(LogError):
    """The log does not take a record of that size."""


class LogForbidden(LogError):
    """This user may not do that; trying again does not help."""


class PartitionsLost(LogError):
    """Other workers publish these partitions now; what this one holds of them is out of date."""

    def __init__(self, partitions: frozenset[int]) -> None:
        super().__init__(
            f"partitions {sorted(partitions)} were taken over by another worker; they are given up here"
        )
        self.partitions = partitions


class TopicsDiffer(LogError):
    """Topics exist that are not as this log needs them; the message says what differs."""


class RightsInvalid(LogError):
    """The table of rights says what the engine does not know; the message names the line."""


class StateSuperseded(LogError):
    """Another generation of the state is being served now; this worker must start anew."""


class StateOfAnotherLog(LogError):
    """The published totals stand for records that this log does not hold."""
