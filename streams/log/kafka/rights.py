"""The rights of a log's users on Kafka: those missing are added, those not in the table removed.

aiokafka's admin client has no call for access rights, so their requests are sent as they are.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Any, NamedTuple, Self

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from tidemark.streams.log.engine import Rights
from tidemark.streams.log.port import LogUnavailable, RightsInvalid

from .address import KafkaAddress
from .client import translated

TRIES, PAUSE_S = 100, 0.1
_ANY, _ALLOW, _ANY_HOST = 1, 3, "*"


class Resource(IntEnum):
    """org.apache.kafka.common.resource.ResourceType"""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4
    TRANSACTIONAL_ID = 5
    DELEGATION_TOKEN = 6
    USER = 7


class Pattern(IntEnum):
    """org.apache.kafka.common.resource.PatternType"""

    LITERAL = 3
    PREFIXED = 4


class Operation(IntEnum):
    """org.apache.kafka.common.acl.AclOperation"""

    ALL = 2
    READ = 3
    WRITE = 4
    CREATE = 5
    DELETE = 6
    ALTER = 7
    DESCRIBE = 8
    CLUSTER_ACTION = 9
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11
    IDEMPOTENT_WRITE = 12
    CREATE_TOKENS = 13
    DESCRIBE_TOKENS = 14
    TWO_PHASE_COMMIT = 15


_ELSEWHERE = {
    "group": (Resource.GROUP, Operation.READ),
    "transaction": (Resource.TRANSACTIONAL_ID, Operation.WRITE),
}


class Right(NamedTuple):
    """One thing that one user may do, from any host; the fields are in the protocol's order."""

    resource: int
    name: str
    pattern: int
    principal: str
    host: str
    operation: int
    permission: int

    @classmethod
    def of(cls, log: str, part: str, word: str, target: str) -> Self:
        """The right of a line such as `write = ["facts"]`. Raises RightsInvalid."""
        try:
            resource, operation = _ELSEWHERE.get(word) or (Resource.TOPIC, Operation[word.upper()])
        except KeyError:
            words = ", ".join([*(operation.name.lower() for operation in Operation), *_ELSEWHERE])
            raise RightsInvalid(f"[{part}] {word}: is none of {words}") from None
        pattern = Pattern.PREFIXED if target.endswith("*") else Pattern.LITERAL
        name = f"{log}.{target.removesuffix('*')}"
        return cls(resource, name, pattern, user_of(log, part), _ANY_HOST, operation, _ALLOW)

    def __str__(self) -> str:
        operation, resource = Operation(self.operation).name.lower(), Resource(self.resource).name.lower()
        star = "*" if self.pattern == Pattern.PREFIXED else ""
        return f"{self.principal} {operation} {resource} {self.name}{star}"


def user_of(log: str, part: str) -> str:
    """The principal of a part: User:tidemark-gateway."""
    return f"User:{log}-{part}"


def rights(table: Rights, log: str) -> set[Right]:
    """All rights that the table gives on the log of that name. Raises RightsInvalid."""
    return {
        Right.of(log, part, word, target)
        for part, words in table.items()
        for word, targets in words.items()
        for target in targets
    }


class Acls:
    """The rights that a cluster holds, over a connected client."""

    def __init__(self, client: AIOKafkaClient) -> None:
        self._client = client

    async def of(self, principal: str) -> set[Right]:
        """All that one user is allowed. Raises KafkaError."""
        everything = DescribeAclsRequest(_ANY, None, _ANY, principal, None, _ANY, _ALLOW)
        answer = await self._send(everything)
        _raise(answer.error_code, answer.error_message)
        return {
            Right(kind, name, pattern, *acl) for kind, name, pattern, acls in answer.resources for acl in acls
        }

    async def add(self, right: Right) -> None:
        """Raises KafkaError."""
        for code, message in (await self._send(CreateAclsRequest(*right))).creation_responses:
            _raise(code, message)

    async def remove(self, right: Right) -> None:
        """Raises KafkaError."""
        for code, message, _ in (await self._send(DeleteAclsRequest(*right))).filter_responses:
            _raise(code, message)

    async def _send(self, request: Any) -> Any:
        return await self._client.send(self._client.get_random_node(), request)


def _raise(code: int, message: str | None) -> None:
    if code:
        raise for_code(code)(message)


@asynccontextmanager
async def connected(address: KafkaAddress) -> AsyncIterator[Acls]:
    """The cluster's rights. Raises LogError."""
    with translated(address):
        client = AIOKafkaClient(**address.client_settings())
        try:
            await client.bootstrap()
            yield Acls(client)
        finally:
            await client.close()


async def apply_rights(address: KafkaAddress, table: Rights, dry_run: bool) -> list[str]:
    """What was changed, or would be, a line each. Comes back when it is in force. Raises LogError."""
    asked = rights(table, address.name)
    users = {user_of(address.name, part) for part in table}
    async with connected(address) as acls:
        held = await _held(acls, users)
        if not dry_run:
            for right in asked - held:
                await acls.add(right)
            for right in held - asked:
                await acls.remove(right)
            await _until(acls, users, asked)
    return [*sorted(f"+ {right}" for right in asked - held), *sorted(f"- {right}" for right in held - asked)]


async def _held(acls: Acls, users: Iterable[str]) -> set[Right]:
    return {right for user in users for right in await acls.of(user)}


async def _until(acls: Acls, users: Iterable[str], asked: set[Right]) -> None:
    """The controller has taken the change; the broker asked learns of it a moment later."""
    for _ in range(TRIES):
        if await _held(acls, users) == asked:
            return
        await asyncio.sleep(PAUSE_S)
    raise LogUnavailable(f"the rights are not in force after {TRIES * PAUSE_S:.0f} s; see the brokers' logs")
