"""Asking for jobs, and how a job ends."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.db.models import JSONField, Value
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.errors import Clash, Forbidden, Invalid
from helhet.kit.jobs import JobContext, UnknownJob, job, tidy_jobs
from helhet.kit.jobs.lease import Watch, claim
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.registry import require
from helhet.kit.jobs.runner import run_held, wait_before
from helhet.kit.jobs.view_data import job_panel
from helhet.kit.jobs.worker import drain
from helhet.kit.rights import Caller, Level

ANNA = Caller(user_id=1, name="Anna", level=Level.READER)
BO = Caller(user_id=2, name="Bo", level=Level.READER)

ran: list[tuple[object, ...]] = []


class Overseer(Caller):
    """May do everything, without the policy that higher rooms bind."""

    def may(self, permission: str, thing: object = None) -> bool:  # noqa: ARG002 - Caller's shape
        return True


OVERSEER = Overseer(user_id=3, name="Ove", level=Level.ADMINISTRATOR)


@job(name="test.note", title="Take a note")
def note(context: JobContext, text: str = "", number: int = 0) -> dict[str, object]:
    ran.append((text, number, context.caller_id, context.attempt))
    context.progress(number, 10, text)
    return {"text": text}


@job(name="test.stumble", max_tries=3, backoff=0.0)
def stumble(context: JobContext, times: int) -> str:
    ran.append(("stumble", context.attempt))
    if context.attempt <= times:
        raise OSError(f"fell at {context.attempt} \x00")
    return "up"


@job(name="test.slow_retry", max_tries=2, backoff=600.0)
def slow_retry(_context: JobContext) -> None:
    raise OSError("not yet")


@job(name="test.refuse")
def refuse(_context: JobContext) -> None:
    raise Invalid("The file has no rows.", todo="Choose another file.")


@job(name="test.give_date")
def give_date(_context: JobContext) -> object:
    return datetime(2026, 1, 1, tzinfo=UTC)


@job(name="test.stop_midway")
def stop_midway(context: JobContext, how: str) -> None:
    if how == "cancel":
        Job.objects.get(pk=context.job_id or 0).cancel(by=ANNA)
        context.cancel_asked.set()
    elif how == "stop":
        context.stopping.set()
    context.check()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    ran.clear()


pytestmark = pytest.mark.django_db


def test_a_job_runs_later_with_its_arguments_and_keeps_its_result() -> None:
    asked = note.later(caller=ANNA, text="hello", number=3)
    assert asked.state == JobState.WAITING
    assert ran == []
    assert drain() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.done, asked.total) == (JobState.DONE, {"text": "hello"}, 3, 10)
    assert ran == [("hello", 3, 1, 1)]
    assert asked.started_at is not None
    assert asked.finished_at is not None
    assert asked.finished_at >= asked.started_at >= asked.created_at


def test_the_task_row_of_the_stock_backend_follows_the_job() -> None:
    asked = note.later(caller=ANNA, text="x")
    row = DBTaskResult.objects.get(pk=asked.task_id)
    assert row.status == TaskResultStatus.READY
    assert row.task_path == "helhet.kit.jobs.carrier.perform"
    drain()
    row.refresh_from_db()
    assert (row.status, row.return_value) == (TaskResultStatus.SUCCESSFUL, {"text": "x"})


def test_a_worker_of_the_stock_backend_runs_the_job_once() -> None:
    asked = note.later(caller=ANNA, text="stock")
    DBTaskResult.objects.get(pk=asked.task_id).task.call(asked.pk)
    DBTaskResult.objects.get(pk=asked.task_id).task.call(asked.pk)
    assert len(ran) == 1
    asked.refresh_from_db()
    assert asked.state == JobState.DONE


def test_asking_rolls_back_with_the_callers_transaction() -> None:
    def ask_and_fail() -> None:
        with transaction.atomic():
            note.later(caller=ANNA, text="never")
            raise KeyError

    with pytest.raises(KeyError):
        ask_and_fail()
    assert Job.objects.count() == DBTaskResult.objects.count() == 0


def test_now_runs_inline_as_the_caller_and_leaves_no_row() -> None:
    reports: list[tuple[int, int | None, str]] = []
    result = note.now(caller=ANNA, report=lambda *told: reports.append(told), text="at once", number=2)
    assert result == {"text": "at once"}
    assert reports == [(2, 10, "at once")]
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    "bad", [("a", "b"), datetime(2026, 1, 1, tzinfo=UTC), float("nan"), {1: 2}, "a\x00b", "\ud800", {1}]
)
def test_arguments_that_json_does_not_carry_are_refused(bad: object) -> None:
    with pytest.raises(TypeError, match=r"test\.note"):
        note.later(caller=ANNA, text=bad)
    assert Job.objects.count() == 0


def test_arguments_that_do_not_fit_the_function_are_refused_when_asked() -> None:
    with pytest.raises(TypeError):
        note.later(caller=ANNA, colour="red")


def test_jobs_run_by_priority_and_then_in_the_order_asked_for() -> None:
    for number in range(3):
        note.later(caller=ANNA, text="low", number=number)
    note.later(caller=ANNA, text="high", priority=5)
    drain()
    assert [(text, number) for text, number, *_ in ran] == [("high", 0), ("low", 0), ("low", 1), ("low", 2)]


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


def test_a_failing_job_is_tried_again_until_it_succeeds() -> None:
    asked = stumble.later(caller=ANNA, times=2)
    assert drain() == 3
    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.tries, asked.error) == (JobState.DONE, "up", 3, "")


def test_a_job_that_fails_at_every_try_is_dead_with_its_error_and_can_be_run_again() -> None:
    asked = stumble.later(caller=ANNA, times=3)
    drain()
    asked.refresh_from_db()
    assert (asked.state, asked.tries) == (JobState.DEAD, 3)
    assert asked.error == "fell at 3 �"
    assert "OSError" in asked.trace
    assert DBTaskResult.objects.get(pk=asked.task_id).status == TaskResultStatus.FAILED
    asked.run_again(by=ANNA)
    assert (asked.state, asked.tries) == (JobState.WAITING, 0)
    with pytest.raises(Clash):
        asked.run_again(by=ANNA)


def test_a_retry_waits_before_it_runs_but_not_for_a_clock_that_was_set_back() -> None:
    asked = slow_retry.later(caller=ANNA)
    drain()
    asked.refresh_from_db()
    assert asked.state == JobState.WAITING
    assert asked.waits_until_at is not None
    assert asked.waits_from_at is not None
    assert 300 <= (asked.waits_until_at - asked.waits_from_at).total_seconds() <= 600
    assert drain() == 0
    Job.objects.update(
        waits_from_at=datetime(2100, 1, 1, tzinfo=UTC), waits_until_at=datetime(2100, 1, 1, 1, tzinfo=UTC)
    )
    assert drain() == 1


def test_a_refusal_is_not_tried_again() -> None:
    asked = refuse.later(caller=ANNA)
    assert drain() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.error) == (JobState.FAILED, "The file has no rows. Choose another file.")


def test_a_result_that_json_does_not_carry_is_an_error() -> None:
    asked = give_date.later(caller=ANNA)
    Job.objects.update(max_tries=1)
    drain()
    asked.refresh_from_db()
    assert asked.state == JobState.DEAD
    assert "plain JSON" in asked.error


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_at_its_next_check() -> None:
    waiting = note.later(caller=ANNA, text="no")
    waiting.cancel(by=ANNA)
    assert waiting.state == JobState.CANCELLED
    running = stop_midway.later(caller=ANNA, how="cancel")
    assert drain() == 1
    running.refresh_from_db()
    assert running.state == JobState.CANCELLED
    assert ran == []
    with pytest.raises(Clash):
        running.cancel(by=ANNA)


def test_a_job_given_back_by_a_stopping_worker_has_lost_no_try() -> None:
    asked = stop_midway.later(caller=ANNA, how="stop")
    held = claim("me", None)
    assert held is not None
    stopping = threading.Event()
    assert run_held(held, stopping=stopping, with_heartbeat=False) == JobState.WAITING
    asked.refresh_from_db()
    assert (asked.state, asked.tries, asked.waits_until_at) == (JobState.WAITING, 0, None)


def test_people_see_and_steer_their_own_jobs_and_only_overseers_those_of_others() -> None:
    mine = note.later(caller=ANNA)
    note.later(caller=BO)
    system = note.later(caller=None)
    assert list(Job.objects.visible_to(ANNA)) == [mine]
    assert Job.objects.visible_to(OVERSEER).count() == 3
    assert not Job.objects.visible_to(Caller()).exists()
    for steer in (system.cancel, system.run_again):
        with pytest.raises(Forbidden):
            steer(by=ANNA)
        with pytest.raises(Forbidden):
            steer(by=Caller())
    system.cancel(by=OVERSEER)
    assert system.state == JobState.CANCELLED


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
    assert "2 tries" in asked.error


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


def test_a_holder_who_beats_keeps_the_job_however_long_it_takes() -> None:
    note.later(caller=ANNA)
    assert claim("elsewhere", None) is not None
    now = [0.0]
    watch = Watch(lambda: now[0])
    for beat in range(10):
        Job.objects.update(beat=beat)
        now[0] += 59.0
        assert watch.sweep() == 0


def test_the_panel_shows_how_far_a_job_has_come() -> None:
    asked = note.later(caller=ANNA)
    assert job_panel(asked)["title"] == "Take a note"
    at = datetime(2026, 1, 1, tzinfo=UTC)
    asked.state, asked.done, asked.total, asked.rate, asked.progressed_at = JobState.RUNNING, 250, 1000, 50.0, at
    panel = job_panel(asked)
    assert (panel["percent"], panel["rate"]) == (25, 50.0)
    assert panel["eta_at"] == datetime(2026, 1, 1, 0, 0, 15, tzinfo=UTC)
    asked.state = JobState.DEAD
    assert (job_panel(asked)["state"], job_panel(asked)["is_dead"]) == ("failed", True)


def test_old_jobs_are_cleared_away_but_not_dead_ones() -> None:
    old, slot, dead, young = (note.later(caller=ANNA) for _ in range(4))
    drain()
    ago = datetime(2020, 1, 1, tzinfo=UTC)
    Job.objects.filter(pk__in=[old.pk, slot.pk, dead.pk]).update(finished_at=ago)
    Job.objects.filter(pk=slot.pk).update(due_at=ago)
    Job.objects.filter(pk=dead.pk).update(state=JobState.DEAD)
    assert DBTaskResult.objects.count() == 4
    assert tidy_jobs.now(caller=OVERSEER) == 2
    assert set(Job.objects.all()) == {dead, young}
    assert DBTaskResult.objects.count() == 2


def test_a_timetable_with_unknown_names_fails_loudly() -> None:
    require(["test.note"])
    with pytest.raises(UnknownJob, match=r"nobody\.knows"):
        require(["test.note", "nobody.knows"])


@given(st.integers(1, 10_000), st.floats(0.1, 100), st.floats(0, 1))
def test_the_wait_grows_is_spread_and_never_exceeds_an_hour(tries: int, base: float, chance: float) -> None:
    wait = wait_before(tries, base, chance)
    assert 0 < wait <= 3600
    assert wait_before(tries, base, 0) <= wait <= 2 * wait_before(tries, base, 0) + 1e-6
    assert wait_before(tries + 1, base, chance) >= wait
