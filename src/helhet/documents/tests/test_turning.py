"""Whoever saves a supplier's contact is told at once which documents that turns, and those are the ones that turn."""

from __future__ import annotations

import re
from html import unescape
from random import Random

import pytest
from django.test import Client

from helhet.documents.actions import create_document, publish
from helhet.documents.checking import check_all
from helhet.documents.models import Audience, Described, Document, Doubt
from helhet.documents.turning import turned_by
from helhet.journal.models import Event
from helhet.suppliers.actions import add_contact, change_contact, create_supplier
from helhet.suppliers.models import Contact
from tests.world import SYSTEM, Cast, as_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def contact(cast: Cast) -> Contact:
    supplier = create_supplier(by=as_caller(cast.administrator), name="Pumpteknik", group=cast.group.reference)
    return add_contact(supplier.item.reference, by=SYSTEM, role="Jour", phone="08-1", email="jour@pump.example")


def stating(cast: Cast, contact: Contact, title: str, aspect: str, readers: tuple[str, ...] = ("all",)) -> Document:
    """A published document that states this aspect of the contact."""
    made = create_document(by=as_caller(cast.member), sort="policy", title=title, text="Ring.", audiences=readers)
    publish(made.address, by=as_caller(cast.chair), version=1)
    Described.objects.create(document=made, noun="contact", noun_id=contact.pk, aspect=aspect)
    check_all()
    return made


def test_those_that_are_told_are_those_that_turn(cast: Cast, contact: Contact) -> None:
    for number, aspect in enumerate(("phone", "email", "")):
        stating(cast, contact, f"Stöd {number}", aspect)
    chance, reference = Random(3), contact.supplier.item.reference
    seen = set()
    for _round in range(12):
        contact.refresh_from_db()
        wanted = {
            "phone": chance.choice(["08-1", "08-2"]), "email": chance.choice(["jour@pump.example", "b@pump.example"]),
            "hours": chance.choice(["dygnet runt", "8-17"]),
        }  # fmt: skip
        change_contact(reference, contact.pk, by=SYSTEM, version=contact.version, **wanted)
        event = Event.objects.filter(noun="contact").latest("pk")
        told = set(turned_by(event, SYSTEM).values_list("pk", flat=True))
        before = set(Doubt.objects.values_list("pk", "event_id", "settled_at"))
        check_all()
        after = set(Doubt.objects.filter(settled_at__isnull=True).values_list("pk", "event_id", "settled_at"))
        turned = set(Doubt.objects.filter(pk__in=[row[0] for row in after - before]).values_list("document", flat=True))
        if before != set(Doubt.objects.values_list("pk", "event_id", "settled_at")):
            assert told == turned
            seen.add(len(told))
    assert seen >= {1, 2}


def test_the_page_says_how_many_and_leads_to_them(cast: Cast, contact: Contact) -> None:
    stating(cast, contact, "Stödvägar", "phone")
    stating(cast, contact, "Annat", "email")
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.member)
    address = f"/suppliers/{contact.supplier.item.reference}/contacts/{contact.pk}/"
    form = client.get(address).context["form"]
    sent = {name: form.initial.get(name, "") for name in form.fields}
    page = client.post(address, {**sent, "phone": "08-2"}, follow=True).content.decode()
    (found,) = re.findall(r'<a href="(/documents/turned/\d+/)">1 document is to be checked</a>', unescape(page))
    listed = client.get(found)
    assert [title for _one, title, *_more in listed.context["rows"]] == ["Stödvägar"]
    sent["version"] = str(int(sent["version"]) + 1)
    unchanged = client.post(address, {**sent, "phone": "08-2"}, follow=True).content.decode()
    assert "to be checked" not in unchanged


def test_the_api_tells_their_addresses_and_none_that_the_caller_may_not_read(cast: Cast, contact: Contact) -> None:
    open_one = stating(cast, contact, "Stödvägar", "phone")
    Audience.objects.create(key="closed", name_sv="Slutna")
    stating(cast, contact, "Hemligt", "phone", readers=("closed",))
    reference, client = contact.supplier.item.reference, Client()
    for user, count in ((cast.administrator, 2), (cast.member, 2)):
        client.force_login(user)
        contact.refresh_from_db()
        answer = client.patch(
            f"/api/v1/suppliers/{reference}/contacts/{contact.pk}", {"phone": f"08-{user.pk}"},
            content_type="application/json", headers={"if-match": f'"{contact.version}"'},
        )  # fmt: skip
        assert answer.status_code == 200
        assert open_one.address in answer.json()["to_check"]
        assert len(answer.json()["to_check"]) == count
    event = Event.objects.filter(noun="contact").latest("pk")
    readable = {one.address for one in turned_by(event, as_caller(cast.reader))}
    assert readable == {open_one.address}
    client.force_login(cast.reader)
    listed = client.get(f"/documents/turned/{event.pk}/").content.decode()
    assert "Stödvägar" in listed
    assert "Hemligt" not in listed
