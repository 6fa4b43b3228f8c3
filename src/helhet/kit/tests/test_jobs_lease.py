"""Who may run a job, who loses it, and rows that nobody should run."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.models import JSONField, Value

from helhet.kit.jobs import Cancelled, JobContext, LeaseLost
from helhet.kit.jobs.heartbeat import look
from helhet.kit.jobs.holder import is_surely_gone, own_name
from helhet.kit.jobs.lease import Watch, beat, claim, end, give_back, lock
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.runner import run_held
from helhet.kit.jobs.worker import drain
from helhet.kit.rights import callers_by_user
from helhet.kit.tests.job_world import (
    ANNA,
    BO,
    caller_of,
    note,
    ran,
    slow_retry,
    stop_midway,
)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setattr(callers_by_user, "_loaded", (caller_of,))


pytestmark = pytest.mark.django_db


def test_an_equal_waiting_job_is_not_asked_for_twice() -> None:
    first = note.later(caller=ANNA, unique="g7", text="same")
    assert note.later(caller=ANNA, unique="g7", text="same").pk == first.pk
    assert note.later(caller=BO, unique="g7", text="same").pk != first.pk
    assert note.later(caller=ANNA, unique="g7", text="other").pk != first.pk
    assert drain() == 3
    assert note.later(caller=ANNA, unique="g7", text="same").pk != first.pk


def test_jobs_with_the_same_key_never_run_beside_each_other_and_keep_their_order() -> None:
    first = note.later(caller=ANNA, unique="g7", text="one")
    second = note.later(caller=ANNA, unique="g7", text="two", priority=9)
    other = note.later(caller=ANNA, unique="g8", text="three")
    held = claim("me", None)
    assert held is not None
    assert held.job_id == first.pk
    beside = claim("you", None)
    assert beside is not None
    assert beside.job_id == other.pk
    assert claim("they", None) is None
    run_held(held, with_heartbeat=False)
    after = claim("they", None)
    assert after is not None
    assert after.job_id == second.pk


def test_a_job_that_waits_for_its_next_try_holds_back_those_of_its_key_only() -> None:
    slow_retry.later(caller=ANNA, unique="g7")
    assert drain() == 1
    slow_retry.later(caller=ANNA, unique="g7")
    note.later(caller=ANNA, unique="g7", text="another kind")
    assert drain() == 1
    assert ran == [("another kind", 0, 1, 1)]


def test_a_job_given_back_by_a_stopping_worker_has_lost_no_try() -> None:
    asked = stop_midway.later(caller=ANNA, how="stop")
    held = claim("me", None)
    assert held is not None
    stopping = threading.Event()
    assert run_held(held, stopping=stopping, with_heartbeat=False) == JobState.WAITING
    asked.refresh_from_db()
    assert (asked.state, asked.tries, asked.waits_until_at) == (JobState.WAITING, 0, None)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("os.system", {"command": "touch /tmp/owned"}),
        ("helhet.kit.jobs.worker.run", {}),
        ("test.note.__globals__", {}),
        ("", {}),
        ("test.note", {"context": 1}),
        ("test.note", {"__class__": "x"}),
        ("test.note", ["list"]),
        ("test.note", "text"),
        ("test.note", None),
        ("test.note", {"self": 1}),
    ],
)
def test_a_hostile_row_is_refused_and_stops_nobody(name: str, arguments: object) -> None:
    asked = note.later(caller=ANNA, text="hostile")
    Job.objects.update(name=name, arguments=Value(arguments, output_field=JSONField()))
    note.later(caller=ANNA, text="honest")
    assert drain() == 2
    asked.refresh_from_db()
    assert asked.state == JobState.FAILED
    assert asked.error
    assert [text for text, *_ in ran] == ["honest"]


def test_a_row_nested_too_deep_to_read_is_refused_and_stops_nobody() -> None:
    asked = note.later(caller=ANNA, text="deep")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_job SET arguments = %s", ["[" * 1500 + "]" * 1500])
    note.later(caller=ANNA, text="honest")
    assert drain() == 2
    state = Job.objects.values_list("state", flat=True).get(pk=asked.pk)
    assert state == JobState.FAILED


def test_a_job_lost_by_its_worker_at_every_try_is_dead() -> None:
    asked = note.later(caller=ANNA)
    Job.objects.update(max_tries=2)
    for _try in range(2):
        assert claim("gone", None) is not None
        time = iter((0.0, 100.0, 200.0, 300.0, 400.0))
        watch = Watch(lambda: next(time))  # noqa: B023 - used before the next turn
        assert watch.sweep() + watch.sweep() == 1
    asked.refresh_from_db()
    assert asked.state == JobState.DEAD
    assert "2" in asked.error


def test_a_silent_holder_loses_the_job_and_can_finish_nothing() -> None:
    asked = note.later(caller=ANNA, text="late")
    held = claim("elsewhere", None)
    assert held is not None
    now = [0.0]
    watch = Watch(lambda: now[0])
    assert watch.sweep() == 0
    now[0] = 59.0
    assert watch.sweep() == 0
    now[0] = 60.0
    assert watch.sweep() == 1
    assert run_held(held, with_heartbeat=False) is None
    asked.refresh_from_db()
    assert asked.state == JobState.WAITING
    assert drain() == 1


def test_an_old_holder_can_write_nothing_while_the_new_one_works() -> None:
    asked = note.later(caller=ANNA, text="new")
    old = claim("elsewhere", None)
    now = [0.0]
    watch = Watch(lambda: now[0])
    watch.sweep()
    now[0] = 60.0
    watch.sweep()
    new = claim("here", None)
    assert old is not None
    assert new is not None
    assert not beat(old, done=99)
    with transaction.atomic(), pytest.raises(LeaseLost):
        lock(old)
    assert not give_back(old, error="late")
    assert not end(old, JobState.DONE, result="late")
    context = JobContext(name="test.note", job_id=asked.pk)
    look(old, context, must_beat=False)
    with pytest.raises(LeaseLost):
        context.progress(1)
    with transaction.atomic():
        lock(new)
    assert run_held(new, with_heartbeat=False) == JobState.DONE
    asked.refresh_from_db()
    assert (asked.result, asked.error, asked.done) == ({"text": "new"}, "", 0)


def test_the_heartbeat_writes_progress_and_hears_of_a_cancellation() -> None:
    asked = note.later(caller=ANNA)
    held = claim("here", None)
    assert held is not None
    context = JobContext(name="test.note", job_id=asked.pk)
    context.progress(3, 10, "three\x00")
    assert look(held, context, must_beat=False)
    assert not look(held, context, must_beat=False)
    assert look(held, context, must_beat=True)
    asked.refresh_from_db()
    assert (asked.done, asked.total, asked.message, asked.beat) == (3, 10, "three�", 2)
    asked.cancel(by=ANNA)
    context.check()
    look(held, context, must_beat=False)
    with pytest.raises(Cancelled):
        context.check()


def test_holding_without_a_transaction_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    note.later(caller=ANNA)
    held = claim("here", None)
    assert held is not None
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(RuntimeError, match="transaction"):
            lock(held)


def test_a_holder_on_this_machine_is_gone_when_its_process_is_and_not_before() -> None:
    me = own_name()
    assert not is_surely_gone(me)
    place, pid, start, nonce = me.split("|")
    assert is_surely_gone(f"{place}|{pid}|{int(start) + 1}|{nonce}")
    assert is_surely_gone(f"{place}|{2**30}|{start}|{nonce}")
    for unknown in ("", "elsewhere", f"other|{pid}|{int(start) + 1}|x", f"{place}|?|?|x", f"{place}|x|1|x"):
        assert not is_surely_gone(unknown)


def test_a_holder_who_beats_keeps_the_job_however_long_it_takes() -> None:
    note.later(caller=ANNA)
    assert claim("elsewhere", None) is not None
    now = [0.0]
    watch = Watch(lambda: now[0])
    for beats in range(10):
        Job.objects.update(beat=beats)
        now[0] += 59.0
        assert watch.sweep() == 0
