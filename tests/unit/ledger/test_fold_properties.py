"""Rules 1 and 2 of the ledger: the state is a function of the log's prefix, and independent of order."""

import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.events import FACT_TYPES, IDENTITY, change_of, created_events, histories
from tests.support.ledgers import fold_all, merge, net, records
from tidemark.streams.contracts.facts import Fact, Facts
from tidemark.streams.contracts.published import Kind, Row
from tidemark.streams.families.codec import encode
from tidemark.streams.ledger.fold import PartitionFold

CUTS = st.lists(st.integers(0, 60), max_size=8)


@given(histories(), CUTS)
def test_any_batching_of_the_same_prefix_gives_the_same_state(raws: list[bytes], cuts: list[int]) -> None:
    assert fold_all(raws, cuts) == fold_all(raws)


def _assert_order_is_free(raws: list[bytes], rng: random.Random, cuts: list[int]) -> None:
    shuffled = list(raws)
    rng.shuffle(shuffled)
    assert net(fold_all(shuffled, cuts)) == net(fold_all(raws))


test_any_order_of_the_same_events_gives_the_same_net_cells = given(
    histories(), st.randoms(use_true_random=False), CUTS
)(_assert_order_is_free)


@pytest.mark.parametrize("kind", FACT_TYPES, ids=lambda kind: kind.name)
@given(data=st.data())
@settings(max_examples=20)
def test_a_retraction_undoes_its_event_even_when_it_comes_first(kind, data) -> None:
    event = data.draw(created_events("e", [kind]))
    both = [encode(event), encode(change_of(event, "r"))]
    assert net(fold_all(both)) == {}
    assert net(fold_all(both[::-1], [1])) == {}
    assert net(fold_all(both[:1])) != {}


@given(histories(), st.integers(0, 60), st.integers(0, 60))
def test_a_worker_that_restores_continues_as_if_it_had_never_stopped(
    raws: list[bytes], published: int, read: int
) -> None:
    published = min(published, len(raws))
    feed = records(raws)
    first = PartitionFold(IDENTITY, 0)
    first.fold(feed[:published])
    state = merge({}, first.drain_changes())
    first.fold(feed[published : published + read])  # lost: never published

    second = PartitionFold(IDENTITY, 0)
    start = second.restore(
        [Row(kind, key, value) for (kind, key), value in state.items() if kind != Kind.DEAD]
    )
    second.remember_ids(feed[start : second.position])
    second.fold(feed[second.position :])
    assert merge(state, second.drain_changes()) == fold_all(raws)


@given(histories(), st.randoms(use_true_random=False))
def test_duplicates_change_nothing_but_their_count(raws: list[bytes], rng: random.Random) -> None:
    _assert_duplicates_change_nothing(raws, rng)


def _assert_duplicates_change_nothing(raws: list[bytes], rng: random.Random) -> None:
    again = raws + [rng.choice(raws) for _ in range(10)]
    assert net(fold_all(again)) == net(fold_all(raws))


def test_a_fold_that_skips_the_dedup_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    monkeypatch.setattr(
        "tidemark.streams.ledger.admission.RecentIds.add", lambda self, source, event_id: True
    )
    broken = given(histories(), st.randoms(use_true_random=False))(_assert_duplicates_change_nothing)
    with pytest.raises(AssertionError):
        settings(phases=[Phase.generate], max_examples=300)(broken)()


def test_a_fold_that_keeps_facts_in_order_of_arrival_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the property above fails when the order has an influence on the state."""
    monkeypatch.setattr("tidemark.streams.contracts.facts.Facts.add", _append_only)
    broken = given(histories(), st.randoms(use_true_random=False), CUTS)(_assert_order_is_free)
    with pytest.raises(AssertionError):
        settings(phases=[Phase.generate], max_examples=300)(broken)()


def _append_only(facts: Facts, new: Fact) -> int:
    """A wrong `Facts.add`, which keeps the order of arrival."""
    facts._facts.append(new)
    return max(new.count, 0)
