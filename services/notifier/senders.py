"""The port to the channels, with an implementation on Apprise and one in memory for tests."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from apprise import Apprise, AppriseAsset, NotifyFormat, PersistentStoreMode

from .channels import Channel
from .errors import NotifierMisconfigured


class Message(NamedTuple):
    """A text for people; services without titles show the title as the first line of the text."""

    title: str
    body: str


class SendFailed(Exception):
    """The channel did not accept the message; another attempt may succeed."""


class SendUnclear(SendFailed):
    """The channel did not answer in time; the message may have arrived nevertheless."""


class Sender(Protocol):
    """Sends messages to channels."""

    async def send(self, channel: str, message: Message) -> None:
        """Return when the channel has confirmed receipt. Raises SendFailed."""


class AppriseSender:
    """An Apprise client for each channel. Raises NotifierMisconfigured for an unusable address."""

    def __init__(self, channels: Iterable[Channel], timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._by_name = {channel.name: _create_service(channel) for channel in channels}

    async def send(self, channel: str, message: Message) -> None:
        """As Sender.send."""
        service = self._by_name[channel]
        try:
            async with asyncio.timeout(self._timeout_s):
                accepted = await service.async_notify(
                    body=message.body, title=message.title, body_format=NotifyFormat.TEXT
                )
        except TimeoutError:
            raise SendUnclear(f"{channel}: no answer within {self._timeout_s:g} s") from None
        if not accepted:
            raise SendFailed(f"{channel}: the service refused the message or could not be reached")


def _create_service(channel: Channel) -> Apprise:
    service = Apprise(asset=AppriseAsset(storage_mode=PersistentStoreMode.MEMORY))
    if not service.add(channel.url):
        # The address itself contains a secret, so the message does not quote it.
        raise NotifierMisconfigured(
            f"channel {channel.name}: url: Apprise does not support this kind of address; "
            "see the examples in docs/guides/alerts.md"
        )
    return service


class MemorySender:
    """Remembers the messages sent; while `refuse_with` is set, raises it instead."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.refuse_with: SendFailed | None = None

    async def send(self, channel: str, message: Message) -> None:
        """As Sender.send."""
        if self.refuse_with is not None:
            raise self.refuse_with
        self.sent.append((channel, message))
