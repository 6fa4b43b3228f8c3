"""Operational tasks and the day list: they come, stay until they are done or skipped, and never vanish."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from helhet.documents.actions import withdraw
from helhet.documents.models import About, Audience
from helhet.estate.link_findings import Asked, findings
from helhet.groups.actions import close_group, end_person
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Person
from helhet.items.actions import change_item
from helhet.items.merging import merge_items
from helhet.items.models import Item, Presence, State
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, Stale
from helhet.routines.actions import end_run
from helhet.routines.actions.day_runs import run_occurrence
from helhet.routines.actions.occurrences import (
    do_occurrence,
    reopen_occurrence,
    skip_occurrence,
    take_handover,
    take_occurrence,
    write_handover,
)
from helhet.routines.actions.operations import change_operation, create_operation, drafted_operation, end_operation
from helhet.routines.api.operation_shapes import operation_data, operations_data
from helhet.routines.day_list import day_list, spent
from helhet.routines.models import Occurrence, OperationalTask, Routine
from helhet.routines.occurring import make_all
from helhet.routines.operation_words import lines
from helhet.routines.operations import next_of, nexts_of, tasks_for
from helhet.routines.tests.written import make_routine
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
DAYS = dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


@pytest.fixture
def item(cast: Cast) -> Item:
    """A server that the group Drift answers for."""
    made = make_item("Kopieserver")
    assign_by_hand([made.pk], cast.group, by=SYSTEM, on=DAY)
    return made


def made(item: Item, **fields: Any) -> OperationalTask:
    return create_operation(
        by=SYSTEM,
        **({"title": "Gå igenom", "item": item.reference, "rule": "FREQ=DAILY", "first_on": TODAY()} | fields),
    )


def due(task: OperationalTask) -> list[tuple[dt.date, str]]:
    return [(one.due_on, one.state) for one in task.occurrences.order_by("due_on", "pk")]


def test_it_stands_in_the_list_of_the_group_that_answers_for_the_item(cast: Cast, item: Item) -> None:
    made(item)
    assert [row.occurrence.task.title for row in day_list(as_caller(cast.member)).now] == ["Gå igenom"]
    assert day_list(as_caller(cast.other)).now == []
    assert day_list(as_caller(cast.other), "all").now != []
    assert day_list(as_caller(cast.other), cast.group.reference).now != []


def test_days_that_were_missed_while_nothing_ran_stand_as_late_and_are_made_once(cast: Cast, item: Item) -> None:
    task = made(item)
    today = TODAY() + 5 * DAYS
    assert make_all(today) == 5
    assert make_all(today) == 0
    assert [day for day, _state in due(task)] == [TODAY() + count * DAYS for count in range(6)]
    assert {state for _day, state in due(task)} == {"open"}


def test_a_task_that_began_long_ago_is_not_late_on_its_first_day(item: Item) -> None:
    task = made(item, first_on=TODAY() - 90 * DAYS)
    assert due(task) == [(TODAY(), "open")]


def test_it_is_shown_so_many_days_before(cast: Cast, item: Item) -> None:
    on = TODAY() + 3 * DAYS
    task = made(item, rule="", first_on=on, lead_days=2)
    assert due(task) == []
    make_all(TODAY() + DAYS)
    assert due(task) == [(on, "open")]


def test_done_with_minutes_and_cost_is_told_beside_what_was_planned(cast: Cast, item: Item) -> None:
    task = made(item, minutes=30, cost=Decimal(100))
    one = task.occurrences.get()
    done = do_occurrence(one.pk, by=as_caller(cast.member), version=1, minutes=45)
    assert (done.state, done.closed_by, done.person and done.person.user_id) == (
        "done",
        str(cast.member),
        cast.member.pk,
    )
    (row,) = spent(as_caller(cast.member))
    assert (row.group, row.done, row.planned_minutes, row.minutes, row.said) == (cast.group, 1, 30, 45, 1)
    assert (row.planned_cost, row.cost) == (100, 0)
    with pytest.raises(Clash):
        do_occurrence(one.pk, by=as_caller(cast.reader), version=2)
    with pytest.raises(Stale):
        reopen_occurrence(one.pk, by=SYSTEM, version=1)


def test_it_is_skipped_with_a_reason_and_reopened(cast: Cast, item: Item) -> None:
    one = made(item).occurrences.get()
    with pytest.raises(Invalid):
        skip_occurrence(one.pk, by=SYSTEM, version=1, reason="  ")
    skipped = skip_occurrence(one.pk, by=as_caller(cast.reader), version=1, reason="Avstängd")
    assert (skipped.state, skipped.reason) == ("skipped", "Avstängd")
    again = reopen_occurrence(one.pk, by=SYSTEM, version=2)
    assert (again.state, again.reason, again.closed_at) == ("open", "", None)
    verbs = Event.objects.filter(noun="occurrence", noun_id=one.pk).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["routines.occurrence.skipped", "routines.occurrence.reopened"]


def test_after_it_was_last_done_the_next_comes_when_it_is_done(cast: Cast, item: Item) -> None:
    task = made(item, rule="", after_days=10)
    one = task.occurrences.get()
    do_occurrence(one.pk, by=SYSTEM, version=1)
    assert due(task) == [(TODAY(), "done"), (TODAY() + 10 * DAYS, "open")]
    assert make_all() == 0
    coming = next_of(OperationalTask.objects.get(pk=task.pk))
    assert coming is not None
    assert (coming.after, coming.coming.due_on) == (TODAY(), TODAY() + 10 * DAYS)
    assert day_list(as_caller(cast.member)).soon == []
    reopen_occurrence(one.pk, by=SYSTEM, version=2)
    assert due(task) == [(TODAY(), "open")]


def test_when_many_come_next_is_asked_at_once_and_as_for_each(item: Item, django_assert_num_queries: Any) -> None:
    for number in range(6):
        made(item, rule="", **({"after_days": 3 + number} if number % 2 else {"first_on": TODAY() + number * DAYS}))
    done = Occurrence.objects.filter(task__after_days=6).get()
    do_occurrence(done.pk, by=SYSTEM, version=1)
    tasks = list(OperationalTask.objects.all())
    with django_assert_num_queries(2):
        found = nexts_of(tasks)
    assert found == {one.pk: next_of(one) for one in tasks}
    tasks = list(tasks_for(SYSTEM))
    with django_assert_num_queries(2):
        operations_data(tasks)
    assert operations_data(tasks) == [operation_data(one) for one in tasks]


def test_new_days_leave_what_is_late_and_make_the_rest_anew(item: Item) -> None:
    task = made(item, lead_days=5)
    OperationalTask.objects.filter(pk=task.pk).update(made_up_to=TODAY() + 5 * DAYS)
    Occurrence.objects.create(task=task, rule_on=TODAY() - 9 * DAYS, due_on=TODAY() - 9 * DAYS)
    first = TODAY() + 2 * DAYS
    changed = change_operation(task.pk, by=SYSTEM, version=1, rule="FREQ=DAILY;INTERVAL=3", first_on=first)
    days = [day for day, _state in due(changed)]
    assert days == [TODAY() - 9 * DAYS, TODAY(), first, first + 3 * DAYS]


def test_its_history_tells_values_with_their_unit_and_nothing_for_nothing(item: Item) -> None:
    task = made(item, minutes=15, lead_days=1)
    change_operation(task.pk, by=SYSTEM, version=1, minutes=30, cost=Decimal(1200), lead_days=3)
    with override("sv"):
        told = [(line.before, line.after) for line in lines(Event.objects.filter(verb__endswith="task.changed"))]
    assert sorted(told) == [("", "1\u00a0200 kr"), ("1 dag", "3 dagar"), ("15 minuter", "30 minuter")]


def test_when_it_ends_nothing_is_left_and_what_was_due_says_why(item: Item) -> None:
    task = made(item, lead_days=5)
    end_operation(task.pk, by=SYSTEM, version=1, reason="Avvecklas")
    assert [(one.due_on, one.state, one.reason) for one in task.occurrences.all()] == [
        (TODAY(), "skipped", "Avvecklas")
    ]
    assert make_all(TODAY() + 30 * DAYS) == 0


def test_members_of_other_groups_may_do_it_but_not_change_it(cast: Cast, item: Item) -> None:
    task = made(item)
    with pytest.raises(Forbidden):
        change_operation(task.pk, by=as_caller(cast.other), version=1, title="Annat")
    with pytest.raises(Forbidden):
        create_operation(by=as_caller(cast.other), title="t", item=item.reference, first_on=TODAY())
    taken = take_occurrence(task.occurrences.get().pk, by=as_caller(cast.other), version=1)
    assert day_list(as_caller(cast.other), "mine").now[0].occurrence == taken


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=1MO"}, "rule"),
        ({"rule": "FREQ=DAILY;UNTIL=20261231T160000Z", "at": None}, "rule"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ({"rule": "FREQ=DAILY;UNTIL=20260101"}, "rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=SA,SU", "closed_day": "skip"}, "rule"),
        ({"rule": "", "first_on": dt.date(2026, 1, 1)}, "first_on"),
        ({"after_days": 5}, "after_days"),
        ({"rule": "", "after_days": 5, "closed_day": "skip"}, "closed_day"),
        ({"title": " "}, "title"),
        ({"minutes": -1}, "minutes"),
        ({"lead_days": 61}, "lead_days"),
    ],
)
def test_what_cannot_come_back_is_refused_at_its_field(item: Item, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        made(item, **fields)
    assert caught.value.field == field


def test_a_rule_that_was_kept_before_it_was_forbidden_comes_on_while_the_rest_is_changed(item: Item) -> None:
    task = made(item)
    OperationalTask.objects.filter(pk=task.pk).update(rule="FREQ=WEEKLY;BYDAY=1MO")
    changed = change_operation(task.pk, by=SYSTEM, version=1, title="Nytt namn", rule="FREQ=WEEKLY;BYDAY=1MO")
    assert (changed.title, changed.rule) == ("Nytt namn", "FREQ=WEEKLY;BYDAY=1MO")
    with pytest.raises(Invalid, match="FREQ=MONTHLY;BYDAY=2MO"):
        change_operation(task.pk, by=SYSTEM, version=2, rule="FREQ=WEEKLY;BYDAY=2MO")


def test_a_withdrawn_routine_is_not_tied_anew_and_not_run_from_the_list(item: Item) -> None:
    routine = make_routine()
    reference = routine.document.item.reference
    task = made(item, routine=reference)
    withdraw(reference, by=SYSTEM, version=routine.document.version, reason="Ersatt")
    assert change_operation(task.pk, by=SYSTEM, version=1, routine=reference, minutes=5).routine == routine
    with pytest.raises(Clash):
        made(item, routine=reference)
    (row,) = day_list(SYSTEM).now
    assert not row.may_run
    told = {one.sort: one for one in findings(Asked(), SYSTEM)}
    assert [line.words.count("tagen ur bruk") for line in told["task_end"].rows(0, 9)] == [1]
    with pytest.raises(Clash):
        run_occurrence(row.occurrence.pk, by=SYSTEM, key="nyckel-12345")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_preview_outside_a_transaction_writes_nothing_and_the_routine_is_kept_with_the_task() -> None:
    routine, server = make_routine(), make_item("Kopieserver")
    Routine.objects.all().delete()
    wanted = {"title": "Gå igenom", "item": server.reference, "routine": routine.document.item.reference}
    drafted_operation(by=SYSTEM, **wanted)
    assert Routine.objects.count() == 0
    task = create_operation(by=SYSTEM, **wanted)
    assert task.routine == Routine.objects.get()
    change_operation(task.pk, by=SYSTEM, version=1, routine=None)
    Routine.objects.all().delete()
    change_operation(task.pk, by=SYSTEM, version=2, routine=wanted["routine"])
    assert OperationalTask.objects.get().routine == Routine.objects.get()


def test_what_still_comes_back_for_what_is_retired_is_a_finding_and_its_page_says_so(cast: Cast, item: Item) -> None:
    kept, reader = made(item), as_caller(cast.reader)
    made(item, title="Slutar")
    end_operation(OperationalTask.objects.get(title="Slutar").pk, by=SYSTEM, version=1, reason="Klart")
    About.objects.create(document=make_routine().document, item=item)
    Audience.objects.create(key="closed", name_sv="Slutna", name_en="Closed")
    hidden = make_routine("Hemlig", audience="closed").document
    About.objects.create(document=hidden, item=item)
    client = Client()
    client.force_login(cast.reader)

    def counts(**asked: Any) -> tuple[int, int]:
        told = {one.sort: one.count for one in findings(Asked(**asked), reader)}
        return told.get("task_end", 0), told.get("routine_end", 0)

    assert counts() == (0, 0)
    assert "hh-ask" not in client.get(f"/operational-tasks/{kept.pk}/").content.decode()
    item.refresh_from_db()
    change_item(item.reference, by=SYSTEM, version=item.version, state="retired")
    assert counts() == (1, 1)
    assert counts(group=cast.group.pk) == (1, 0)
    assert counts(group=0) == (0, 1)
    assert counts(source="cmdb") == (0, 0)
    assert "hh-ask" in client.get(f"/operational-tasks/{kept.pk}/").content.decode()
    assert client.get(f"/api/v1/operational-tasks/{kept.pk}").json()["faults"]
    Item.objects.filter(pk=item.pk).update(presence=Presence.WITHDRAWN, state=State.LIVE)
    assert counts() == (1, 1)
    (line,) = next(one for one in findings(Asked(), reader) if one.sort == "task_end").rows(0, 9)
    assert item.name in line.words
    assert client.get(f"{reverse('estate:link_findings')}?sort=task_end").status_code == 200


def test_a_run_from_the_list_makes_it_done_when_it_worked_and_not_when_it_failed(cast: Cast, item: Item) -> None:
    routine = make_routine(steps=[{"id": "s1", "title": "Titta", "required": False}])
    task = made(item, routine=routine.document.item.reference)
    one = task.occurrences.get()
    caller = as_caller(cast.member)
    run = run_occurrence(one.pk, by=caller, key="nyckel-12345")
    assert run_occurrence(one.pk, by=caller, key="nyckel-54321") == run
    assert (run.origin, run.origin_id, run.item) == ("day", one.pk, item)
    end_run(run.pk, by=caller, outcome="failed", note="Disken svarade inte")
    assert task.occurrences.get().state == "open"
    again = run_occurrence(one.pk, by=caller, key="nyckel-67890")
    assert again != run
    end_run(again.pk, by=caller, outcome="worked", minutes=12)
    done = task.occurrences.get()
    assert (done.state, done.minutes, done.run) == ("done", 12, again)


def test_notes_stand_until_the_next_shift_has_read_them(cast: Cast) -> None:
    note = write_handover(by=as_caller(cast.chair), group=cast.group.reference, text="Diskbytet är inte klart")
    with pytest.raises(Forbidden):
        take_handover(note.pk, by=as_caller(cast.other), version=1)
    assert day_list(as_caller(cast.member)).notes == [note]
    take_handover(note.pk, by=as_caller(cast.member), version=1)
    after = day_list(as_caller(cast.member))
    assert (after.notes, after.read_notes) == ([], [note])


def test_tasks_follow_a_group_that_closes_a_person_who_leaves_and_an_item_that_is_another(
    cast: Cast, item: Item
) -> None:
    person = Person.objects.get(user=cast.other)
    task = made(item, group=cast.other_group.reference, person=person.pk)
    end_person(person.pk, by=SYSTEM, version=person.version)
    assert task.occurrences.get().person is None
    close_group(cast.other_group.reference, by=SYSTEM, version=cast.other_group.item.version, to=cast.group.reference)
    kept = make_item("Kopieserver 2")
    merge_items(kept.reference, item.reference, by=SYSTEM, version=kept.version)
    found = OperationalTask.objects.get(pk=task.pk)
    assert (found.group, found.person, found.item) == (cast.group, None, kept)


def test_the_day_list_counts_what_it_does_not_show_and_says_what_is_no_longer_used(
    item: Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [made(item, rule="", first_on=TODAY()) for _time in range(4)]
    tasks[0].occurrences.update(due_on=TODAY() - DAYS)
    Item.objects.filter(pk=item.pk).update(state=State.RETIRED)
    monkeypatch.setattr("helhet.routines.day_list.MOST", 2)
    found = day_list(SYSTEM, "all")
    assert (found.late_count, found.now_count, len(found.late), len(found.now)) == (1, 3, 1, 1)
    assert found.is_cut
    assert found.late[0].faults == ["Kopieserver är avvecklad."]


def test_the_day_is_done_in_the_page(cast: Cast, item: Item) -> None:
    task = made(item)
    client = Client()
    client.force_login(cast.member)
    page = client.get("/day/").content.decode()
    assert "Gå igenom" in page
    assert "/changes/feeds/?what=operations" in page
    one = task.occurrences.get()
    assert client.post(f"/day/{one.pk}/do/", {"version": 1, "who": "groups"}).status_code == 302
    assert task.occurrences.get().state == "done"
    late = client.post(f"/day/{one.pk}/skip/?who=all", {"version": 1, "reason": "Hann inte"}, follow=True)
    assert late.redirect_chain == [("/day/?who=all", 302)]
    assert f"{cast.member} har redan avslutat Gå igenom." in late.content.decode()
    assert task.occurrences.get().state == "done"
    form = {"title": "Byt filter", "item": item.reference, "repeat": "weekly", "days": ["TU", "FR"],
            "first_on": "2026-12-02", "closed_day": "next"}  # fmt: skip
    shown = client.post("/operational-tasks/new/", {**form, "preview": "1"}).content.decode()
    assert "fredag 4" in shown
    assert OperationalTask.objects.count() == 1
    assert client.post("/operational-tasks/new/", form).status_code == 302
    new = OperationalTask.objects.get(title="Byt filter")
    assert (new.rule, new.first_on, new.group) == ("FREQ=WEEKLY;BYDAY=TU,FR", dt.date(2026, 12, 4), None)
    page = client.get(f"/operational-tasks/{new.pk}/").content.decode()
    assert "eftersom den återkommer varje vecka: tisdag, fredag" in page, page[page.index("<main") :][:1500]
    assert client.get(f"/operational-tasks/{new.pk}/edit/").status_code == 200
    assert "Byt filter" in client.get(item.get_absolute_url()).content.decode()
