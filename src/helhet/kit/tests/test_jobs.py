"""Asking for jobs, and how a job ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.errors import Clash, Forbidden
from helhet.kit.jobs import UnknownJob, tidy_jobs
from helhet.kit.jobs.models import Job, JobState
from helhet.kit.jobs.registry import require
from helhet.kit.jobs.runner import wait_before
from helhet.kit.jobs.view_data import job_panel
from helhet.kit.jobs.worker import drain
from helhet.kit.rights import Caller, callers_by_user
from helhet.kit.tests.job_world import (
    ANNA,
    BO,
    OVERSEER,
    caller_of,
    give_date,
    note,
    ran,
    refuse,
    slow_retry,
    stop_midway,
    stumble,
)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setattr(callers_by_user, "_loaded", (caller_of,))


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


def test_a_job_whose_asker_may_no_longer_sign_in_is_refused() -> None:
    asked = note.later(caller=Caller(user_id=99), text="gone")
    assert drain() == 1
    asked.refresh_from_db()
    assert asked.state == JobState.FAILED
    assert asked.error
    assert ran == []


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
