"""Readers remark on a passage, and what they report is a task of the group that answers."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.documents.actions import create_document, publish, save_draft
from helhet.documents.actions.remarks import remark, remove_remark, settle_remark
from helhet.documents.actions.reporting import report
from helhet.documents.models import Document, Doubt
from helhet.documents.reading import remarks_of
from helhet.groups.actions import finish_task
from helhet.kit.errors import Clash, Forbidden, Invalid, Stale
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db
TEXT = "Stoppa **web1**.\n\n- Starta den.\n\nStoppa *web2*.\n\n- Starta den.\n"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    made = create_document(by=as_caller(cast.member), sort="routine", title="Omstart", text=TEXT)
    publish(made.address, by=as_caller(cast.chair), version=1)
    made.refresh_from_db()
    return made


def test_a_remark_follows_its_words_and_says_when_they_are_gone(cast: Cast, document: Document) -> None:
    made = remark(document.address, by=as_caller(cast.reader), text="Hur?", quote="Starta den.", before="Stoppa web2.")
    assert made.before.strip().endswith("web2.")
    for text, is_gone in (("Nytt först.\n\n" + TEXT, False), ("Stoppa web2.", True)):
        draft = save_draft(document.address, by=as_caller(cast.member), version=0, text=text)
        publish(document.address, by=as_caller(cast.chair), version=draft.version)
        document.refresh_from_db()
        assert [one.is_gone for one in remarks_of(document)] == [is_gone]


def test_words_that_do_not_stand_there_cannot_be_remarked_on(cast: Cast, document: Document) -> None:
    with pytest.raises(Invalid):
        remark(document.address, by=as_caller(cast.reader), text="Hur?", quote="Starta allt.")


def test_who_made_a_remark_or_writes_the_document_settles_it_and_others_do_not(cast: Cast, document: Document) -> None:
    made = remark(document.address, by=as_caller(cast.reader), text="Hur?")
    with pytest.raises(Forbidden):
        settle_remark(document.address, made.pk, by=as_caller(cast.other), version=1)
    with pytest.raises(Stale):
        settle_remark(document.address, made.pk, by=as_caller(cast.member), version=9)
    settle_remark(document.address, made.pk, by=as_caller(cast.member), version=1)
    remove_remark(document.address, made.pk, by=as_caller(cast.reader), version=2)
    assert remarks_of(document) == []


def test_what_a_reader_says_is_wrong_is_a_task_and_a_doubt_at_once(cast: Cast, document: Document) -> None:
    task = report(document.address, by=as_caller(cast.reader), sort="wrong", text="Det heter web3.")
    document.refresh_from_db()
    assert (task.group_id, task.origin, task.origin_id) == (cast.group.pk, "report", document.pk)
    assert (document.is_doubtful, Doubt.objects.get().task_id) == (True, task.pk)
    finish_task(task.pk, by=as_caller(cast.member), version=task.version, outcome="Rättat")


def test_a_question_is_a_task_and_no_doubt(cast: Cast, document: Document) -> None:
    task = report(document.address, by=as_caller(cast.reader), sort="question", text="Även natten?")
    assert (document.address in task.title, Doubt.objects.exists()) == (True, False)


def test_what_nobody_would_read_is_refused_with_what_to_do(cast: Cast, document: Document) -> None:
    document.item.answers.all().delete()
    with pytest.raises(Clash) as refused:
        report(document.address, by=as_caller(cast.reader), sort="wrong", text="Fel")
    assert refused.value.todo


def test_open_remarks_stand_below_the_text_and_settled_ones_do_not(cast: Cast, document: Document) -> None:
    for text in ("Hur då?", "Varför?"):
        made = remark(document.address, by=as_caller(cast.reader), text=text, quote="Stoppa web2.")
    settle_remark(document.address, made.pk, by=as_caller(cast.member), version=1)
    client = Client()
    client.force_login(cast.reader)
    page = client.get(f"/documents/{document.address}/").content.decode()
    assert ("Hur då?" in page, "Varför?" in page) == (True, False)
    link = f'<a class="hh-remarked" href="#remark-{made.pk - 1}"'
    assert f'<em><mark class="hh-marked">web2</mark></em><mark class="hh-marked">.</mark>{link}' in page
    assert (page.count("hh-remarked"), f'id="remark-{made.pk - 1}"' in page) == (1, True)
