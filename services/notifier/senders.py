"""The port to the channels; one through Apprise, and one in memory for tests."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode

from .channels import Channel
from .errors import NotifierMisconfigured


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


class AppriseSender:
    """One Apprise for each channel. Raises NotifierMisconfigured for an address that it cannot use."""

    def __init__(self, channels: Iterable[Channel], timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._by_name = {channel.name: _service(channel) for channel in channels}

    async def send(self, channel: str, message: Message) -> None:
        """As Sender.send."""
        service = self._by_name[channel]
        try:
            async with asyncio.timeout(self._timeout_s):
                taken = await service.async_notify(
                    body=message.body, title=message.title, body_format=NotifyFormat.TEXT
                )
        except TimeoutError:
            raise SendUnclear(f"{channel}: no answer within {self._timeout_s:g} s") from None
        if not taken:
            raise SendFailed(f"{channel}: the service refused the message or could not be reached")


def _service(channel: Channel) -> Apprise:
    service = Apprise(asset=AppriseAsset(storage_mode=PersistentStoreMode.MEMORY))
    if not service.add(channel.url):
        # The address itself is a secret and is not told.
        raise NotifierMisconfigured(
            f"channel {channel.name}: url: Apprise does not know this kind of address; "
            "docs/guides/alerts.md shows how they are written"
        )
    return service


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
