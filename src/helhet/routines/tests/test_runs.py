"""Runs of routines, by verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from helhet.documents.actions import withdraw
from helhet.documents.models import Doubt, Version
from helhet.groups.models import Task
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale
from helhet.kit.spoken import clock
from helhet.routines.actions import abandon_run, answer_step, begin_run, change_routine, end_run, report_routine, runs
from helhet.routines.actions.routine import labels_of
from helhet.routines.alert_places import routines_of as alert_routines
from helhet.routines.evidence import month_of
from helhet.routines.finding import adopted, find_routine
from helhet.routines.listing import routines_of
from helhet.routines.models import Routine, Run, RunStep
from helhet.routines.reading import run_shown
from helhet.routines.tests.written import make_routine
from tests.world import SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db
KEY = "key-0000"


def say(run: Run, step: str, state: str = "done", value: str = "", **more: Any) -> RunStep:
    return answer_step(run.pk, by=SYSTEM, key=f"{step}-{RunStep.objects.count():08}", step=step, state=state,
                       value=value, **more)  # fmt: skip


def begun(**more: Any) -> Run:
    return begin_run(make_routine(**more), by=SYSTEM, key=KEY)


def test_beginning_twice_with_one_key_is_one_run_which_keeps_its_version_and_says_so() -> None:
    routine = make_routine()
    server = make_item("JM-APP-2")
    first = begin_run(routine, by=SYSTEM, key=KEY, item=server)
    document = routine.document
    document.published = Version.objects.create(document=document, major=2, title="Ny", fields={"steps": []})
    document.save()
    again = begin_run(routine, by=SYSTEM, key=KEY, item=server)
    assert again.pk == first.pk
    assert again.of_version.number == "1"
    assert begin_run(routine, by=SYSTEM, key="key-0001").of_version.number == "2"
    assert Event.objects.filter(verb="routines.run.begun").count() == 2
    client = Client()
    client.force_login(Cast().reader)
    shown = [client.get(run.get_absolute_url()).content.decode() for run in Run.objects.order_by("pk")]
    assert ["Den här körningen behåller sin" in page for page in shown] == [True, False]


def test_of_many_steps_that_are_left_a_few_are_named() -> None:
    run = begun(steps=[{"id": f"s{number}", "title": f"Steg {number}"} for number in range(9)])
    with pytest.raises(Clash, match=r"Steg 0, Steg 1, Steg 2, Steg 3, Steg 4 (och|and) 4 (till|more)\."):
        end_run(run.pk, by=SYSTEM, outcome="worked")


def test_two_begins_with_one_key_at_once_are_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    routine = make_routine()
    first: list[Run] = []

    def overtaken(one: Routine) -> Routine:
        monkeypatch.setattr(runs, "adopted", adopted)
        first.append(begin_run(make_again, by=SYSTEM, key=KEY))
        return adopted(one)

    Routine.objects.all().delete()
    routine, make_again = (find_routine(routine.document.item.reference, SYSTEM) for _n in range(2))
    monkeypatch.setattr(runs, "adopted", overtaken)
    assert begin_run(routine, by=SYSTEM, key=KEY) == first[0] == Run.objects.get()
    assert Event.objects.filter(verb="routines.run.begun").count() == 1


def test_a_key_of_another_persons_run_or_answer_is_refused() -> None:
    cast = Cast()
    routine = make_routine(group=cast.group)
    run = begin_run(routine, by=as_caller(cast.member), key=KEY)
    with pytest.raises(Invalid) as refused:
        begin_run(routine, by=as_caller(cast.chair), key=KEY)
    assert str(run.pk) not in f"{refused.value.message} {refused.value.todo}"
    answer_step(run.pk, by=as_caller(cast.member), key="svar-0001", step="check", state="done")
    for user, step in ((cast.chair, "check"), (cast.member, "queue")):
        with pytest.raises(Invalid):
            answer_step(run.pk, by=as_caller(user), key="svar-0001", step=step, state="done", value="1")


def test_an_answer_sent_twice_is_one_and_the_clock_is_the_servers() -> None:
    run = begun()
    said_at = timezone.now() - dt.timedelta(hours=1)
    before = timezone.now()
    for _time in range(3):
        row = answer_step(run.pk, by=SYSTEM, key="svar-0001", step="check", state="done", said_at=said_at)
    assert RunStep.objects.count() == 1
    assert (row.said_at, row.at >= before, row.by) == (said_at, True, "test")
    (shown,) = run_shown(run, SYSTEM).done
    assert shown.words.startswith(clock(row.at))
    assert shown.words.endswith(clock(said_at))


@pytest.mark.parametrize(("said", "told"), [
    ("9999-12-31T23:59:59Z", None), ("0001-01-01T00:00:00+14:00", None), ("9999-12-31T23:59:59-14:00", None),
    ("1970-01-01T12:00:00Z", "1 jan 1970"), ("2099-06-01T12:00:00Z", "1 juni 2099"),
])  # fmt: skip
def test_a_phone_whose_clock_is_wrong_is_answered_and_the_page_says_which_day_it_meant(
    said: str, told: str | None
) -> None:
    cast = Cast()
    run = begin_run(make_routine(group=cast.group), by=as_caller(cast.member), key=KEY)
    client = Client()
    client.force_login(cast.member)
    sent = {"key": "svar-0001", "step": "check", "state": "done", "said_at": said}
    assert client.post(f"/runs/{run.pk}/answers/", sent, headers={"Accept": "application/json"}).status_code == 200
    again = client.post(f"/api/v1/runs/{run.pk}/answers", sent | {"key": "svar-0002", "step": "tell"},
                        content_type="application/json")  # fmt: skip
    assert again.status_code == 201
    page = client.get(run.get_absolute_url())
    assert page.status_code == 200
    (row,) = run_shown(run, SYSTEM).done[:1]
    assert (told is None) == (row.said is not None and row.said.said_at is None)
    assert told is None or told in page.content.decode().replace("\xa0", " ")


def test_a_run_that_worked_proves_the_routine_and_one_left_half_way_does_not_end_so() -> None:
    run = begun()
    say(run, "check")
    with pytest.raises(Clash, match="Läs köns längd"):
        end_run(run.pk, by=SYSTEM, outcome="worked")
    say(run, "queue", value="5")
    say(run, "note", "skipped")
    say(run, "tell")
    for _time in range(2):
        end_run(run.pk, by=SYSTEM, outcome="worked", tickets=["INC-1", " INC-1 "], minutes=7)
    routine = Routine.objects.get()
    assert (routine.uses, routine.last_proven_on) == (1, timezone.localdate())
    ended = Run.objects.get()
    assert (ended.tickets, ended.minutes) == (["INC-1"], 7)
    with pytest.raises(Clash):
        say(run, "tell")


def test_a_failed_run_is_a_task_of_the_owning_group_and_a_doubt_of_the_text() -> None:
    cast = Cast()
    run = begun(group=cast.group)
    say(run, "check", "failed", note="Inget larm")
    end_run(run.pk, by=as_caller(cast.member), outcome="failed", note="Larmet fanns inte")
    task, doubt = Task.objects.get(), Doubt.objects.get()
    assert (task.group, task.origin, task.origin_id, task.text) == (cast.group, "run", run.pk, "Larmet fanns inte")
    assert (doubt.cause, doubt.task) == ("failed", task)
    assert doubt.document.is_doubtful
    assert Routine.objects.get().last_proven_on is None


def test_what_is_said_of_a_routine_for_few_stands_with_its_doubt_and_not_in_the_task() -> None:
    cast = Cast()
    routine = make_routine(group=cast.group)
    routine.document.read_by.all().delete()
    run = begin_run(routine, by=as_caller(cast.member), key=KEY)
    end_run(run.pk, by=as_caller(cast.member), outcome="failed", note="Lösenordet gick ut")
    report_routine(routine.document.item.reference, by=as_caller(cast.member), text="Fel lösenord", step="Kontroll")
    assert [task.group for task in Task.objects.all()] == [cast.group, cast.group]
    assert not any("ösenord" in f"{task.title} {task.text}" for task in Task.objects.all())
    assert sum("ösenord" in doubt.text for doubt in Doubt.objects.all()) == 2
    assert Event.objects.filter(verb="documents.document.reported").count() == 1


def test_a_failed_run_of_a_routine_that_nobody_answers_for_goes_to_the_management_team() -> None:
    cast = Cast()
    run = begun()
    end_run(run.pk, by=SYSTEM, outcome="failed")
    assert Task.objects.get().group == cast.team


def test_what_does_not_apply_and_what_waits_for_a_stop_is_refused() -> None:
    run = begun(steps=[
        {"id": "ask", "title": "Stopp", "input": "choice", "options": ["ja", "nej"], "stop": True},
        {"id": "go", "title": "Gå vidare", "when": {"step": "ask", "value": "ja"}},
        {"id": "last", "title": "Sist"},
    ])  # fmt: skip
    with pytest.raises(Clash):
        say(run, "go")
    with pytest.raises(Clash):
        say(run, "last")
    with pytest.raises(Invalid):
        say(run, "ask", value="kanske")
    say(run, "ask", value="nej")
    with pytest.raises(Clash):
        say(run, "go")
    say(run, "last")


def test_an_approval_is_given_by_another_person() -> None:
    cast = Cast()
    routine = make_routine(steps=[{"id": "ok", "title": "Godkänn omstart", "approval": True, "role": "Jour"}])
    run = begin_run(routine, by=as_caller(cast.reader), key=KEY)
    with pytest.raises(Forbidden):
        answer_step(run.pk, by=as_caller(cast.reader), key="egen-0001", step="ok", state="approved")
    row = answer_step(run.pk, by=as_caller(cast.member), key="annan-001", step="ok", state="approved")
    assert row.state == "approved"


def test_a_photo_is_kept_as_a_file_and_a_reader_may_send_it(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path
    cast = Cast()
    routine = make_routine(group=cast.group, steps=[{"id": "foto", "title": "Fotografera", "input": "photo"}])
    run = begin_run(routine, by=as_caller(cast.reader), key=KEY)
    with pytest.raises(Invalid):
        say(run, "foto")
    photo = SimpleUploadedFile("rack.png", b"\x89PNG\r\n\x1a\n0")
    row = answer_step(run.pk, by=as_caller(cast.reader), key="foto-0001", step="foto", state="done", photo=photo)
    assert row.photo is not None
    assert (row.photo.content_type, row.value) == ("image/png", "rack.png")


def test_an_abandoned_run_proves_nothing_and_counts_as_no_use() -> None:
    run = begun()
    abandon_run(run.pk, by=SYSTEM, note="Larmet gick över")
    abandon_run(run.pk, by=SYSTEM)
    assert Run.objects.get().note == "Larmet gick över"
    assert Routine.objects.get().uses == 0


def test_a_withdrawn_routine_is_not_offered_and_its_runs_can_be_read() -> None:
    cast = Cast()
    routine = make_routine(group=cast.group)
    routine.labels.create(name="alertname", value="KoFull")
    reference = routine.document.item.reference
    run = begin_run(routine, by=as_caller(cast.member), key=KEY)
    withdraw(reference, by=SYSTEM, version=routine.document.version, reason="Ersatt")
    client = Client()
    client.force_login(cast.member)
    with pytest.raises(Clash):
        begin_run(find_routine(reference, SYSTEM), by=SYSTEM, key="key-0001")
    assert begin_run(find_routine(reference, SYSTEM), by=as_caller(cast.member), key=KEY).pk == run.pk
    asking = [({"alertname": "KoFull"}, {}), ({}, {"runbook_url": f"/routines/{reference}/"})]
    assert alert_routines(asking) == [None, None]
    assert list(routines_of(SYSTEM)) == []
    assert f"/routines/{reference}/run/" not in client.get(f"/routines/{reference}/").content.decode()
    end_run(run.pk, by=as_caller(cast.member), outcome="failed", note="Fel")
    assert client.get(run.get_absolute_url()).status_code == 200
    report = month_of(SYSTEM, timezone.localdate().replace(day=1))
    assert (report.sums["routines"], report.sums["failed"], report.sums["doubtful"]) == (1, 1, 0)


def test_a_routine_of_another_audience_is_neither_found_nor_run() -> None:
    cast = Cast()
    routine = make_routine(group=cast.group)
    routine.document.read_by.all().delete()
    run = begin_run(routine, by=as_caller(cast.member), key=KEY)
    with pytest.raises(NotFound):
        answer_step(run.pk, by=as_caller(cast.other), key="annan-001", step="check", state="done")


def test_kind_symptoms_and_labels_are_set_by_the_owning_group_with_one_event() -> None:
    cast = Cast()
    routine = make_routine(group=cast.group)
    ref = routine.document.item.reference
    with pytest.raises(Forbidden):
        change_routine(ref, by=as_caller(cast.other), version=1, kind="incident")
    done = change_routine(
        ref, by=as_caller(cast.member), version=1, kind="incident", symptoms=" Journalen  är seg \n",
        labels=["alertname=KoFull", "service"], prove_days=180,
    )  # fmt: skip
    assert (done.symptoms, labels_of(done)) == ("Journalen är seg", ["alertname=KoFull", "service"])
    with pytest.raises(Stale):
        change_routine(ref, by=SYSTEM, version=1, kind="desk")
    assert Event.objects.filter(verb="routines.routine.changed").count() == 1
