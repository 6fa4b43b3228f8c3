"""Routines and runs in the pages, without script."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helhet.documents.actions import set_audiences
from helhet.documents.models import Audience, Document
from helhet.groups.models import Task
from helhet.items.actions import change_item
from helhet.routines.actions import begin_run, end_run
from helhet.routines.models import OperationalTask, Routine, Run, RunStep
from helhet.routines.operation_words import how
from helhet.routines.tests.written import make_routine
from helhet.routines.views import evidence
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def reader(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.reader)
    return client


def test_a_routine_is_run_by_plain_forms_and_a_failed_run_shows_its_task(cast: Cast, reader: Client) -> None:
    routine = make_routine(group=cast.group)
    address = routine.get_absolute_url()
    page = reader.get(address).content.decode()
    assert "Meddela servicedesk" in page
    assert "Bara när svaret på ”Läs köns längd” är över 10" in page
    answer: Any = reader.post(f"{address}run/", {"key": "nyckel-1"}, follow=True)
    run = Run.objects.get()
    assert "Steg 1 av 4" in answer.content.decode()
    to = f"/runs/{run.pk}/answers/"
    for step, value in (("check", ""), ("queue", "12,5")):
        sent = {"key": f"nyckel-{step}", "step": step, "state": "done", "value": value}
        answer = reader.post(to, sent, follow=True)
    assert "Steg 3 av 5" in answer.content.decode()
    refused = reader.post(f"/runs/{run.pk}/end/", {"outcome": "worked"})
    assert refused.status_code == 409
    assert "Obligatoriska steg saknar svar: Vänta, Meddela servicedesk." in refused.content.decode()
    answer = reader.post(
        f"/runs/{run.pk}/end/", {"outcome": "failed", "note": "Kön står still", "cost": "12,50"}, follow=True
    )
    assert f"/tasks/{Task.objects.get().pk}/" in answer.content.decode()
    library = reader.get("/routines/").content.decode()
    assert "osäker" in library
    assert "/documents/new/?sort=routine" not in library
    writer = Client()
    writer.force_login(cast.member)
    assert "/documents/new/?sort=routine" in writer.get("/routines/").content.decode()


def test_the_first_button_of_a_routine_runs_it(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    writer = Client()
    writer.force_login(cast.member)
    acts = writer.get(routine.get_absolute_url()).content.decode().partition('<div class="hh-acts">')[2]
    assert acts.startswith(f'<form method="post" action="{routine.get_absolute_url()}run/">')
    assert acts.index("Kör rutinen") < acts.index("Fel i rutinen") < acts.index("Text och utgåvor")


def test_what_a_phone_sends_is_answered_in_a_few_words_and_refused_in_json(cast: Cast, reader: Client) -> None:
    run = begin_run(make_routine(), by=as_caller(cast.reader), key="nyckel-1")
    sent = {"key": "nyckel-2", "step": "check", "state": "done", "said_at": "2026-11-17T13:41:00Z"}
    for _time in range(2):
        answer = reader.post(f"/runs/{run.pk}/answers/", sent, headers={"Accept": "application/json"})
        assert answer.json() == {"run": run.pk, "ended": False, "waits": False, "url": f"/runs/{run.pk}/"}
    assert RunStep.objects.count() == 1
    wrong = reader.post(f"/runs/{run.pk}/answers/", sent | {"key": "nyckel-3", "step": "finns-inte"},
                        headers={"Accept": "application/json"})  # fmt: skip
    assert (wrong.status_code, wrong.json()["message"]) == (422, "Rutinen har inget steg finns-inte.")


def test_who_reads_an_address_that_takes_answers_gets_the_run_and_a_script_never_comes_there_by_signing_in(
    cast: Cast, reader: Client
) -> None:
    run = begin_run(make_routine(), by=as_caller(cast.reader), key="nyckel-1")
    to, page = f"/runs/{run.pk}/answers/", f"/runs/{run.pk}/"
    for address in (to, f"{to}1/choice/", f"{page}end/"):
        assert reader.get(address)["Location"] == page
    assert reader.get(to, SCRIPT_NAME="/helhet")["Location"] == f"/helhet{page}"
    nobody = Client()
    asked = nobody.post(to, {"step": "check", "state": "done"})
    nobody.force_login(cast.reader)
    assert nobody.get(asked["Location"], follow=True).redirect_chain[-1][0] == page
    for method in (Client().post, Client().get):
        told = method(to, headers={"Accept": "application/json"})
        assert (told.status_code, "Location" in told.headers) == ({"post": 401}.get(method.__name__, 405), False)
    assert told.status_code == 405
    assert not RunStep.objects.exists()


def test_the_library_finds_by_symptom_label_and_words_and_narrows_by_proof(reader: Client) -> None:
    one = make_routine("Omstart av motorn", symptoms="Journalen är seg", kind="incident")
    one.labels.create(name="alertname", value="KoFull")
    make_routine("Byt band", uses=3)
    for text in ("seg", "KoFull", "omstart motorn"):
        page = reader.get("/routines/", {"q": text}).content.decode()
        assert "Omstart av motorn" in page
        assert "Byt band" not in page
    assert "Byt band" not in reader.get("/routines/", {"proof": "never"}).content.decode()
    english = reader.get("/routines/", headers={"Accept-Language": "en"}).content.decode()
    assert english.count("Byt band") == 1


def test_a_routine_that_is_not_published_is_not_told_as_never_used(reader: Client) -> None:
    document = make_routine("Byt band", prove_days=None).document
    document.published = None
    document.save()
    assert "Byt band" not in reader.get("/routines/", {"proof": "never"}).content.decode()
    assert "Byt band" not in reader.get("/routines/evidence/").content.decode()
    library = reader.get("/routines/").content.decode()
    assert "inte publicerad" in library
    assert "aldrig använ" not in library


def test_a_hostile_text_in_a_step_runs_no_script(reader: Client) -> None:
    text = "<img src=x onerror=alert(1)> [a](javascript:alert(1))"
    routine = make_routine(steps=[{"id": "x", "title": "</script><script>alert(1)</script>", "text": text}])
    run = begin_run(routine, by=SYSTEM, key="nyckel-1")
    for address in (routine.get_absolute_url(), run.get_absolute_url()):
        page = reader.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_the_worker_stands_above_the_runs(reader: Client) -> None:
    answer = reader.get("/runs/worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")


def test_a_routine_that_nobody_described_can_be_run_and_is_one_then(reader: Client) -> None:
    routine = make_routine()
    document = routine.document
    Routine.objects.all().delete()
    reader.post(f"/routines/{document.item.reference}/run/", {"key": "nyckel-1"})
    assert Run.objects.get().routine.document == document


@pytest.mark.parametrize("act", ["answers", "end", "abandon"])
def test_what_a_browser_kept_of_another_person_is_not_taken_as_the_callers(
    cast: Cast, reader: Client, act: str
) -> None:
    run = begin_run(make_routine(), by=as_caller(cast.reader), key="nyckel-1")
    sent = {"key": "nyckel-2", "step": "check", "state": "done", "outcome": "failed", "user": str(cast.member.pk)}
    answer = reader.post(f"/runs/{run.pk}/{act}/", sent, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["field"]) == (403, "user")
    run.refresh_from_db()
    assert (run.outcome, RunStep.objects.count()) == ("", 0)
    own = reader.post(f"/runs/{run.pk}/{act}/", {**sent, "user": str(cast.reader.pk)})
    assert own.status_code == 302


def test_of_many_routines_that_were_never_used_the_report_shows_some_and_leads_to_all(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [make_routine(name).document.item.name for name in ("Byt band", "Byt disk")]
    monkeypatch.setattr(evidence, "MOST", 1)
    report = reader.get("/routines/evidence/").content.decode()
    assert [name in report for name in names] == [True, False]
    assert "/routines/?proof=never" in report


def test_a_house_without_routines_is_told_what_belongs_there_and_never_that_all_are_used(reader: Client) -> None:
    assert "/documents/new/?sort=routine" not in reader.get("/routines/").content.decode()
    report = reader.get("/routines/evidence/").content.decode()
    assert "Ingen rutin finns här." in report
    assert "Alla har använts." not in report
    assert "Hitta en rutin att köra" in reader.get("/runs/").content.decode()


def test_the_second_tuesday_of_the_month_is_told_in_words() -> None:
    tuesdays = OperationalTask(rule="FREQ=MONTHLY;BYDAY=2TU", first_on=DAY)
    last = OperationalTask(rule="FREQ=MONTHLY;BYDAY=-1FR", first_on=DAY)
    rare = OperationalTask(rule="FREQ=YEARLY;BYWEEKNO=20", first_on=DAY)
    assert [how(one) for one in (tuesdays, last)] == ["andra tisdagen i månaden", "sista fredagen i månaden"]
    assert how(rare) == "enligt en egen regel: FREQ=YEARLY;BYWEEKNO=20"


def test_a_kept_page_shows_what_happened_since_and_names_what_its_texts_name(
    cast: Cast, reader: Client, django_assert_max_num_queries: Any
) -> None:
    server = make_item("JM-APP-2")
    steps = [{"id": "look", "title": "Titta", "text": f"Öppna {server.reference} och SRV-99999."}]
    routine = make_routine(steps=steps)
    address = routine.get_absolute_url()

    def shown() -> str:
        reader.get(address)
        with django_assert_max_num_queries(5):
            return str(reader.get(address).content.decode())

    first = shown()
    assert f'href="{server.get_absolute_url()}"' in first
    assert "JM-APP-2" in first
    run = begin_run(routine, by=as_caller(cast.reader), key="nyckel-1", item=server)
    assert f'href="{run.get_absolute_url()}"' in shown()
    end_run(run.pk, by=as_caller(cast.reader), outcome="failed", note="Den stod still")
    assert "Den stod still" in shown()
    change_item(server.reference, by=SYSTEM, version=server.version, name="JM-APP-3")
    assert "JM-APP-3" in shown()
    assert "JM-APP-2" not in shown()
    cast.reader.language = "en"
    cast.reader.save()
    assert "What its runs show" in shown()
    document, closed = Document.objects.get(pk=routine.pk), Audience.objects.create(key="closed", name_sv="Slutna")
    set_audiences(document.address, by=SYSTEM, version=document.version, audiences=[closed.key])
    assert reader.get(address).status_code == 404
    coordinator = Client()
    coordinator.force_login(cast.coordinator)
    assert coordinator.get(address).status_code == 200
