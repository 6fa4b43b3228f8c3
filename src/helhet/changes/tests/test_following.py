"""When a change is moved, those that wait for it come along, or those who answer for them are asked."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.changes import rounds
from helhet.changes.actions import cancel_change, end_order, move_change, put_after
from helhet.changes.actions.moving import followers_of
from helhet.changes.clashes import clashes_of
from helhet.changes.models import Change, ChangeState, Order
from helhet.changes.tests.planned import at, make_change, make_freeze, make_window
from helhet.changes.tests.test_changes_api import call
from helhet.groups.models import Group, Task, TaskState
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Invalid, Stale
from helhet.rules.intervals import Interval
from tests.world import SYSTEM, Cast, make_group, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel("2026-11-19 12:00", tick=False):
        yield


def chain(*changes: Change) -> None:
    """Each waits for the one before it."""
    for index, after in enumerate(changes[1:]):
        put_after(after.reference, changes[index].reference, by=SYSTEM)


def planned(name: str, day: int, hour: int, hours: int, group: Group | None, **fields: Any) -> Change:
    return make_change(name, [make_item(f"Sak {name}")], at(day, hour), at(day, hour + hours), group=group, **fields)


def now(change: Change) -> Change:
    return Change.objects.select_related("item", "group__item").get(pk=change.pk)


def versions(*changes: Change) -> dict[str, int]:
    return {one.reference: one.version for one in changes}


def test_a_chain_comes_along_each_to_its_first_free_time(sjovik: SimpleNamespace) -> None:
    first = planned("A", 21, 18, 2, sjovik.drift)
    second, third = planned("B", 21, 20, 2, sjovik.drift), planned("C", 21, 22, 1, sjovik.drift)
    chain(first, second, third)
    moved, along = move_change(
        first.reference, at(21, 19), at(21, 21), by=sjovik.member, version=1, following=versions(second, third)
    )
    assert [(one.change.reference, one.because.reference) for one in along] == [
        (second.reference, first.reference), (third.reference, second.reference),
    ]  # fmt: skip
    assert (now(second).starts_at, now(second).ends_at) == (at(21, 21), at(21, 23))
    assert (now(third).starts_at, now(third).ends_at) == (at(21, 23), at(21, 24))
    events = Event.objects.filter(verb="changes.change.moved")
    assert sorted(one.noun_id for one in events) == [moved.pk, second.pk, third.pk]


def test_who_comes_along_keeps_to_windows_and_away_from_freezes(sjovik: SimpleNamespace) -> None:
    first, second = planned("A", 21, 18, 2, sjovik.drift), planned("B", 22, 18, 2, sjovik.drift)
    chain(first, second)
    item = second.affected.get().item
    make_window("Kväll", dt.date(2026, 11, 1), 18, 4, "FREQ=DAILY", item=item)
    make_freeze("Stopp", at(23, 0), at(25, 0), item=item)
    move_change(first.reference, at(22, 17), at(22, 19), by=sjovik.member, version=1, following=versions(second))
    assert now(second).starts_at == at(22, 19)
    move_change(first.reference, at(22, 20), at(22, 22), by=sjovik.member, version=2, following=versions(now(second)))
    assert now(second).starts_at == at(25, 18)
    assert clashes_of(now(second)) == []


def test_without_being_asked_to_nothing_comes_along(sjovik: SimpleNamespace) -> None:
    first, second = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.drift)
    chain(first, second)
    _moved, early = move_change(first.reference, at(22, 18), at(22, 20), by=sjovik.member, version=1)
    assert [one.change.pk for one in early] == [second.pk]
    assert now(second).starts_at == at(21, 20)
    assert not Task.objects.filter(origin="order").exists()


def test_a_group_whose_change_one_may_not_move_is_asked_by_task_and_mail(sjovik: SimpleNamespace) -> None:
    first, theirs = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.school)
    after_theirs = planned("C", 21, 22, 1, sjovik.drift)
    chain(first, theirs, after_theirs)
    move_change(first.reference, at(21, 19), at(21, 21), by=sjovik.member, version=1, following=versions(theirs))
    assert now(theirs).starts_at == at(21, 20)
    assert now(after_theirs).starts_at == at(21, 22)
    task = Task.objects.get(origin="order")
    assert task.group == sjovik.school
    assert first.reference in task.text
    assert rounds.tell() == 1
    (sent,) = mail.outbox
    assert sent.to == ["skola@sjovik.example"]
    assert reverse("changes:moving", args=[theirs.reference]) in sent.body
    assert rounds.tell() == 0
    move_change(theirs.reference, at(21, 21), at(21, 23), by=sjovik.school_lead, version=1)
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_a_request_to_move_ends_with_what_made_it_needed(sjovik: SimpleNamespace) -> None:
    def ask() -> tuple[Change, Change]:
        first, theirs = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.school)
        chain(first, theirs)
        move_change(first.reference, at(21, 19), at(21, 21), by=sjovik.member, version=1, following=versions(theirs))
        assert Task.objects.filter(origin="order", state=TaskState.OPEN).count() == 1
        return now(first), now(theirs)

    first, theirs = ask()
    move_change(first.reference, at(21, 18), at(21, 20), by=sjovik.member, version=first.version)
    assert not Task.objects.filter(origin="order", state=TaskState.OPEN).exists()
    first, theirs = ask()
    cancel_change(theirs.reference, by=sjovik.school_lead, version=theirs.version, reason="Behövs inte")
    assert not Task.objects.filter(origin="order", state=TaskState.OPEN).exists()
    first, theirs = ask()
    end_order(theirs.reference, first.reference, by=sjovik.school_lead)
    assert not Task.objects.filter(origin="order", state=TaskState.OPEN).exists()


def test_what_was_not_looked_at_or_was_altered_since_stops_the_whole_move(sjovik: SimpleNamespace) -> None:
    first = planned("A", 21, 18, 2, sjovik.drift)
    second, third = planned("B", 21, 20, 2, sjovik.drift), planned("C", 21, 22, 1, sjovik.drift)
    chain(first, second, third)
    there = (at(21, 19), at(21, 21))
    with pytest.raises(Clash, match="var inte med"):
        move_change(first.reference, *there, by=sjovik.member, version=1, following=versions(second))
    stale = {second.reference: 1, third.reference: 0}
    with pytest.raises(Stale):
        move_change(first.reference, *there, by=sjovik.member, version=1, following=stale)
    assert [now(one).version for one in (first, second, third)] == [1, 1, 1]


def test_what_is_under_way_or_over_stays(sjovik: SimpleNamespace) -> None:
    first = planned("A", 21, 18, 2, sjovik.drift)
    begun = planned("B", 21, 20, 2, sjovik.drift, state=ChangeState.UNDER_WAY)
    over = planned("C", 21, 20, 2, sjovik.drift, state=ChangeState.CLOSED, outcome="done")
    Order.objects.bulk_create(Order(before=first, after=one) for one in (begun, over))
    assert followers_of(first, Interval(at(22, 18), at(22, 20)), sjovik.member) == []


def test_a_circle_in_the_order_is_refused_however_long(sjovik: SimpleNamespace) -> None:
    changes = [planned(str(number), 21, 1, 1, sjovik.drift) for number in range(5)]
    chain(*changes)
    with pytest.raises(Invalid):
        put_after(changes[0].reference, changes[-1].reference, by=sjovik.member)
    # Two who state one at the same moment may still make one; moving then says so and moves nothing.
    Order.objects.create(before=changes[-1], after=changes[0])
    with pytest.raises(Clash, match="cirkel"):
        move_change(changes[0].reference, at(23, 1), at(23, 2), by=sjovik.member, version=1)


def test_the_page_shows_who_comes_along_before_it_moves_anything(sjovik: SimpleNamespace, client: Client) -> None:
    first, mine = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.drift)
    theirs = planned("C", 21, 20, 2, sjovik.school)
    chain(first, mine)
    chain(first, theirs)
    client.force_login(sjovik.cast.member)
    address = reverse("changes:moving", args=[first.reference])
    assert "2026-11-21T18:00" in client.get(address).content.decode()
    sent = {"version": "1", "starts_at": "2026-11-21T19:00", "ends_at": "2026-11-21T21:00"}
    page = client.post(address, sent).content.decode()
    assert "börja för tidigt" in page
    assert "Skola ombeds flytta" in page
    assert now(first).starts_at == at(21, 18)
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    done = client.post(address, {**sent, "seen": seen, "along": "yes"}, follow=True).content.decode()
    assert f"{mine.reference} lördag 21\xa0november 21.00–23.00" in done
    assert f"Skola ({theirs.reference})" in done
    assert now(mine).starts_at == at(21, 21)
    assert Task.objects.get(origin="order").group == sjovik.school


def test_the_page_leaves_them_when_told_so_and_says_what_begins_too_early(
    sjovik: SimpleNamespace, client: Client
) -> None:
    first, mine = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.drift)
    chain(first, mine)
    client.force_login(sjovik.cast.member)
    address = reverse("changes:moving", args=[first.reference])
    sent = {"version": "1", "starts_at": at(22, 18).isoformat(), "ends_at": at(22, 20).isoformat()}
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', client.post(address, sent).content.decode())
    page = client.post(address, {**sent, "seen": seen, "along": "no"}, follow=True).content.decode()
    assert "börjar nu för tidigt" in page
    assert now(mine).starts_at == at(21, 20)


def test_a_program_asks_who_comes_along_and_takes_them_along(sjovik: SimpleNamespace) -> None:
    cast = sjovik.cast
    first, mine = planned("A", 21, 18, 2, sjovik.drift), planned("B", 21, 20, 2, sjovik.drift)
    chain(first, mine)
    path = f"/changes/{first.reference}"
    times = {"starts_at": "2026-11-21T18:00:00Z", "ends_at": "2026-11-21T20:00:00Z"}
    query = "&".join(f"{name}={value}" for name, value in times.items())
    (one,) = call(cast.member, "GET", f"{path}/followers?{query}").json["items"]
    assert (one["reference"], one["to_starts_at"], one["may_move"]) == (mine.reference, "2026-11-21T20:00:00Z", True)
    following = [{"reference": one["reference"], "version": one["version"]}]
    moved = call(cast.member, "POST", f"{path}/move", {**times, "following": following}, 1)
    assert moved.status == 200, moved.json
    assert [(each["reference"], each["has_moved"]) for each in moved.json["followers"]] == [(mine.reference, True)]
    assert now(mine).starts_at == at(21, 21)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    starts=st.lists(st.integers(13, 60), min_size=4, max_size=4),
    orders=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda one: one[0] < one[1])),
    to=st.integers(13, 70),
)
def test_after_a_move_nothing_that_came_along_begins_before_what_it_waits_for(
    cast: Cast, starts: list[int], orders: set[tuple[int, int]], to: int
) -> None:
    group = make_group(f"Grupp {Group.objects.count()}", chair=None)
    changes = [planned(str(number), 20, start, 2, group) for number, start in enumerate(starts)]
    for before, after in orders:
        put_after(changes[after].reference, changes[before].reference, by=SYSTEM)
    during = Interval(at(20, to), at(20, to + 2))
    early = followers_of(changes[0], during, SYSTEM)
    move_change(
        changes[0].reference, during.starts_at, during.ends_at, by=SYSTEM, version=1,
        following=versions(*(one.change for one in early)),
    )  # fmt: skip
    times = [(one.starts_at, one.ends_at) for one in map(now, changes)]
    moved = {changes.index(one.change) for one in early} | {0}
    for before, after in orders:
        if before in moved:
            assert times[before][1] <= times[after][0]
    assert all(ends_at - starts_at == dt.timedelta(hours=2) for starts_at, ends_at in times)
    assert all(times[number] == (at(20, starts[number]), at(20, starts[number] + 2)) for number in {1, 2, 3} - moved)


def test_both_pages_say_that_the_order_does_not_hold_and_lead_to_the_move(
    sjovik: SimpleNamespace, client: Client
) -> None:
    first, mine = planned("A", 21, 18, 4, sjovik.drift), planned("B", 21, 20, 2, sjovik.drift)
    chain(first, mine)
    client.force_login(sjovik.cast.member)
    to_move = f'href="{reverse("changes:moving", args=[mine.reference])}"'
    before, after = (client.get(one.get_absolute_url()).content.decode() for one in (first, mine))
    assert "börjar innan denna slutar" in before
    assert to_move in before
    assert "slutar efter att denna börjar" in after
    assert to_move in after
    client.force_login(sjovik.cast.reader)
    assert to_move not in client.get(first.get_absolute_url()).content.decode()
