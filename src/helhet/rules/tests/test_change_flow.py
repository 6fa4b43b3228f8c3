from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.change_flow import (
    STATES,
    Facts,
    Hindrance,
    Step,
    asks_clashes,
    asks_touched,
    hindrances,
    leads_to,
    starts_from,
)

TYPES = ("standard", "normal", "emergency")
counts = st.integers(0, 2)
facts = st.builds(
    Facts, type=st.sampled_from(TYPES), state=st.sampled_from(STATES), is_history=st.booleans(),
    has_group=st.booleans(), has_item=st.booleans(), has_window=st.booleans(), has_standard=st.booleans(),
    touched=counts, unasked=counts,
    unanswered=counts, conditions_open=counts, noes=counts, stops=counts, clashes=counts, earlier=counts,
    outcome=st.sampled_from(("", "done", "faults", "failed", "reverted")), went_around=st.booleans(),
    is_reviewed=st.booleans(),
)  # fmt: skip


@given(facts)
def test_what_another_tool_ran_is_never_altered(one: Facts) -> None:
    if one.is_history:
        assert all(hindrances(step, one) == [Hindrance.HISTORY] for step in Step)


@given(facts)
def test_nothing_without_an_item_is_asked_about_or_put_in_the_calendar(one: Facts) -> None:
    if not one.has_item:
        assert all(hindrances(step, one) for step in (Step.ASK, Step.APPROVE, Step.SCHEDULE))


@given(facts)
def test_a_normal_change_begins_only_when_every_touched_group_has_said_what_lets_it(one: Facts) -> None:
    if one.type == "normal" and not hindrances(Step.BEGIN, one):
        assert one.state == "scheduled"
        assert not (one.unasked)
        assert not (one.unanswered)
        assert not (one.noes)
        assert not (one.stops)
        assert not (one.conditions_open)


@given(facts)
def test_nothing_with_an_unsigned_clash_is_scheduled(one: Facts) -> None:
    if one.clashes:
        assert hindrances(Step.SCHEDULE, one)


@given(facts)
def test_what_failed_or_was_an_emergency_is_not_closed_without_a_review(one: Facts) -> None:
    bad = one.outcome in {"failed", "reverted"} or one.went_around or one.type == "emergency"
    if bad and not one.is_reviewed:
        assert hindrances(Step.CLOSE, one)


@given(facts)
def test_each_step_leads_to_a_state_and_a_closed_change_goes_nowhere(one: Facts) -> None:
    for step in Step:
        if not hindrances(step, one):
            assert leads_to(step, one) in STATES
            assert one.state in starts_from(step, one.type)
            assert one.state != "closed"


@given(facts)
def test_nothing_under_way_is_taken_back_or_cancelled(one: Facts) -> None:
    if one.state in {"under_way", "review", "closed"}:
        assert hindrances(Step.TAKE_BACK, one)
        assert hindrances(Step.CANCEL, one)


def test_every_state_can_be_reached_by_every_type() -> None:
    for kind in TYPES:
        reached = {"draft"}
        for _round in STATES:
            for state in list(reached):
                clear = Facts(kind, state, touched=1, has_standard=True, outcome="done", is_reviewed=True)
                reached |= {leads_to(step, clear) for step in Step if not hindrances(step, clear)}
        wanted = set(STATES) - ({"asking", "approved"} if kind != "normal" else set())
        assert reached == wanted, kind


@given(facts)
def test_what_a_step_does_not_ask_about_hinders_it_never(one: Facts) -> None:
    for step in Step:
        less = one
        if not asks_touched(step, one.type):
            less = replace(less, touched=0, unasked=0)
        if not asks_clashes(step):
            less = replace(less, clashes=0)
        assert hindrances(step, less) == hindrances(step, one)
