"""The timetable in the database: each slot once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helhet.kit.jobs import JobContext, Slot, UnknownJob, job
from helhet.kit.jobs.models import Job
from helhet.kit.jobs.slots import KEPT_SLOTS, take_due
from helhet.kit.jobs.worker import drain, run
from helhet.rules.timetable import Daily, Every

START = datetime(2026, 3, 27, 12, tzinfo=UTC)
MINUTELY = [Every("test.tick", minutes=1)]
NIGHTLY = [Daily("test.tick", at="02:30")]

ticks: list[datetime | None] = []


@job(name="test.tick")
def tick(context: JobContext) -> None:
    assert context.caller_id is None
    ticks.append(context.due_at)


def taken(timetable: list[Every] | list[Daily], now: datetime) -> list[Job]:
    return take_due(timetable, lambda: now)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ticks.clear()


pytestmark = pytest.mark.django_db


def test_an_entry_seen_for_the_first_time_waits_for_its_next_slot() -> None:
    assert taken(NIGHTLY, START) == []
    assert taken(NIGHTLY, START + timedelta(hours=13)) == []
    (asked,) = taken(NIGHTLY, START + timedelta(hours=14))
    assert asked.due_at == datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    assert drain() == 1
    assert ticks == [asked.due_at]


def test_each_slot_is_taken_once_over_the_spring_change() -> None:
    for hour in range(96):
        taken(NIGHTLY, START + timedelta(hours=hour))
        taken(NIGHTLY, START + timedelta(hours=hour))
        drain()
    assert [due.isoformat() for due in ticks if due] == [
        "2026-03-28T01:30:00+00:00",
        "2026-03-29T01:30:00+00:00",
        "2026-03-30T00:30:00+00:00",
        "2026-03-31T00:30:00+00:00",
    ]


def test_slots_missed_while_the_machine_was_off_run_once_together() -> None:
    taken(MINUTELY, START)
    (asked,) = taken(MINUTELY, START + timedelta(days=3))
    assert asked.due_at == START + timedelta(days=3)
    assert taken(MINUTELY, START + timedelta(days=3)) == []
    assert drain() == 1


def test_a_slot_whose_predecessor_still_waits_adds_no_second_job() -> None:
    taken(MINUTELY, START)
    for minute in range(1, 5):
        taken(MINUTELY, START + timedelta(minutes=minute))
    assert Job.objects.count() == 1
    assert Slot.objects.count() == 5


def test_a_clock_set_back_repeats_no_slot_but_does_not_silence_the_job() -> None:
    taken(MINUTELY, START)
    taken(MINUTELY, START + timedelta(hours=24))
    assert taken(MINUTELY, START + timedelta(hours=24, seconds=-30)) == []
    (asked,) = taken(MINUTELY, START + timedelta(minutes=5))
    assert asked.pk
    assert taken(MINUTELY, START + timedelta(minutes=5)) == []
    assert set(Slot.objects.values_list("era", flat=True)) == {0, 1}


def test_old_slots_are_forgotten() -> None:
    minutes = [START + timedelta(minutes=minute) for minute in range(KEPT_SLOTS + 20)]
    Slot.objects.bulk_create(Slot(name="test.tick", slot_at=at, taken_at=at) for at in minutes)
    taken(MINUTELY, minutes[-1] + timedelta(minutes=1))
    assert Slot.objects.count() == KEPT_SLOTS


def test_a_worker_takes_the_slots_and_does_their_jobs() -> None:
    Slot.objects.create(name="test.tick", slot_at=START, taken_at=START)
    assert run(once=True, timetable=MINUTELY) == 1
    (due,) = ticks
    assert due is not None
    assert Slot.objects.get(slot_at=due).job == Job.objects.get()


def test_a_worker_that_works_off_what_there_is_looks_for_more_before_it_ends() -> None:
    asked = iter([False, True, False])

    def look() -> bool:
        is_asked = next(asked)
        if is_asked:
            tick.later(caller=None)
        return is_asked

    assert run(once=True, rounds=[look]) == 1
    assert list(asked) == []


def test_a_worker_does_not_start_with_a_timetable_that_names_unknown_jobs() -> None:
    with pytest.raises(UnknownJob, match=r"nobody\.knows"):
        run(once=True, timetable=[Every("nobody.knows", minutes=1)])
