"""The errors of a log and of the state published from it; each message ends with the remedy."""


class LogError(Exception):
    """The log could not do what was asked; nothing acknowledged is lost."""


class LogAddressInvalid(LogError):
    """The URL does not name a log that this version can open."""


class LogMissing(LogError):
    """There is no log at this address."""


class LogExists(LogError):
    """Another log already exists at this address."""


class LogTooNew(LogError):
    """A newer version of Tidemark wrote this; this version cannot read it."""


class LogCorrupt(LogError):
    """The stored bytes are damaged or are not a log."""


class LogLocked(LogError):
    """Another process holds the lock that this one needs."""


class LogFull(LogError):
    """There is no room to append, or less free space than the configured floor."""


class LogUnavailable(LogError):
    """The storage failed: an input or output error, a broker that does not answer, or no permission."""


class LogUnsafe(LogError):
    """The storage library or the broker is too old to be trusted with a log."""


class LogUnsupported(LogError):
    """The installed libraries cannot do this; the message says what to install or use instead."""


class RecordTooLarge(LogError):
    """The log does not accept a record of this size."""


class LogForbidden(LogError):
    """This user does not have the right; trying again does not help."""


class PartitionsLost(LogError):
    """Other workers publish these partitions now; what this worker holds of them is out of date."""

    def __init__(self, partitions: frozenset[int]) -> None:
        super().__init__(
            f"partitions {sorted(partitions)} were taken over by another worker; they are released here"
        )
        self.partitions = partitions


class TopicsDiffer(LogError):
    """Existing topics are not as this log needs them; the message lists the differences."""


class RightsInvalid(LogError):
    """The table of rights has a word that the engine does not know; the message names the line."""


class StateSuperseded(LogError):
    """A newer generation of the state is served now; a new worker must take it over."""


class StateOfAnotherLog(LogError):
    """The published totals include records that this log does not hold."""
