"""The rights of a log's users on Kafka: missing rights are added, those not in the table are removed."""

import asyncio
from collections.abc import Iterable
from itertools import chain
from operator import attrgetter
from typing import Any

from aiokafka.errors import ClusterAuthorizationFailedError
from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AdminClient, ResourceType

from tidemark.streams.log.engine import Rights
from tidemark.streams.log.errors import LogUnavailable, LogUnsupported, RightsInvalid

from .address import KafkaAddress
from .admin import connect_admin, wait_for

TRIES, PAUSE_S = 100, 0.1

_ELSEWHERE = {"group": ("group", "read"), "transaction": ("transactional_id", "write")}
"""Words of the table that are not about topics → the kind of resource and the operation."""

_OPERATIONS = [word.name.lower() for word in AclOperation if word.name not in {"UNKNOWN", "ANY"}]

_fields_of = attrgetter(
    "restype", "name", "resource_pattern_type", "principal", "host", "operation", "permission_type"
)


def make_right(log: str, part: str, word: str, target: str) -> AclBinding:
    """The right that a line such as `write = ["facts"]` gives, from any host. Raises RightsInvalid."""
    resource, operation = _ELSEWHERE.get(word, ("topic", word))
    if operation not in _OPERATIONS:
        raise RightsInvalid(f"[{part}] {word}: is not one of {', '.join([*_OPERATIONS, *_ELSEWHERE])}")
    pattern = "prefixed" if target.endswith("*") else "literal"
    name = f"{log}.{target.removesuffix('*')}"
    return AclBinding(resource, name, pattern, user_of(log, part), "*", operation, "allow")


def make_rights(table: Rights, log: str) -> set[AclBinding]:
    """All rights that the table gives on the log of that name. Raises RightsInvalid."""
    return {
        make_right(log, part, word, target)
        for part, words in table.items()
        for word, targets in words.items()
        for target in targets
    }


def user_of(log: str, part: str) -> str:
    """The principal of a part: User:tidemark-gateway."""
    return f"User:{log}-{part}"


def format_right(right: AclBinding) -> str:
    """A right as a line: User:tidemark-gateway write topic tidemark.facts."""
    resource, name, pattern, principal, _, operation, _ = _fields_of(right)
    star = "*" if pattern.name == "PREFIXED" else ""
    return f"{principal} {operation.name.lower()} {resource.name.lower()} {name}{star}"


async def apply_rights(address: KafkaAddress, table: Rights, dry_run: bool) -> list[str]:
    """Apply the table, unless `dry_run`, and wait until it is in force. Raises LogError.

    Returns a line for each change, made or due.
    """
    required = make_rights(table, address.name)
    users = {user_of(address.name, part) for part in table}
    async with connect_admin(address) as acls:
        existing = await read_rights(acls, users)
        added, removed = required - existing, existing - required
        if added and not dry_run:
            await wait_for(*acls.create_acls([*added]).values())
        if removed and not dry_run:
            filters = [AclBindingFilter(*_fields_of(right)) for right in removed]
            await wait_for(*acls.delete_acls(filters).values())
        if not dry_run:
            await _wait_until_in_force(acls, users, required)
    return [f"+ {line}" for line in sorted(map(format_right, added))] + [
        f"- {line}" for line in sorted(map(format_right, removed))
    ]


async def read_rights(acls: AdminClient, users: Iterable[str]) -> set[AclBinding]:
    """All rights of these users. Raises KafkaError, KafkaException, LogUnsupported."""
    # librdkafka returns an empty list where the broker refuses to list rights, so ask first.
    [cluster] = await wait_for(acls.describe_cluster(include_authorized_operations=True))
    if AclOperation.DESCRIBE not in (cluster.authorized_operations or []):
        raise ClusterAuthorizationFailedError("this user may not see the rights of others")
    anything: Any = None  # the library's wildcard, which its types do not allow
    filters = [AclBindingFilter("any", anything, "any", user, anything, "any", "allow") for user in users]
    rights = set(chain.from_iterable(await wait_for(*map(acls.describe_acls, filters))))
    for right in rights:
        if right.operation == AclOperation.UNKNOWN or right.restype == ResourceType.UNKNOWN:
            raise LogUnsupported(
                f"{right.principal}: has a right on {right.name} of a kind that confluent-kafka does not "
                "know; remove it with Kafka's kafka-acls.sh"
            )
    return rights


async def _wait_until_in_force(acls: AdminClient, users: Iterable[str], required: set[AclBinding]) -> None:
    """Wait until a broker shows the change, which it does a moment after the controller has accepted it."""
    for _ in range(TRIES):
        if await read_rights(acls, users) == required:
            return
        await asyncio.sleep(PAUSE_S)
    raise LogUnavailable(
        f"the rights are not in force after {TRIES * PAUSE_S:.0f} s; check the brokers' logs"
    )
