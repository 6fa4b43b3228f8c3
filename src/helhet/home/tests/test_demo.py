"""The demonstration organisation: the same each time, with the flaws that it promises, and true to its own history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from helhet.accounts.models import User
from helhet.changes.clashes import clashes_of, unsigned_of
from helhet.changes.models import (
    Advance,
    Change,
    ChangeState,
    ChangeType,
    Condition,
    Freeze,
    Lasting,
    Order,
    Outcome,
    Position,
    Settlement,
    Stance,
    StandardVersion,
    Threshold,
    Unregistered,
    VersionState,
    Window,
)
from helhet.changes.telling import DID
from helhet.estate.link_findings import Asked, findings
from helhet.estate.models import Dependency, Redundancy
from helhet.estate.seen import counts, unknown_names
from helhet.estate.types import unexplained
from helhet.groups.models import Group, GroupState, Membership, Person, SavedView, Task, TaskState
from helhet.handbook.completeness import handbook
from helhet.home.demo.make import make_demo
from helhet.home.demo.things import Register
from helhet.items.listing import ItemList
from helhet.items.models import Comment, Item, Link, SourceKey
from helhet.journal.models import Event
from helhet.kit.errors import Clash
from helhet.responsibility.coverage import count
from helhet.responsibility.models import Reading, ReadingSort, Rule
from helhet.suppliers.models import Contact
from tests.world import SYSTEM, make_item


@pytest.fixture(scope="module")
def vinterhamn(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Made once for all tests of this file, and taken away after them."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_demo()
        yield made
        transaction.set_rollback(True)


def test_the_things_are_the_same_for_the_same_day_and_move_with_it() -> None:
    day = dt.date(2026, 3, 1)
    assert Register(day).make() == Register(day).make()
    assert [thing.name for thing in Register(day).make()] == [
        thing.name for thing in Register(dt.date(2027, 1, 9)).make()
    ]


def test_every_part_comes_after_its_whole() -> None:
    things = Register(dt.date(2026, 3, 1)).make()
    by_key = {thing.key: thing for thing in things}
    assert all(by_key[thing.whole].arrives >= thing.arrives for thing in things if thing.whole)


@pytest.mark.usefixtures("vinterhamn")
class TestVinterhamn:
    """What is there when it has been made."""

    pytestmark = pytest.mark.django_db

    def test_it_has_the_size_that_is_promised(self) -> None:
        assert 1_400 <= Item.objects.filter(presence=0, kind__is_listed=True).count() <= 1_600
        assert Item.objects.filter(kind__key__in=("business_service", "supporting_service")).count() == 40
        assert Group.objects.filter(is_management_team=False).count() == 9
        assert Group.objects.filter(is_management_team=True).count() == 1
        assert Person.objects.count() == 70
        assert Rule.objects.count() == 12

    def test_services_are_documented_in_every_state_with_suppliers_to_call(self) -> None:
        found = handbook(SYSTEM)
        assert all(found.counts.values())
        assert 0 < (found.whole.share or 0) < 1
        assert Contact.objects.filter(ended_at__isnull=True).count() >= 6
        assert Task.objects.filter(origin="contradiction", state=TaskState.OPEN).count() == 1

    def test_some_have_no_group_and_nine_of_those_came_yesterday(self) -> None:
        assert count().all.unowned == 14
        yesterday = (timezone.localdate() - dt.timedelta(days=1)).isoformat()
        assert ItemList(SYSTEM, f"coverage:unowned created:{yesterday}").count().number == 9

    def test_nearly_everything_depends_on_something_with_some_of_it_doubted_and_some_only_seen(self) -> None:
        assert Dependency.objects.values("type").distinct().count() >= 6
        assert Dependency.objects.values("from_item").distinct().count() > 500
        assert Redundancy.objects.exists()
        assert Dependency.objects.filter(standing="questioned").count() == 4
        assert Task.objects.filter(origin="dependency", state=TaskState.OPEN).count() == 4
        assert Dependency.objects.filter(standing="confirmed").count() == 42
        assert unexplained(SYSTEM) == []
        sorts = {one.sort for one in findings(Asked(), SYSTEM)}
        assert {"loop", "questioned"} <= sorts
        assert all(counts(SYSTEM).values())
        assert unknown_names(SYSTEM).count() == 2

    def test_it_has_the_flaws_of_real_ones(self) -> None:
        coverage = count()
        closed = Group.objects.get(state=GroupState.CLOSED)
        assert coverage.by_group[closed.pk].dead_owner > 0
        today = timezone.localdate()
        chairs = Membership.objects.on(today).filter(role="chair").values("group_id")
        assert Group.objects.exclude(state=GroupState.CLOSED).exclude(pk__in=chairs).count() == 1
        assert coverage.all.contested > 0
        assert SourceKey.objects.filter(not_seen_since__isnull=False).count() == 11
        assert Membership.objects.filter(to_on__lt=today).exists()
        assert Task.objects.filter(state=TaskState.OPEN, due_on__lt=today).exists()
        assert Comment.objects.exists()
        assert Link.objects.exists()
        assert SavedView.objects.filter(is_shared=True).exists()

    def test_every_saved_view_finds_something(self) -> None:
        for view in SavedView.objects.all():
            assert ItemList(SYSTEM, view.filter).count().number > 0, view.name

    def test_its_history_goes_back_two_years_and_never_into_the_future(self) -> None:
        now = timezone.now()
        first = Event.objects.order_by("at").first()
        assert first is not None
        assert first.at < now - dt.timedelta(days=725)
        assert not Event.objects.filter(at__gt=now).exists()
        assert not Item.objects.filter(updated_at__gt=now).exists()

    def test_each_reading_is_what_the_answers_of_its_day_say(self) -> None:
        days = sorted(set(Reading.objects.filter(batch_id=None).values_list("on", flat=True)))
        for day in days[::13]:
            reading = Reading.objects.get(on=day, batch_id=None, sort=ReadingSort.ALL)
            assert count(day).all.as_data() == {
                "items": reading.items, "owned": reading.owned, "unowned": reading.unowned,
                "contested": reading.contested, "dead_owner": reading.dead_owner,
            }  # fmt: skip

    def test_nobody_can_sign_in_without_a_link(self) -> None:
        assert User.objects.exists()
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_it_refuses_to_come_twice(self) -> None:
        with pytest.raises(Clash):
            make_demo()
        with pytest.raises(Clash):
            make_demo(add=True)


@pytest.mark.usefixtures("vinterhamn")
class TestYearOfChanges:
    """What Vinterhamn changes."""

    pytestmark = pytest.mark.django_db

    def test_there_are_hundreds_of_every_type_in_every_state_and_with_every_outcome(self) -> None:
        assert 250 <= Change.objects.count() <= 400
        here = Change.objects.filter(is_history=False)
        assert here.count() >= 55
        assert set(here.values_list("type", flat=True)) == set(ChangeType.values)
        assert set(here.values_list("state", flat=True)) == set(ChangeState.values)
        closed = Change.objects.filter(state=ChangeState.CLOSED)
        assert set(closed.values_list("outcome", flat=True)) == set(Outcome.values)

    def test_groups_say_yes_no_and_yes_if_or_nothing_and_what_is_settled_is_kept(self) -> None:
        said = set(Position.objects.values_list("stance", flat=True))
        assert said == {"", *Stance.values}
        assert set(Settlement.objects.values_list("goes_on", flat=True)) == {True, False}
        assert set(Condition.objects.values_list("task__state", flat=True)) == {TaskState.OPEN, TaskState.DONE}
        silent = Position.objects.open().filter(escalated_at__isnull=False, change__state=ChangeState.ASKING)
        assert silent.exists()
        assert Task.objects.filter(origin="settlement", state=TaskState.OPEN).exists()
        assert Position.objects.open().filter(due_at__gt=timezone.now()).exists()
        assert Advance.objects.holding().count() == 2
        assert Position.objects.filter(advance__isnull=False).exists()

    def test_each_deed_bears_its_own_time_and_none_lies_ahead(self) -> None:
        now = timezone.now()
        for name in ("submitted_at", "asked_at", "approved_at", "began_at", "finished_at", "closed_at"):
            assert not Change.objects.filter(**{f"{name}__gte": now - dt.timedelta(hours=1)}).exists(), name
        told = Change.objects.filter(is_history=False, went_around=False)
        for one in told.filter(state=ChangeState.CLOSED, finished_at__isnull=False):
            assert one.submitted_at <= one.began_at < one.finished_at < one.closed_at  # type: ignore[operator]
            assert one.starts_at <= one.began_at <= one.ends_at  # type: ignore[operator]
        drafted = Event.objects.filter(verb="changes.change.drafted")
        assert drafted.values("at__date").distinct().count() > 15
        for asked in Position.objects.filter(stance__in=Stance.values, advance__isnull=True):
            assert asked.answered_at is not None
            assert asked.asked_at <= asked.answered_at < now - dt.timedelta(hours=1)

    def test_the_history_of_every_change_is_told_in_words(self) -> None:
        verbs = set(
            Event.objects.filter(noun="item", noun_id__in=Change.objects.values("pk")).values_list("verb", flat=True)
        )
        assert {"changes.change.raised", "changes.position.answered_ahead", "changes.clash.signed"} <= verbs
        assert verbs <= DID.keys()

    def test_an_open_clash_stands_in_the_calendar_of_next_week(self) -> None:
        today = timezone.localdate()
        monday = today + dt.timedelta(days=7 - today.weekday())
        first = dt.datetime.combine(monday, dt.time(0), timezone.get_default_timezone())
        coming = Change.objects.planned().filter(starts_at__gte=first, starts_at__lt=first + dt.timedelta(days=7))
        assert coming.count() >= 5
        open_ones = [one for one in coming.filter(state=ChangeState.APPROVED) if unsigned_of(one)]
        assert any(clash.change for one in open_ones for clash in clashes_of(one))
        signed = [clash for one in Change.objects.planned() for clash in clashes_of(one) if clash.is_signed]
        assert signed
        assert all(clash.signature and clash.signature.reason for clash in signed)

    def test_what_goes_wrong_differs_between_groups_and_is_learnt_from(self) -> None:
        shares = {}
        for group in Group.objects.filter(is_management_team=False).exclude(state=GroupState.CLOSED):
            done = Change.objects.filter(group=group, state=ChangeState.CLOSED).exclude(outcome=Outcome.CANCELLED)
            bad = done.filter(outcome__in=(Outcome.FAILED, Outcome.REVERTED))
            if done.count() >= 10:
                shares[group.name] = bad.count() / done.count()
        assert len(shares) >= 4
        assert max(shares.values()) > 3 * min(shares.values())
        bad = Change.objects.filter(state=ChangeState.CLOSED, outcome__in=(Outcome.FAILED, Outcome.REVERTED))
        assert not bad.filter(learnt="").exists()
        assert bad.filter(consequences__isnull=False).exists()

    def test_standard_changes_have_every_fate_and_are_raised(self) -> None:
        states = set(StandardVersion.objects.values_list("state", flat=True))
        assert states == set(VersionState.values) - {VersionState.REFUSED}
        assert Change.objects.filter(standard__isnull=False).values("standard").distinct().count() >= 4
        assert Threshold.objects.filter(ended_at__isnull=True).count() >= 2

    def test_windows_freezes_orders_and_what_nobody_registered_are_there(self) -> None:
        assert Window.objects.count() == 3
        assert Freeze.objects.filter(ends_at__gt=timezone.now()).count() >= 2
        ahead = Order.objects.filter(after__starts_at__gt=timezone.now())
        assert all(one.before.ends_at <= one.after.starts_at for one in ahead.select_related("before", "after"))  # type: ignore[operator]
        assert ahead.exists()
        assert 2 <= Unregistered.objects.filter(state=Lasting.OPEN).count() <= 6
        assert Unregistered.objects.exclude(state=Lasting.OPEN).exists()


@pytest.mark.django_db
def test_it_refuses_a_store_with_data() -> None:
    make_item("vår egen server")
    before = Item.objects.count()
    with pytest.raises(Clash):
        make_demo()
    assert Item.objects.count() == before
