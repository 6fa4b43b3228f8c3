"""Clashes and free times, held against the plainest reading of what they are."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.clashes import Allowed, Busy, Frozen, Planned, Reason, clashes
from helhet.rules.intervals import Interval, merged
from helhet.rules.slots import free_slots

FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return FIRST + timedelta(minutes=minute)


def span(start: int, end: int) -> Interval:
    return Interval(at(start), at(end))


STRETCHES = st.builds(lambda start, length: span(start, start + length), st.integers(0, 30), st.integers(1, 12))
FEW = st.frozensets(st.integers(1, 5), max_size=3)
CHANGES = st.builds(Planned, st.integers(1, 9), STRETCHES, FEW, FEW, FEW)
NEAR = st.dictionaries(st.integers(1, 5), FEW, max_size=3)
FREEZES = st.builds(Frozen, st.integers(1, 5), STRETCHES, FEW, st.booleans())
ALLOWED = st.builds(
    Allowed, st.integers(1, 5), st.sampled_from(["1.1", "2.1"]), st.lists(STRETCHES, max_size=3).map(tuple)
)
BUSY = st.builds(Busy, st.sampled_from(["meeting:1", "task:2"]), STRETCHES, FEW)


def minutes_of(one: Interval) -> set[int]:
    return {minute for minute in range(60) if one.starts_at <= at(minute) < one.ends_at}


def told(found: list[object]) -> set[tuple[object, ...]]:
    return {(one.reason, one.other, one.items, one.services, one.people) for one in found}  # type: ignore[attr-defined]


@given(CHANGES, st.lists(CHANGES, max_size=6), NEAR)
def test_two_changes_clash_exactly_when_they_meet_in_time_and_in_something(
    mine: Planned, others: list[Planned], near: dict[int, frozenset[int]]
) -> None:
    naive: set[tuple[object, ...]] = set()
    none: frozenset[int] = frozenset()
    for other in others:
        if other.id == mine.id or not minutes_of(mine.during) & minutes_of(other.during):
            continue
        called = f"change:{other.id}"
        same = frozenset(item for item in mine.items if item in other.items)
        close = frozenset(
            item for item in other.items if item not in same and any(item in near.get(own, ()) for own in mine.items)
        )
        services = frozenset(one for one in mine.services if one in other.services)
        people = frozenset(one for one in mine.people if one in other.people)
        naive |= {(Reason.SAME, called, same, none, none)} if same else set()
        naive |= {(Reason.RELATED, called, close, none, none)} if close else set()
        naive |= {(Reason.SERVICE, called, none, services, none)} if services and not same and not close else set()
        naive |= {(Reason.PERSON, called, none, none, people)} if people else set()
    assert told(clashes(mine, others, near)) == naive  # type: ignore[arg-type]


@given(CHANGES, st.lists(FREEZES, max_size=4), st.lists(ALLOWED, max_size=4), st.lists(BUSY, max_size=3))
def test_times_that_are_closed_clash_exactly_when_they_hold_for_the_change(
    mine: Planned, freezes: list[Frozen], allowed: list[Allowed], busy: list[Busy]
) -> None:
    found = clashes(mine, [], {}, freezes=freezes, allowed=allowed, busy=busy)
    held = minutes_of(mine.during)
    assert {one.other for one in found if one.reason == Reason.FREEZE} == {
        f"freeze:{one.id}" for one in freezes if held & minutes_of(one.during) and (one.items or one.everything)
    }
    outside = {
        (one.windows, one.item)
        for one in allowed
        if not any(held <= minutes_of(time) for time in merged(one.times))
    }  # fmt: skip
    assert {
        (one.other.removeprefix("windows:"), item)
        for one in found
        if one.reason == Reason.OUTSIDE
        for item in one.items
    } == outside
    assert {one.other for one in found if one.reason == Reason.BUSY} == {
        one.key
        for one in busy
        if held & minutes_of(one.during) and (not one.people or one.people & mine.people)
    }  # fmt: skip


@given(CHANGES, st.lists(CHANGES, max_size=5), st.lists(FREEZES, max_size=3), st.integers(1, 5))
def test_moving_either_side_makes_another_key(
    mine: Planned, others: list[Planned], freezes: list[Frozen], later: int
) -> None:
    def moved(one: Interval) -> Interval:
        return Interval(one.starts_at, one.ends_at + timedelta(minutes=later))

    keys = {one.key for one in clashes(mine, others, {}, freezes=freezes)}
    mine_moved = Planned(mine.id, moved(mine.during), mine.items, mine.services, mine.people)
    assert not keys & {one.key for one in clashes(mine_moved, others, {}, freezes=freezes)}
    theirs = [Planned(one.id, moved(one.during), one.items, one.services, one.people) for one in others]
    frozen = [Frozen(one.id, moved(one.during), one.items, one.everything) for one in freezes]
    again = {(one.reason, one.other): one.key for one in clashes(mine, theirs, {}, freezes=frozen)}
    before = {(one.reason, one.other): one.key for one in clashes(mine, others, {}, freezes=freezes)}
    if len({one.id for one in others}) == len(others) and len({one.id for one in freezes}) == len(freezes):
        assert not {key for pair, key in before.items() if again.get(pair) == key}


def test_a_key_names_reason_other_side_and_both_windows_and_is_short() -> None:
    mine = Planned(1, span(0, 10), frozenset({7}))
    (found,) = clashes(mine, [Planned(2**62, span(5, 20), frozenset({7}))], {})
    assert re.fullmatch(r"same_item\|change:\d+\|[0-9a-f]+-[0-9a-f]+\|[0-9a-f]+-[0-9a-f]+", found.key)
    (long,) = clashes(mine, [], {}, allowed=[Allowed(7, "9" * 500, ())])
    assert len(long.key) <= 200


def test_what_a_stronger_reason_has_told_is_not_told_again() -> None:
    mine = Planned(1, span(0, 10), frozenset({1, 2}), services=frozenset({9}))
    other = Planned(2, span(5, 15), frozenset({1, 3, 4}), services=frozenset({9}))
    found = clashes(mine, [other], {2: {3, 1}})
    assert [(one.reason, one.items) for one in found] == [(Reason.SAME, {1}), (Reason.RELATED, {3})]


@given(st.integers(1, 10), st.lists(STRETCHES, max_size=5), st.lists(STRETCHES, max_size=5), st.integers(1, 4))
def test_each_free_time_is_free_and_no_earlier_one_was_passed_over(
    length: int, within: list[Interval], taken: list[Interval], most: int
) -> None:
    free = {
        minute
        for one in within
        for minute in minutes_of(one)
        if not any(minute in minutes_of(other) for other in taken)
    }  # fmt: skip
    found = free_slots(timedelta(minutes=length), within, taken, most=most, most_short=9)
    enough = [slot for slot in found if not slot.is_short]
    for slot in found:
        assert minutes_of(slot.during) <= free
        assert slot.during.length + slot.short_by == timedelta(minutes=length)
    firsts = []
    for stretch in merged(within):
        minutes = minutes_of(stretch)
        starts = [start for start in sorted(minutes) if set(range(start, start + length)) <= minutes & free]
        firsts += [at(starts[0])] if starts else []
    assert [slot.during.starts_at for slot in enough] == firsts[:most]


def test_a_shorter_time_is_told_as_short_when_it_is_at_least_half() -> None:
    found = free_slots(timedelta(minutes=8), [span(0, 6), span(20, 23), span(40, 50)], [], most=3, most_short=2)
    assert [(slot.during, slot.short_by) for slot in found] == [
        (span(40, 48), timedelta(0)),
        (span(0, 6), timedelta(minutes=2)),
    ]
