"""The rules that gateway and ledger share, and the details of the ledger's dead letters."""

from datetime import timedelta

import msgspec
import pytest

from tests.support.events import IDENTITY
from tests.support.folding import NOON, count, ms
from tidemark.streams.contracts.admission import Ahead, OtherContent, OtherPartition, OtherStream, Rules
from tidemark.streams.contracts.identity import LogIdentity
from tidemark.streams.families.codec import encode
from tidemark.streams.ledger.admission import Admission, Refused

EVENT = count("a", NOON)
AT = EVENT.time
REAL = msgspec.structs.replace(IDENTITY, content="real")
HOME = Rules(IDENTITY).home_of(EVENT)


def test_a_fact_in_its_partition_and_in_time_is_admitted_with_its_time() -> None:
    rules = Rules(IDENTITY)
    rules.check_partition(EVENT, HOME)
    assert rules.check(EVENT, ms(AT) - 60_000) == ms(AT)


def test_each_refusal_carries_its_details() -> None:
    rules = Rules(IDENTITY)
    with pytest.raises(OtherPartition) as moved:
        rules.check_partition(EVENT, HOME + 1)
    assert (moved.value.reason, moved.value.home) == ("partition", HOME)
    with pytest.raises(OtherContent) as mixed:
        Rules(REAL).check(EVENT, ms(AT))
    assert mixed.value.reason == "mixed"
    with pytest.raises(Ahead) as ahead:
        rules.check(EVENT, ms(AT) - 61_500)
    assert (ahead.value.reason, ahead.value.family.name, ahead.value.ahead_s) == ("future", "footfall", 61)
    assert OtherStream(EVENT.family).reason == "stream"


def test_dead_letters_keep_their_wording_which_is_part_of_the_state() -> None:
    raw, arrival_ms = encode(EVENT), ms(AT)

    def refuse(identity: LogIdentity, partition: int, at_ms: int, record: bytes = raw) -> tuple[str, ...]:
        with pytest.raises(Refused) as letter:
            Admission(identity, partition).admit(record, at_ms)
        return letter.value.reason, letter.value.detail, letter.value.family or ""

    assert refuse(IDENTITY, HOME + 1, arrival_ms) == (
        "partition",
        f"belongs in partition {HOME}; send it through the gateway",
        "",
    )
    assert refuse(REAL, HOME, arrival_ms) == (
        "mixed",
        "real and simulated events must not mix; use a log of its own",
        "",
    )
    assert refuse(IDENTITY, HOME, ms(AT - timedelta(minutes=2))) == (
        "future",
        "time is 120 s after arrival; set the source's clock",
        "footfall",
    )
    assert refuse(IDENTITY, HOME, arrival_ms, b"[]") == (
        "undecodable",
        "event: not a JSON object; send one CloudEvent as a JSON object",
        "",
    )
