"""Whether operations can run a service from what is written, and saying that it cannot."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from helhet.documents.actions import change_document, save_draft, submit_draft
from helhet.documents.actions import publish as publish_draft
from helhet.documents.checking import check_all
from helhet.documents.models import Document, DocumentAudience, Doubt, Draft, Version
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Task, TaskState
from helhet.handbook.actions import begin_part, confirm_part, contradict, rule_out, settle, take_back
from helhet.handbook.editing import part_form
from helhet.handbook.fields import clean
from helhet.handbook.models import Part
from helhet.handbook.ready import NEEDED, answer_of
from helhet.handbook.states import states_of
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale
from helhet.suppliers.actions import add_contact, change_contact, create_supplier
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def service(cast: Cast) -> Item:
    item = make_item("Vårdjournal", kind="business_service")
    assign_by_hand([item.pk], cast.group, by=SYSTEM, on=DAY)
    return item


def publish(item: Item, part: str, rows: list[dict[str, str]] | None = None, text: str = "Text") -> Document:
    document = Document.objects.create(item=item, part=part, sort="documentation")
    fields = clean("documentation", part, {"rows": rows} if rows else {}) or {}
    document.published = Version.objects.create(document=document, major=1, title=part, text=text, fields=fields)
    document.save()
    return document


def test_it_can_be_run_once_the_needed_parts_hold_and_their_routines_are_published(cast: Cast) -> None:
    item, routine = service(cast), make_item("Omstart", kind="routine")
    for part in NEEDED:
        if part != Part.TASKS:
            publish(item, part)
    assert answer_of(item, SYSTEM).ready == "no"
    tasks = publish(item, Part.TASKS, [{"name": "Omstart", "routine": routine.reference}])
    assert "Omstart" in " ".join(answer_of(item, SYSTEM).because)
    publish(routine, "")
    assert answer_of(item, SYSTEM).ready == "yes"
    Document.objects.filter(pk=tasks.pk).update(is_doubtful=True)
    assert answer_of(item, SYSTEM).ready == "doubtful"


def test_a_contradiction_is_a_task_of_the_group_until_it_is_settled(cast: Cast) -> None:
    item = service(cast)
    made = contradict(item.reference, by=as_caller(cast.reader), text="Numret går inte fram", part="support")
    task = Task.objects.get(origin="contradiction", origin_id=made.pk)
    assert (task.group, task.item) == (cast.group, item)
    assert answer_of(item, SYSTEM).contradictions == [made]
    with pytest.raises(Forbidden):
        settle(made.pk, by=as_caller(cast.other), version=1, text="Rättat")
    with pytest.raises(Stale):
        settle(made.pk, by=as_caller(cast.member), version=2, text="Rättat")
    settle(made.pk, by=as_caller(cast.member), version=1, text="Rättat")
    task.refresh_from_db()
    assert (task.state, task.outcome) == (TaskState.DONE, "Rättat")
    assert answer_of(item, SYSTEM).contradictions == []
    verbs = list(Event.objects.filter(noun="item", noun_id=item.pk).values_list("verb", flat=True))
    assert verbs[-2:] == ["handbook.readiness.contradicted", "handbook.readiness.settled"]


def test_without_a_group_the_management_team_gets_the_contradiction(cast: Cast) -> None:
    item = make_item("Herrelös", kind="product")
    contradict(item.reference, by=as_caller(cast.reader), text="Inget stämmer")
    assert Task.objects.get(origin="contradiction").group == cast.team


def test_a_part_is_ruled_out_with_reason_and_name_and_taken_back(cast: Cast) -> None:
    item, member = service(cast), as_caller(cast.member)
    with pytest.raises(Invalid):
        rule_out(item.reference, "orders", by=member, reason=" ")
    made = rule_out(item.reference, "orders", by=member, reason="Inget kan beställas")
    assert (made.reason, made.by) == ("Inget kan beställas", str(cast.member))
    with pytest.raises(Clash):
        rule_out(item.reference, "orders", by=member, reason="Igen")
    take_back(item.reference, "orders", by=member, version=1)
    with pytest.raises(NotFound):
        rule_out(make_item("Server").reference, "orders", by=SYSTEM, reason="Nej")


def test_the_page_shows_each_part_with_its_state_and_what_others_may_not_read_is_closed(cast: Cast) -> None:
    item = service(cast)
    readable, closed = publish(item, "levels", [{"measure": "Svar", "target": "1 h"}]), publish(item, "description")
    from_all = readable.audiences.model.objects.get(key="all")
    DocumentAudience.objects.create(document=readable, audience=from_all)
    Version.objects.filter(pk=closed.published_id).update(text="Hemligt stycke")
    rule_out(item.reference, "orders", by=SYSTEM, reason="Inget kan beställas")
    client = Client()
    client.force_login(cast.reader)
    for address in (f"/services/{item.reference}/", f"/services/{item.reference}/print/"):
        text = client.get(address).text
        assert "Svar" in text
        assert "Inget kan beställas" in text
        assert "Hemligt stycke" not in text
    assert "Vårdjournal" in client.get("/services/?state=missing").text
    assert "Vårdjournal" in client.get("/services/gaps/").text
    assert "Vårdjournal" not in client.get("/services/?state=draft").text
    assert f"/services/{item.reference}/" in client.get(f"/items/{item.reference}/").text
    assert f"/services/{item.reference}/#part-" in client.get(f"/groups/{cast.group.reference}/").text


def test_a_part_is_begun_written_published_turned_by_a_changed_contact_and_still_true(cast: Cast) -> None:
    item, chair = service(cast), as_caller(cast.chair)
    supplier = create_supplier(by=SYSTEM, name="Journal AB")
    jour = add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-777")
    document = begin_part(item.reference, "suppliers", by=chair)
    assert states_of([item.pk])[item.pk]["suppliers"] == "draft"
    rows = {"rows-0-supplier": supplier.item.reference, "rows-0-contacts": str(jour.pk)}
    made = part_form(document, {})
    assert made is not None
    draft = save_draft(document.address, by=chair, version=document.draft.version, fields=made.read(rows))
    submitted = submit_draft(document.address, by=chair, version=draft.version)
    publish_draft(document.address, by=chair, version=submitted.version)
    check_all()
    assert states_of([item.pk])[item.pk]["suppliers"] == "valid"
    change_contact(supplier.item.reference, jour.pk, by=SYSTEM, version=1, phone="08-888")
    check_all()
    assert states_of([item.pk])[item.pk]["suppliers"] == "check"
    client = Client()
    client.force_login(cast.member)
    text = client.get(f"/services/{item.reference}/").text
    assert "08-777" in text
    assert "08-888" in text
    doubt = Doubt.objects.get(document=document)
    document.refresh_from_db()
    sent = {"doubt": doubt.pk, "version": document.version}
    client.post(f"/services/{item.reference}/suppliers/still-true/", sent)
    assert states_of([item.pk])[item.pk]["suppliers"] == "valid"
    doubt.refresh_from_db()
    assert doubt.settled_by == str(cast.member)


def test_of_a_part_that_is_kept_for_others_nothing_is_told_but_its_state(cast: Cast) -> None:
    item, routine = service(cast), make_item("Hemlig omstart", kind="routine")
    closed = publish(item, "support", [{"who": "sven@sjovik.example"}, {"who": "Jouren"}], text="Hemligt stycke")
    tasks = publish(item, "tasks", [{"name": "Omstart", "routine": routine.reference}])
    make_person("Sven Hemlig", email="sven@sjovik.example", ended_on=DAY)
    Document.objects.filter(pk__in=(closed.pk, tasks.pk)).update(
        is_doubtful=True, reviewed_on=dt.date(2031, 1, 1), due_on=dt.date(2032, 1, 1)
    )
    Doubt.objects.create(document=closed, cause="hand", text="Hemlig anledning", before="08-777", after="08-888")
    Draft.objects.create(document=closed, title="Hemligt utkast", writers=["Hemlig Skribent"])
    asked = (
        f"/api/v1/services/{item.reference}", "/api/v1/services", "/api/v1/dependencies/findings",
        f"/services/{item.reference}/", f"/services/{item.reference}/print/", "/services/", f"/items/{item.reference}/",
    )  # fmt: skip
    for user, may in ((cast.reader, False), (cast.member, True)):
        client = Client()
        client.force_login(user)
        told = "".join(client.get(address).text for address in asked)
        secrets = ("Hemligt stycke", "Hemlig anledning", "08-888", "2031", "Hemlig Skribent", "Hemlig omstart",
                   "Sven Hemlig")  # fmt: skip
        assert [one in told for one in secrets] == [may] * len(secrets)
        parts = {one["part"]: one for one in client.get(asked[0]).json()["documentation"]}
        assert parts["support"]["is_closed"] is not may
        assert parts["support"]["state"] == "check"
        assert client.get(asked[0]).json()["drafts"] == (["support"] if may else [])
        (listed,) = client.get(asked[1]).json()["items"]
        assert listed["drafts"] == (["support"] if may else [])


def test_a_part_past_its_last_day_is_not_said_to_be_still_true_but_given_a_new_one(cast: Cast) -> None:
    item = service(cast)
    document = publish(item, "levels", [{"measure": "Svar", "target": "1 h"}])
    Document.objects.filter(pk=document.pk).update(valid_to=dt.date(2026, 3, 31))
    client = Client()
    client.force_login(cast.member)
    page = client.get(f"/services/{item.reference}/").text
    assert f"/documents/{item.reference}~levels/facts/" in page
    assert "still-true" not in page
    with pytest.raises(Clash, match="2026"):
        confirm_part(item.reference, "levels", by=as_caller(cast.member), version=document.version)
    change_document(document.address, by=as_caller(cast.member), version=1, valid_to=dt.date(2999, 1, 1))
    assert states_of([item.pk])[item.pk]["levels"] == "valid"
