"""A document goes from draft to published version, and nothing that was written is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from helhet.documents.actions import (
    change_document,
    drop_draft,
    edit_minor,
    give_verdict,
    publish,
    save_draft,
    submit_draft,
    withdraw,
)
from helhet.documents.actions.creating import create_document
from helhet.documents.figures import figures
from helhet.documents.finding import find_document
from helhet.documents.listing import STATES, Asked, asked_for, counts_by_state, of_all_states, standing_on
from helhet.documents.models import ApprovalRule, Approver, Document, DraftText
from helhet.documents.standing import draft_of
from helhet.groups.models import Task
from helhet.groups.ports import place_of
from helhet.items.models import State
from helhet.kit.errors import Clash, Forbidden, NotFound, Stale
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def drafted(cast: Cast, text: str = "Starta om så här.") -> Document:
    return create_document(by=as_caller(cast.member), sort="routine", title="Omstart", text=text)


def test_a_new_document_is_the_groups_own_and_planned_until_it_is_published(cast: Cast) -> None:
    document = drafted(cast)
    assert (document.answering_group_id, document.item.state, document.published) == (
        cast.group.pk,
        State.PLANNED,
        None,
    )
    made = publish(document.address, by=as_caller(cast.chair), version=1)
    document.refresh_from_db()
    assert (made.number, document.published, document.item.state) == ("1", made, State.LIVE)
    assert (made.written_by, made.approved_by) == (as_caller(cast.member).name, as_caller(cast.chair).name)


def test_what_is_sent_twice_is_made_once_and_another_title_is_another_document(cast: Cast, client: Client) -> None:
    client.force_login(cast.member)
    page = client.get("/documents/new/")
    key = page.context["form"]["key"].value()
    assert f'value="{key}"' in page.content.decode()
    body = {"title": "Omstart", "sort": "routine", "language": "sv", "audiences": ["all"], "key": key}
    first, again = (client.post("/documents/new/", body) for _time in range(2))
    assert first.status_code == 302
    assert (again.url, Document.objects.count()) == (first.url, 1)  # type: ignore[attr-defined] # it leads on
    client.post("/documents/new/", {**body, "title": "Avstängning"})
    assert client.post("/documents/new/", {**body, "key": "kort"}).status_code == 422
    assert sorted(Document.objects.values_list("item__name", flat=True)) == ["Avstängning", "Omstart"]


def test_the_published_version_stays_while_a_draft_is_written(cast: Cast) -> None:
    document = drafted(cast)
    publish(document.address, by=as_caller(cast.chair), version=1)
    draft = save_draft(document.address, by=as_caller(cast.member), version=0, text="Nytt", title="Omstart nu")
    document.refresh_from_db()
    assert (document.published.text, document.item.name, draft.text) == ("Starta om så här.", "Omstart", "Nytt")
    publish(document.address, by=as_caller(cast.chair), version=draft.version)
    document.refresh_from_db()
    assert (document.published.number, document.item.name, draft_of(document)) == ("2", "Omstart nu", None)


def test_a_member_needs_the_chairs_yes_which_an_edit_makes_void(cast: Cast) -> None:
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    with pytest.raises(Clash):
        publish(document.address, by=member, version=1)
    submit_draft(document.address, by=member, version=1)
    with pytest.raises(Forbidden):
        give_verdict(document.address, by=member, version=1, step="approval", is_yes=True)
    give_verdict(document.address, by=chair, version=1, step="approval", is_yes=True)
    save_draft(document.address, by=member, version=1, text="Fort ändrat")
    with pytest.raises(Clash):
        publish(document.address, by=member, version=2)
    submit_draft(document.address, by=member, version=2)
    give_verdict(document.address, by=chair, version=2, step="approval", is_yes=True)
    assert publish(document.address, by=member, version=2).text == "Fort ändrat"


def test_where_the_mandate_asks_for_review_a_writer_does_not_review_his_own(cast: Cast) -> None:
    ApprovalRule.objects.create(group=cast.group, approver=Approver.MEMBER, needs_review=True)
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    submit_draft(document.address, by=member, version=1)
    with pytest.raises(Forbidden):
        give_verdict(document.address, by=member, version=1, step="review", is_yes=True)
    with pytest.raises(Clash):
        give_verdict(document.address, by=member, version=1, step="approval", is_yes=True)
    give_verdict(document.address, by=chair, version=1, step="review", is_yes=True)
    give_verdict(document.address, by=member, version=1, step="approval", is_yes=True)
    assert publish(document.address, by=member, version=1).reviewed_by == chair.name


def test_of_two_who_edit_at_once_the_second_is_told_and_both_texts_are_kept(cast: Cast) -> None:
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    save_draft(document.address, by=member, version=1, text="Medlemmens")
    with pytest.raises(Stale):
        save_draft(document.address, by=chair, version=1, text="Sammankallandes")
    with pytest.raises(Stale):
        save_draft(document.address, by=chair, version=0, text="Sammankallandes")
    assert list(DraftText.objects.values_list("text", flat=True)) == ["Medlemmens", "Starta om så här."]


def test_a_save_for_a_draft_that_was_dropped_is_refused_although_another_was_begun(cast: Cast) -> None:
    document, member = drafted(cast), as_caller(cast.member)
    drop_draft(document.address, by=member, version=1)
    save_draft(document.address, by=member, version=0, text="Från början")
    with pytest.raises(Stale):
        save_draft(document.address, by=member, version=1, text="Till det gamla")


def test_a_minor_edit_is_published_at_once_and_alters_no_review(cast: Cast, client: Client) -> None:
    document, member = drafted(cast), as_caller(cast.member)
    publish(document.address, by=as_caller(cast.chair), version=1)
    document.refresh_from_db()
    before = document.reviewed_on
    made = edit_minor(document.address, by=member, version=document.version, text="Starta om så.", note="Stavning")
    document.refresh_from_db()
    assert (made.number, document.reviewed_on, made.approved_by) == ("1.1", before, "")
    client.force_login(cast.member)
    assert ">Mindre ändring<" in client.get(f"/documents/{document.address}/").content.decode()


def test_a_withdrawn_document_is_not_written_in(cast: Cast) -> None:
    document = drafted(cast)
    withdraw(document.address, by=as_caller(cast.chair), version=document.version, reason="Ersatt")
    with pytest.raises(Clash):
        save_draft(document.address, by=as_caller(cast.member), version=0, text="Ändå")


def test_what_an_audience_may_not_read_is_not_found(cast: Cast) -> None:
    document = drafted(cast)
    document.audiences.clear()
    with pytest.raises(NotFound):
        find_document(document.address, as_caller(cast.reader))
    assert find_document(document.address, as_caller(cast.member)) == document


def test_a_minor_edit_is_no_way_around_approval_and_says_whose_it_is(cast: Cast) -> None:
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    publish(document.address, by=chair, version=1)
    document.refresh_from_db()
    other = " ".join(f"ord{number}" for number in range(60))
    with pytest.raises(Clash):
        edit_minor(document.address, by=member, version=document.version, text=other)
    made = edit_minor(document.address, by=member, version=document.version, text="Starta om så.")
    assert (made.number, made.approved_by, made.written_by) == ("1.1", "", member.name)
    document.refresh_from_db()
    assert edit_minor(document.address, by=chair, version=document.version, text=other).approved_by == chair.name


def test_who_refuses_what_he_said_yes_to_has_not_reviewed_it(cast: Cast) -> None:
    ApprovalRule.objects.create(group=cast.group, approver=Approver.MEMBER, needs_review=True)
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    submit_draft(document.address, by=member, version=1)
    give_verdict(document.address, by=chair, version=1, step="review", is_yes=True)
    give_verdict(document.address, by=chair, version=1, step="review", is_yes=False, text="Nej, vänta")
    submit_draft(document.address, by=member, version=1)
    with pytest.raises(Clash):
        give_verdict(document.address, by=member, version=1, step="approval", is_yes=True)


def waiting(cast: Cast) -> list[tuple[str, str]]:
    """What waits for the member and for the chair."""
    return [
        (who, task.origin)
        for who in ("member", "chair")
        for task in Task.objects.waiting_for(as_caller(getattr(cast, who)))
    ]


def test_who_has_a_draft_before_him_is_told_and_no_longer_when_it_has_gone_on(cast: Cast) -> None:
    document, member, chair = drafted(cast), as_caller(cast.member), as_caller(cast.chair)
    submit_draft(document.address, by=member, version=1)
    # It is a task of the group, and waits for nobody who asked for it and may not answer it.
    assert waiting(cast) == [("chair", "draft_answer")]
    task = Task.objects.get(origin="draft_answer", state="open")
    assert place_of(task, as_caller(cast.chair)) == f"/documents/{document.address}/"
    client = Client()
    client.force_login(cast.chair)
    assert f'href="/documents/{document.address}/"' in client.get(f"/tasks/{task.pk}/").content.decode()
    give_verdict(document.address, by=chair, version=1, step="approval", is_yes=False, text="Hemligt fel")
    assert waiting(cast) == [("member", "draft_answered")]
    assert "Hemligt" not in Task.objects.latest("pk").text
    save_draft(document.address, by=member, version=1, text="Rättat")
    assert waiting(cast) == []
    submit_draft(document.address, by=member, version=2)
    give_verdict(document.address, by=chair, version=2, step="approval", is_yes=True)
    assert waiting(cast) == [("member", "draft_answered")]
    publish(document.address, by=member, version=2)
    assert waiting(cast) == []


@pytest.mark.parametrize(("approver", "needs_review", "asker", "is_told"), [
    ("lead", False, "member", False), ("lead", False, "chair", True), ("other", False, "member", False),
    ("other", False, "chair", True), ("member", False, "member", True), ("lead", True, "member", False),
])  # fmt: skip
def test_who_asked_is_told_to_answer_only_where_he_may_and_the_page_says_who_may(
    cast: Cast, approver: str, needs_review: bool, asker: str, is_told: bool
) -> None:
    document = drafted(cast)
    ApprovalRule.objects.create(group=cast.group, approver=approver, needs_review=needs_review)
    by = as_caller(getattr(cast, asker))
    submit_draft(document.address, by=by, version=1)
    assert (asker in dict(waiting(cast))) == is_told
    assert {"member", "chair"} - {asker} <= set(dict(waiting(cast)))
    client = Client()
    client.force_login(cast.member)
    words = {"lead": "sammankallande", "other": "en medlem som inte", "member": "vilken medlem"}[approver]
    page = client.get(f"/documents/{document.address}/").content.decode()
    assert needs_review or f"Väntar på godkännande av: {words}" in page


def test_what_is_valid_from_a_day_to_come_is_not_said_to_be_valid(cast: Cast) -> None:
    document, member, day = drafted(cast), as_caller(cast.member), timezone.localdate()
    publish(document.address, by=as_caller(cast.chair), version=1)
    document.refresh_from_db()
    first = day + dt.timedelta(1)
    document = change_document(document.address, by=member, version=document.version, valid_from=first)
    for on, is_valid in ((day, False), (first, True)):
        assert (document in asked_for(member, Asked(state="valid"), on)) == is_valid
        assert (standing_on(document, on).mark == "good") == is_valid
    drafted(cast, "En till")
    for on in (day, first):
        told = {state: asked_for(member, Asked(state=state), on).count() for state in ("", *STATES)}
        every = of_all_states(member, Asked(state="draft"))
        assert counts_by_state(every, figures(every, on)) == told
