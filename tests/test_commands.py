"""What the commands tell is what the API tells, and people can read it."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from helhet.documents.actions import create_document, edit_minor, publish, save_draft
from helhet.documents.actions.remarks import remark
from helhet.documents.actions.reporting import report
from helhet.documents.command_document import DocumentCommand
from helhet.documents.models import Document, Draft, DraftState
from helhet.groups.answering import assign_by_hand
from helhet.handbook.actions import begin_part, contradict, rule_out
from helhet.handbook.command_handbook import ServiceCommand
from helhet.items.models import Item
from helhet.kit.command import Output
from helhet.kit.errors import Invalid, NotFound
from helhet.routines.command import RoutineCommand
from helhet.routines.command_day import AlertsCommand, DayCommand
from helhet.routines.models import Alert, Handover, Occurrence, OperationalTask, Run, RunStep
from helhet.routines.tests.written import make_routine
from helhet.search.command import SearchCommand
from helhet.search.indexing import index_all
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def said(command: Any, *arguments: str, code: int = 0, language: str = "sv") -> str:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    out = io.StringIO()
    with translation.override(language):
        assert command.run(parser.parse_args(arguments), Output(as_json=False, stdout=out, stderr=out)) == code
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


def told(command: Any, *arguments: str, code: int = 0) -> Any:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    out = io.StringIO()
    with translation.override("sv"):
        assert command.run(parser.parse_args(arguments), Output(as_json=True, stdout=out)) == code
    # Both are the same instant in ISO 8601.
    return json.loads(out.getvalue().replace('+00:00"', 'Z"'))


def answered(cast: Cast, address: str) -> Any:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(cast.administrator)
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def written(cast: Cast) -> Document:
    """A document in edition 2.1, with a remark and a report."""
    made = create_document(by=as_caller(cast.member), sort="policy", title="Lås", text="Byt lås var 90:e dag.")
    publish(made.address, by=as_caller(cast.chair), version=1)
    draft = save_draft(made.address, by=as_caller(cast.member), version=0, text="Byt alla lås var 60:e dag.")
    publish(made.address, by=as_caller(cast.chair), version=draft.version)
    made.refresh_from_db()
    edit_minor(made.address, by=as_caller(cast.member), version=made.version, text="Byt alla lås var 60:e dag!")
    remark(made.address, by=as_caller(cast.reader), text="Är 60 rätt?", quote="60:e dag")
    report(made.address, by=as_caller(cast.reader), sort="wrong", text="Det är 30")
    made.refresh_from_db()
    return made


def test_a_document_is_told_with_its_doubts_remarks_and_editions(cast: Cast) -> None:
    made = written(cast)
    data = told(DocumentCommand(), made.address)
    assert {name: data[name] for name in answered(cast, f"documents/{made.address}")} == answered(
        cast, f"documents/{made.address}"
    )
    assert [one["number"] for one in data["editions"]] == ["2.1", "2", "1"]
    text = said(DocumentCommand(), made.address)
    for words in ("kontroll behövs", "Det är 30", "Är 60 rätt?", "2.1", f"godkänt av {cast.chair}"):
        assert words in text


def test_a_draft_is_told_as_on_its_page(cast: Cast) -> None:
    made = written(cast)
    draft = save_draft(made.address, by=as_caller(cast.member), version=0, text="Byt aldrig lås.")
    assert f"  Skrivs av {draft.writers[0]}." in said(DocumentCommand(), made.address)
    Draft.objects.filter(document=made).update(writers=[], note="Hämtad ur pärmen")
    assert "  Hämtad ur pärmen\n" in said(DocumentCommand(), made.address)
    Draft.objects.filter(document=made).update(state=DraftState.APPROVED)
    assert "  Skrivet av ingen. " in said(DocumentCommand(), made.address)


def test_two_editions_are_compared_word_by_word(cast: Cast) -> None:
    made = written(cast)
    for pair in (("1", "2"), ("2.1", "1")):
        asked = f"documents/{made.address}/compare?before={pair[0]}&after={pair[1]}"
        assert told(DocumentCommand(), made.address, "--compare", *pair) == answered(cast, asked)
    text = said(DocumentCommand(), made.address, "--compare", "1", "2")
    assert text == "Byt {+alla +}lås var [-90-]{+60+}:e dag.\n"
    assert said(DocumentCommand(), made.address, "--compare", "2", "2") == "Båda säger detsamma.\n"
    with pytest.raises(NotFound):
        said(DocumentCommand(), made.address, "--compare", "1", "9")


def service(cast: Cast) -> Item:
    item = make_item("Vårdjournal", kind="business_service")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    begun = begin_part(item.reference, "description", by=as_caller(cast.member))
    draft = save_draft(begun.address, by=as_caller(cast.member), version=1, text="Journalen")
    publish(begun.address, by=as_caller(cast.chair), version=draft.version)
    report(begun.address, by=as_caller(cast.reader), sort="wrong", text="Den heter annat")
    rule_out(item.reference, "orders", by=as_caller(cast.chair), reason="Ingen beställer den")
    contradict(item.reference, by=as_caller(cast.reader), text="Numret går inte fram", part="support")
    return item


def test_a_service_is_told_with_its_parts_and_whether_it_can_be_run(cast: Cast) -> None:
    item = service(cast)
    assert told(ServiceCommand(), item.reference) == answered(cast, f"services/{item.reference}")
    text = said(ServiceCommand(), item.reference)
    for words in ("Kontroll behövs", "Den heter annat", "Ingen beställer den", "Saknas", "Numret går inte fram",
                  "Driften kan inte sköta den"):  # fmt: skip
        assert words in text


def test_a_routine_is_told_with_its_steps_and_what_its_runs_show(cast: Cast) -> None:
    routine = make_routine(group=cast.group, expected_minutes=20)
    reference, server = routine.document.item.reference, make_item("Server")
    run = Run.objects.create(
        key="korning-1", routine=routine, of_version=routine.document.published, by="Bo", item=server, minutes=25,
        outcome="deviations", ended_at=timezone.now(), is_exercise=True,
    )  # fmt: skip
    RunStep.objects.create(run=run, key="svar-0001", step="note", state="skipped", by="Bo")
    data = told(RoutineCommand(), reference)
    assert data["evidence"] == answered(cast, f"routines/{reference}/evidence")
    assert {name: data[name] for name in data if name != "evidence"} == answered(cast, f"routines/{reference}")
    assert "Ingen har kört den." in said(RoutineCommand(), make_routine("En till").document.item.reference)
    text = said(RoutineCommand(), reference)
    for words in ("2. Läs köns längd", "bara när svaret på", "får hoppas över", "Den har använts 1 gång.",
                  "25 min i medeltal, 20 beräknade", "Bo (1)",
                  f"Server {server.reference} (1)", "Skriv vad du såg (1)"):  # fmt: skip
        assert words in text


def test_what_is_found_is_what_the_api_finds_and_nothing_ends_with_1(cast: Cast) -> None:
    item, routine = make_item("Motorn"), make_routine(group=cast.group, symptoms="det går trögt")
    index_all()
    for arguments, asked in (
        (("trögt",), "q=trögt"), (("omstart", "motorn", "--noun", "document"), "q=omstart motorn&noun=document"),
        (("motorn", "--limit", "1", "--through", item.reference), f"q=motorn&limit=1&through={item.reference}"),
    ):  # fmt: skip
        assert told(SearchCommand(), *arguments) == answered(cast, f"search?{asked}")
    assert f"{routine.document.item.reference}  Omstart av motorn" in said(SearchCommand(), "trögt")
    assert "det går [trögt]" in said(SearchCommand(), "trögt")
    assert said(SearchCommand(), "zzzz", code=1) == "Inget hittades.\n"
    for wrong in (("x", "--noun", "bil"), ("x", "--limit", "0")):
        with pytest.raises(Invalid):
            said(SearchCommand(), *wrong)


def test_the_day_is_told_with_what_is_late_and_the_groups_notes(cast: Cast) -> None:
    today, item = timezone.localdate(), make_item("Server")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    task = OperationalTask.objects.create(
        title="Läs loggen", item=item, group=cast.group, rule="FREQ=DAILY", first_on=DAY
    )
    for day in (today - dt.timedelta(days=1), today):
        Occurrence.objects.create(task=task, rule_on=day, due_on=day)
    Handover.objects.create(group=cast.group, text="Håll koll på norra hallen", by="Bo")
    data = told(DayCommand(), "--group", cast.group.reference)
    assert (data["late_count"], data["now_count"], len(data["late"]), len(data["now"])) == (1, 1, 1, 1)
    assert data["late"] + data["now"] == answered(cast, "occurrences")["items"]
    assert data["notes"] == answered(cast, "handovers")["items"]
    text = said(DayCommand(), "--group", cast.group.reference)
    assert "1 är försenad, 1 ska göras i dag." in text
    assert "Håll koll på norra hallen" in text
    assert "Läs loggen" in said(DayCommand())


def test_alerts_are_listed_and_those_without_a_routine_alone(cast: Cast) -> None:
    routine = make_routine(group=cast.group)
    for name, tied, resolved in (("Känt", routine, None), ("Okänt", None, None), ("Borta", None, timezone.now())):
        Alert.objects.create(
            sender="grafana", fingerprint=name, name=name, routine=tied, labels={}, annotations={},
            began_at=timezone.now(), told_began_at=timezone.now(), told_at=timezone.now(), resolved_at=resolved,
        )  # fmt: skip
    for arguments, asked in ((), ""), (("--unknown",), "unknown=true"), (("--closed",), "open=false"):
        data = told(AlertsCommand(), *arguments)
        assert data["items"] == answered(cast, f"alerts?{asked}")["items"]
    text = said(AlertsCommand())
    assert (routine.document.item.reference in text, "ingen rutin" in text, "Borta" in text) == (True, True, False)
