"""Completeness, gaps and readiness against counting by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.service_parts import (
    PartState,
    Ready,
    Share,
    factor_of,
    gaps_of,
    readiness,
    share_of,
    shares_by_part,
    state_of,
)

PARTS = ("description", "tasks", "levels", "support")
STATES = st.fixed_dictionaries({part: st.sampled_from(list(PartState)) for part in PARTS})
WEIGHTS = st.dictionaries(st.sampled_from(PARTS), st.integers(0, 100))


@given(STATES, WEIGHTS)
def test_a_service_is_complete_exactly_when_it_has_no_gap(
    states: dict[str, PartState], weights: dict[str, int]
) -> None:
    found = share_of(states, weights)
    gaps = gaps_of(states, weights, 3)
    assert found.whole - found.done == sum(gap.weight for gap in gaps)
    assert all(gap.size == gap.weight * 3 for gap in gaps)
    assert [gap.size for gap in gaps] == sorted((gap.size for gap in gaps), reverse=True)
    if found.whole:
        assert (found.share == 1) == (not gaps)


@given(STATES, WEIGHTS, st.sampled_from(PARTS))
def test_finishing_a_part_never_lowers_the_share_and_ruling_it_out_counts_as_done(
    states: dict[str, PartState], weights: dict[str, int], part: str
) -> None:
    before = share_of(states, weights)
    for done in (PartState.VALID, PartState.NOT_APPLICABLE):
        after = share_of({**states, part: done}, weights)
        assert after.whole == before.whole
        assert after.done >= before.done


@given(st.lists(STATES, max_size=6), WEIGHTS)
def test_the_whole_is_the_sum_of_its_services(services: list[dict[str, PartState]], weights: dict[str, int]) -> None:
    whole = sum((share_of(one, weights) for one in services), Share())
    done = {PartState.VALID, PartState.NOT_APPLICABLE}
    assert whole.done == sum(weights.get(p, 10) for one in services for p in PARTS if one[p] in done)
    by_part = shares_by_part(services, PARTS)
    assert {p: share.done for p, share in by_part.items()} == {p: sum(o[p] in done for o in services) for p in PARTS}


def test_a_published_part_is_valid_until_it_is_doubted_or_due_whatever_is_drafted() -> None:
    known = {"is_ruled_out": False, "is_published": True, "has_draft": True, "is_doubtful": False, "is_due": False}
    assert state_of(**known) == PartState.VALID
    assert state_of(**{**known, "is_due": True}) == PartState.CHECK
    assert state_of(**{**known, "is_published": False}) == PartState.DRAFT
    assert state_of(**{**known, "is_ruled_out": True, "is_due": True}) == PartState.NOT_APPLICABLE


def test_a_criticality_that_is_not_set_counts_as_medium() -> None:
    assert [factor_of(one) for one in range(5)] == [2, 1, 2, 3, 4]


def test_the_service_can_be_run_when_the_needed_parts_hold_and_nobody_contradicts() -> None:
    states = dict.fromkeys(PARTS, PartState.VALID) | {"levels": PartState.MISSING}
    needed = ("description", "tasks", "support")
    assert readiness(states, needed=needed, weights={}) == (Ready.YES, [])
    doubted = {**states, "tasks": PartState.CHECK}
    assert readiness(doubted, needed=needed, weights={})[0] == Ready.DOUBTFUL
    assert readiness({**states, "support": PartState.DRAFT}, needed=needed, weights={})[0] == Ready.NO
    assert readiness({**states, "support": PartState.DRAFT}, needed=needed, weights={"support": 0})[0] == Ready.YES
    answer, reasons = readiness(
        doubted, needed=needed, weights={}, unpublished=[("tasks", "Omstart")], contradictions=[("", 4)]
    )
    assert answer == Ready.NO
    assert [one.sort for one in reasons] == ["contradiction", "routine", "state"]
