"""Every event gets its place and its seal, and no later edit of any of them goes unseen."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.journal import sealing
from helhet.journal.actions import record
from helhet.journal.models import Event, Sealed
from helhet.journal.sealing import seal_all, verify
from helhet.kit.rights import the_system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]
BY = the_system("test")


@pytest.fixture
def unguarded(db: None) -> None:
    """The database lets events be altered: the chain must show what its triggers could not stop."""
    del db
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER journal_event_kept")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal_event'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def some(count: int) -> list[Event]:
    return [
        record("a.b.c", "thing", number, by=BY, before={"å": 1.5}, after={"list": [1, None]}, reason="därför")
        for number in range(count)
    ]


def test_events_are_sealed_in_their_order_without_gaps_and_go_on_where_they_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealing, "PORTION", 3)
    some(7)
    assert seal_all() == 7
    some(2)
    assert seal_all() == 2
    assert seal_all() == 0
    assert list(Event.objects.order_by("id").values_list("sequence", flat=True)) == list(range(1, 10))
    assert verify() is None


def test_an_event_that_was_committed_late_comes_after_those_sealed_before() -> None:
    early, late = some(2)
    Event.objects.filter(pk=early.pk).update(sequence=None)
    Event.objects.filter(pk=late.pk).delete()
    seal_all()
    late.save(force_insert=True)
    seal_all()
    assert Event.objects.get(pk=late.pk).sequence == 2
    assert verify() is None


ALTERED = {
    "actor": "någon annan", "verb": "x.y.z", "noun_id": 99, "before": {"å": 2}, "after": None, "reason": "",
    "user_id": 7,
}  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 5), st.sampled_from(sorted(ALTERED)))
def test_any_edit_is_found_and_the_first_bad_entry_named(place: int, field: str) -> None:
    Event.objects.all().delete()
    Sealed.objects.all().delete()
    events = some(6)
    seal_all()
    Event.objects.filter(pk=events[place].pk).update(**{field: ALTERED[field]})
    fault = verify()
    assert fault is not None
    assert fault.event_id == events[place].pk
    assert fault.sequence == place + 1


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_deletion_is_found_wherever_it_was(place: int) -> None:
    events = some(6)
    seal_all()
    Event.objects.filter(pk=events[place].pk).delete()
    fault = verify()
    assert fault is not None
    assert fault.sequence == place + 1


def test_two_that_changed_places_are_found() -> None:
    one, two, _three = some(3)
    seal_all()
    Event.objects.filter(pk=one.pk).update(sequence=-1)
    Event.objects.filter(pk=two.pk).update(sequence=1)
    Event.objects.filter(pk=one.pk).update(sequence=2)
    fault = verify()
    assert fault is not None
    assert fault.sequence == 1


def test_details_can_be_blanked_and_the_chain_still_holds() -> None:
    events = some(3)
    seal_all()
    Event.objects.filter(pk=events[1].pk).update(actor="", before=None, after=None, reason="", salt="")
    assert verify() is None


def test_words_put_in_where_details_were_blanked_are_found() -> None:
    events = some(3)
    seal_all()
    Event.objects.filter(pk=events[1].pk).update(actor="någon annan", before=None, after=None, reason="", salt="")
    fault = verify()
    assert fault is not None
    assert (fault.event_id, fault.what) == (events[1].pk, "details")


def test_of_the_newest_only_those_are_walked() -> None:
    events = some(6)
    seal_all()
    Event.objects.filter(pk=events[1].pk).update(reason="annat")
    assert verify(newest=4) is None
    assert verify(newest=5) is not None
    assert verify(newest=100) is not None
    Event.objects.filter(pk=events[4].pk).delete()
    fault = verify(newest=3)
    assert fault is not None
    assert (fault.sequence, fault.what) == (5, "missing")


def test_a_head_that_was_set_back_or_taken_away_is_found() -> None:
    some(4)
    seal_all()
    third = Event.objects.get(sequence=3)
    Sealed.objects.update(sequence=3, seal=third.seal)
    fault = verify()
    assert fault is not None
    assert fault.what == "head"
    Sealed.objects.all().delete()
    fault = verify()
    assert fault is not None
    assert fault.what == "head"


def test_sealing_beside_the_walk_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    some(3)
    seal_all()
    given = sealing._altered

    def sealing_meanwhile(event: Event, before: str) -> str:
        if event.sequence == 1:
            some(2)
            seal_all()
        return given(event, before)

    monkeypatch.setattr(sealing, "_altered", sealing_meanwhile)
    assert verify() is None
