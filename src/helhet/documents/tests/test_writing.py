"""The editor saves, and two who write at once meet a page where both texts are kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from helhet.accounts.models import User
from helhet.documents.actions import create_document, publish, save_draft, submit_draft
from helhet.documents.models import Document, Draft
from helhet.kit.errors import Clash
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db
TEXT = "# Omstart\n\nRing driften klockan åtta.\n\nStarta sedan om.\n"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    made = create_document(by=as_caller(cast.member), sort="routine", title="Omstart", text=TEXT)
    publish(made.address, by=as_caller(cast.chair), version=1)
    made.refresh_from_db()
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, document: Document) -> dict[str, Any]:
    """The editor's form as it begins."""
    form = client.get(f"/documents/{document.address}/edit/").context["form"]
    return {name: form.initial[name] for name in form.fields}


def test_the_form_alone_saves_a_draft_and_what_is_published_stays(cast: Cast, document: Document) -> None:
    client = signed_in(cast.member)
    form = opened(client, document)
    answer = client.post(f"/documents/{document.address}/edit/", {**form, "text": TEXT + "Klart.", "note": "Sist"})
    assert answer.status_code == 302
    draft = Draft.objects.get(document=document)
    assert (draft.text, draft.note, document.published.text) == (TEXT + "Klart.", "Sist", TEXT)


def test_the_second_of_two_meets_both_texts_put_together(cast: Cast, document: Document) -> None:
    first, second = signed_in(cast.member), signed_in(cast.chair)
    mine, theirs = opened(first, document), opened(second, document)
    address = f"/documents/{document.address}/edit/"
    first.post(address, {**mine, "text": TEXT.replace("åtta", "nio").replace("\n", "\r\n")})
    other = TEXT.replace("Starta sedan om.", "Vänta, och starta sedan om.").replace("\n", "\r\n")
    met = second.post(address, {**theirs, "text": other})
    meeting, form = met.context["meeting"], met.context["form"].initial
    both = TEXT.replace("åtta", "nio").replace("Starta sedan om.", "Vänta, och starta sedan om.")
    assert (meeting.conflicts, form["text"], Draft.objects.get().text) == (0, both, TEXT.replace("åtta", "nio"))
    assert second.post(address, form).status_code == 302
    assert Draft.objects.get().text == both


def test_where_both_altered_the_same_words_both_stand_in_the_form(cast: Cast, document: Document) -> None:
    second = signed_in(cast.chair)
    theirs = opened(second, document)
    save_draft(document.address, by=as_caller(cast.member), version=0, text=TEXT.replace("åtta", "nio"))
    met = second.post(f"/documents/{document.address}/edit/", {**theirs, "text": TEXT.replace("åtta", "tio")})
    text = met.context["form"].initial["text"]
    assert (met.context["meeting"].conflicts, "klockan nio" in text, "klockan tio" in text) == (1, True, True)
    assert met.context["left"] == 1
    assert "Starta sedan om." in text
    shown = second.post(f"/documents/{document.address}/preview/", {"text": text}).content.decode()
    assert "<blockquote>" not in shown
    assert shown.count(":</strong>") == 2
    form = met.context["form"].initial
    answer = second.post(f"/documents/{document.address}/edit/", form)
    assert answer.headers["Location"] == f"/documents/{document.address}/edit/"
    draft = Draft.objects.get()
    assert (draft.text, draft.version) == (text, form["version"] + 1)
    for step in (submit_draft, publish):
        with pytest.raises(Clash):
            step(document.address, by=as_caller(cast.chair), version=draft.version)


def test_two_who_alter_the_same_steps_and_the_title_see_each_others_in_words(cast: Cast, document: Document) -> None:
    second, address = signed_in(cast.chair), f"/documents/{document.address}/edit/"
    form = opened(second, document)
    steps = {"steps-TOTAL_FORMS": "1", "steps-0-title": "Ring driften", "steps-0-on": "on"}
    theirs = {"steps": [{"title": "Larma jouren"}]}
    draft = save_draft(document.address, by=as_caller(cast.member), version=0, title="Återstart", fields=theirs)
    publish(document.address, by=as_caller(cast.chair), version=draft.version)
    met = second.post(address, {**form, **steps, "title": "Nystart"})
    assert (met.context["meeting"].their_title, met.context["form"].initial["title"]) == ("Återstart", "Nystart")
    assert "Larma jouren" in met.context["their_fields"]
    assert "{" not in met.context["their_fields"]


def test_a_draft_that_was_published_meanwhile_is_met_too(cast: Cast, document: Document) -> None:
    client = signed_in(cast.member)
    save_draft(document.address, by=as_caller(cast.member), version=0, text=TEXT + "Ett.\n")
    form = opened(client, document)
    draft = Draft.objects.get()
    publish(document.address, by=as_caller(cast.chair), version=draft.version)
    met = client.post(f"/documents/{document.address}/edit/", {**form, "text": "Först.\n" + TEXT + "Ett.\n"})
    assert (met.context["meeting"].conflicts, met.context["form"].initial["version"]) == (0, 0)
    assert client.post(f"/documents/{document.address}/edit/", met.context["form"].initial).status_code == 302
    assert Draft.objects.get().text == "Först.\n" + TEXT + "Ett.\n"


def test_a_draft_that_was_begun_and_published_while_another_wrote_is_not_taken_back(
    cast: Cast, document: Document
) -> None:
    client, address = signed_in(cast.member), f"/documents/{document.address}/edit/"
    form = opened(client, document)
    draft = save_draft(document.address, by=as_caller(cast.chair), version=0, text=TEXT.replace("åtta", "nio"))
    publish(document.address, by=as_caller(cast.chair), version=draft.version)
    met = client.post(address, {**form, "text": TEXT + "Klart.\n"})
    assert Draft.objects.count() == 0
    both = TEXT.replace("åtta", "nio") + "Klart.\n"
    assert (met.context["meeting"].conflicts, met.context["form"].initial["text"]) == (0, both)
    client.post(address, met.context["form"].initial)
    assert Draft.objects.get().text == both


def test_a_program_says_which_edition_the_draft_that_it_begins_was_written_from(cast: Cast, document: Document) -> None:
    client, address = signed_in(cast.member), f"/api/v1/documents/{document.address}/draft"
    saved = [
        client.put(address, {"text": "Nytt", **base}, "application/json", headers={"If-Match": '"0"'}).status_code
        for base in ({}, {"base": "2"}, {"base": "1"})
    ]
    assert saved == [412, 412, 200]


def test_a_minor_edit_is_published_at_once(cast: Cast, document: Document) -> None:
    client = signed_in(cast.member)
    form = opened(client, document)
    client.post(f"/documents/{document.address}/edit/", {**form, "text": TEXT.replace("Ring", "Ringa"), "how": "minor"})
    document.refresh_from_db()
    assert (document.published.number, Draft.objects.exists()) == ("1.1", False)


def test_the_preview_shows_the_text_and_what_some_cannot_read(cast: Cast, document: Document) -> None:
    client = signed_in(cast.member)
    text = "# Ett\n\n### Tre\n\n![](/items/X-1/attachments/1/)\n\n[här](/x/)\n\n<script>x</script>"
    answer = client.post(f"/documents/{document.address}/preview/", {"text": text})
    assert len(answer.context["hints"]) == 3
    assert "<script>" not in answer.content.decode()
