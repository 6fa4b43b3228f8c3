"""Administrators say who reads; a group's chair says who approves; both hold when groups close and items are one."""

from __future__ import annotations

import pytest

from helhet.documents.actions import create_document, publish, set_audiences, submit_draft
from helhet.documents.actions.audiences import change_audience, create_audience, remove_audience, set_approval
from helhet.documents.finding import find_document
from helhet.documents.models import Audience, Document
from helhet.groups.actions import close_group
from helhet.items.actions import comment
from helhet.items.merging import merge_items, split_items
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale
from tests.world import Cast, as_caller, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def narrow(cast: Cast, key: str = "jour") -> Audience:
    return create_audience(
        by=as_caller(cast.administrator), key=key, name_sv="Jouren", groups=[cast.other_group.reference]
    )


def written(cast: Cast, *audiences: str, title: str = "Omstart") -> Document:
    return create_document(by=as_caller(cast.member), sort="other", title=title, text="Text", audiences=audiences)


def test_an_audience_is_read_by_its_groups_and_not_by_those_taken_out(cast: Cast) -> None:
    one, document = narrow(cast), written(cast, "jour")
    assert find_document(document.address, as_caller(cast.other)) == document
    change_audience(one.key, by=as_caller(cast.administrator), version=1, groups=[cast.team.reference])
    with pytest.raises(NotFound):
        find_document(document.address, as_caller(cast.other))


def test_an_audience_has_somebody_and_everyones_stays_everyones(cast: Cast) -> None:
    admin = as_caller(cast.administrator)
    with pytest.raises(Invalid, match=r"Ingen skulle läsa|Nobody would read it"):
        create_audience(by=admin, key="tom", name_sv="Tom")
    with pytest.raises(Clash):
        change_audience("all", by=admin, version=1, is_open=False, groups=[cast.group.reference])
    with pytest.raises(Forbidden):
        create_audience(by=as_caller(cast.coordinator), key="jour", name_sv="Jour", is_open=True)
    one = narrow(cast)
    change_audience(one.key, by=admin, version=1, name_sv="Nätjouren")
    with pytest.raises(Stale):
        change_audience(one.key, by=admin, version=1, name_sv="Jour igen")


def test_an_audience_that_documents_are_for_is_not_removed(cast: Cast) -> None:
    one, document, admin = narrow(cast), written(cast, "jour"), as_caller(cast.administrator)
    with pytest.raises(Clash):
        remove_audience(one.key, by=admin, version=1)
    set_audiences(document.address, by=as_caller(cast.chair), version=document.version, audiences=["all"])
    remove_audience(one.key, by=admin, version=1)
    assert Event.objects.filter(noun="audience", verb="documents.audience.removed").count() == 1


def test_what_the_chair_says_of_approval_holds_at_the_next_step(cast: Cast) -> None:
    document, member = written(cast, "all"), as_caller(cast.member)
    with pytest.raises(Clash):
        publish(document.address, by=member, version=1)
    with pytest.raises(Forbidden):
        set_approval(cast.group.reference, by=member, version=1, approver="member")
    rule = set_approval(cast.group.reference, by=as_caller(cast.chair), version=1, approver="member")
    assert (rule.version, publish(document.address, by=member, version=1).number) == (2, "1")
    set_approval(cast.group.reference, by=as_caller(cast.chair), version=2, approver="other", needs_review=True)
    second = written(cast, "all", title="Byte")
    submit_draft(second.address, by=member, version=1)
    with pytest.raises(Clash):
        publish(second.address, by=member, version=1)


def test_the_group_that_takes_over_reads_what_was_for_the_one_that_closes(cast: Cast) -> None:
    narrow(cast)
    document = written(cast, "jour")
    with pytest.raises(NotFound):
        find_document(document.address, as_caller(cast.reader))
    close_group(
        cast.other_group.reference, by=as_caller(cast.coordinator), version=cast.other_group.item.version,
        to=cast.group.reference,
    )  # fmt: skip
    assert list(Audience.objects.get(key="jour").groups.all()) == [cast.group]


def test_documents_follow_an_item_that_becomes_another_and_go_back_when_it_is_undone(cast: Cast) -> None:
    boss = as_caller(cast.coordinator)
    document, bare = written(cast, "all"), make_item("Omstarter", kind="document")
    batch = merge_items(bare.reference, document.item.reference, by=boss, version=bare.version)
    assert find_document(bare.reference, boss) == document
    split_items(batch.pk, by=boss)
    assert find_document(document.address, boss) == document


def test_a_text_for_few_becomes_no_item_whose_notes_all_may_read(cast: Cast) -> None:
    narrow(cast)
    few, boss = written(cast, "jour"), as_caller(cast.coordinator)
    comment(few.item, "Hemligt", by=boss)
    wide, server = written(cast, "all", title="Byte"), make_item("Server")
    for other in (wide.item, server):
        with pytest.raises(Clash):
            merge_items(other.reference, few.address, by=boss, version=other.version)
