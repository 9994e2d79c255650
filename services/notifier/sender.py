"""The port to the channels, and one in memory for tests."""

from typing import NamedTuple, Protocol


class Message(NamedTuple):
    """A text for people; services without titles show the title as the first line."""

    title: str
    body: str


class SendFailed(Exception):
    """The channel did not take the message; trying again may help."""


class SendUnclear(SendFailed):
    """The channel gave no answer in time: it may have taken the message all the same."""


class Sender(Protocol):
    """Takes messages to channels."""

    async def send(self, channel: str, message: Message) -> None:
        """Return when the channel has answered that it took the message. Raises SendFailed."""


class MemorySender:
    """Keeps what is sent; raises what `refuse_with` holds instead, as long as it holds something."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.refuse_with: SendFailed | None = None

    async def send(self, channel: str, message: Message) -> None:
        """As Sender.send."""
        if self.refuse_with is not None:
            raise self.refuse_with
        self.sent.append((channel, message))
