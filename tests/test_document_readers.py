"""What is written in a document for few is told to nobody else, whichever way he reads: every address is asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from helhet.accounts.actions import make_token
from helhet.accounts.models import User
from helhet.documents.actions import (
    create_document,
    edit_minor,
    give_verdict,
    publish,
    raise_doubt,
    save_draft,
    submit_draft,
)
from helhet.documents.actions.reporting import report
from helhet.documents.models import Audience, Document, Remark
from helhet.groups.answering import assign_by_hand
from helhet.items.actions import comment
from helhet.items.attachments import attach
from helhet.items.models import Item
from helhet.kit.rights import the_system
from helhet.search.indexing import index_all
from tests.matrix import filled
from tests.matrix_api import API
from tests.matrix_pages import PAGES
from tests.matrix_samples import samples
from tests.test_rights_matrix import api_path, asked
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

pytestmark = pytest.mark.django_db

SOUGHT = "kanariefågeln"
CANARY = "visslar73vid"
SAID = f"{SOUGHT} {CANARY} gruvan"
# A name of a file stands in headers and lists.
FILE = f"{CANARY}.txt"


@pytest.fixture
def cast() -> Cast:
    """One user of every sort."""
    return Cast()


def secret_document(cast: Cast) -> Document:
    """Published twice, drafted, commented, doubted, with a file; read by the group that answers for it alone."""
    Audience.objects.create(key="narrow", name_sv="Få", name_en="Few").groups.add(cast.group)
    member, chair = as_caller(cast.member), as_caller(cast.chair)
    made = create_document(by=member, sort="routine", title="Omstart", text=SAID, audiences=("narrow",), note=SAID)
    address = made.address
    publish(address, by=chair, version=1, note=SAID)
    made.refresh_from_db()
    edit_minor(address, by=member, version=made.version, text=f"{SAID}.", note=SAID)
    draft = save_draft(address, by=member, version=0, text=f"# {SAID}\n\n{SAID}", note=SAID)
    submit_draft(address, by=member, version=draft.version, note=SAID)
    raise_doubt(Document.objects.get(pk=made.pk), by=member, text=SAID)
    report(address, by=member, sort="wrong", text=SAID)
    give_verdict(address, by=chair, version=draft.version, step="approval", is_yes=False, text=SAID)
    Remark.objects.create(document=made, quote=SAID, text=SAID, by="Member")
    item = Item.objects.select_related("kind").get(pk=made.item_id)
    comment(item, SAID, by=member)
    attach(item, SimpleUploadedFile(FILE, SAID.encode()), by=member)
    index_all()
    return Document.objects.select_related("item__kind").get(pk=made.pk)


def pointed_at(things: dict[str, Any], document: Document) -> dict[str, Any]:
    """The samples of the matrix, all that name an item, a comment or a file naming the document's instead."""
    item = document.item
    own = {
        "attachment": item.attachments.get().pk, "comment": item.comments.get().pk,
        "document": document.address, "routine": document.address, "item_id": item.pk,
    }  # fmt: skip
    kept = {"group", "change"}
    return {
        name: document.address
        if name not in kept and isinstance(value, str) and value.rpartition("-")[2].isdigit()
        else value
        for name, value in things.items()
    } | own


def whole(answer: HttpResponseBase) -> bytes:
    """All that was answered, headers and what is packed included."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    told = b"\n".join([body, *(f"{name}: {value}".encode() for name, value in answer.headers.items())])
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            told += b"\n".join(name.encode() + packed.read(name) for name in packed.namelist())
    return told


def tellers(user: User, things: dict[str, Any], names: Collection[str] = ()) -> set[str]:
    """The addresses, all or those named, that tell the user something of the document."""
    client = Client()
    client.force_login(user)
    found = set()
    for name, line in PAGES.items():
        if line.get and (name in names or not names):
            answer = client.get(searching(name, line.address(name, things)))
            found |= {name} if CANARY.encode() in whole(answer) else set()
    _token, text = make_token(user, by=the_system("test"), name="t", scopes=["read"])
    headers = {"Authorization": f"Bearer {text}"}
    for name, operation in API.items():
        method, _space, path = name.partition(" ")
        if method == "GET" and (name in names or not names):
            address = searching(name, api_path(path, things) + filled(operation.query, things))
            found |= {name} if CANARY.encode() in whole(Client().get(address, headers=headers)) else set()
    return found


def searching(name: str, address: str) -> str:
    """Where words are searched, the address asks for those that stand beside the canary."""
    return f"{address.partition('?')[0]}?q={SOUGHT}" if "search" in name or name == "routines:routines" else address


def test_what_few_may_read_no_address_tells_another(cast: Cast) -> None:
    document = secret_document(cast)
    things = pointed_at(samples(cast), document)
    assert tellers(cast.reader, things) == set()
    # And those who may read it do meet it there, so that there was something to see.
    places = {
        "item", "estate:attachment", "search:search", "documents:markdown", "routines:routine",
        "GET /items/{reference}/comments", "GET /items/{reference}/attachments", "GET /search",
        "GET /items/{reference}/attachments/{attachment_id}", "GET /document-pages",
    }  # fmt: skip
    assert tellers(cast.member, things, places) == places


def test_nobody_else_writes_beside_it_either(cast: Cast) -> None:
    document = secret_document(cast)
    client = Client()
    client.force_login(cast.reader)
    answer, wrote = asked(client, "POST", f"/items/{document.address}/comments/", {"text": "Släpp in mig"})
    assert (answer.status_code, wrote) == (404, False)


def test_a_file_of_a_part_is_for_those_who_may_read_the_part(cast: Cast) -> None:
    service = make_item("Vårdjournal", kind="business_service")
    assign_by_hand([service.pk], cast.group, by=SYSTEM, on=DAY)
    Audience.objects.create(key="narrow", name_sv="Få", name_en="Few").groups.add(cast.group)
    member = as_caller(cast.member)
    create_document(
        by=member, sort="documentation", title="Beställningar", item=service.reference, part="orders",
        audiences=("narrow",),
    )  # fmt: skip
    attach(service, SimpleUploadedFile("allas.txt", b"allas"), by=member)
    kept = attach(service, SimpleUploadedFile(FILE, SAID.encode()), by=member, part="orders")
    address = f"/items/{service.reference}/attachments/{kept.pk}/"
    for user, status in ((cast.reader, 404), (cast.member, 200)):
        client = Client()
        client.force_login(user)
        answer = client.get(address)
        assert (answer.status_code, CANARY.encode() in whole(answer)) == (status, status == 200)
        page = client.get(f"/items/{service.reference}/").content.decode()
        assert ("allas.txt" in page, FILE in page) == (True, False)
