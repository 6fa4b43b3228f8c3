"""A document is doubted when, and only when, what it states was altered after it was published."""

from __future__ import annotations

import pytest

from helhet.documents.actions import bring_back, create_document, publish, save_draft, still_true, withdraw
from helhet.documents.checking import check_all
from helhet.documents.doubting import open_doubts
from helhet.documents.models import Document
from helhet.estate.dependencies import add_dependency, remove_dependency
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Task
from helhet.items.actions import change_item
from helhet.items.models import Item
from helhet.kit.errors import Clash
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def about(cast: Cast, item: Item, text: str = "") -> Document:
    document = create_document(
        by=as_caller(cast.member), sort="routine", title="Omstart", text=text or "Starta om.", about=[item.reference]
    )
    publish(document.address, by=as_caller(cast.chair), version=1)
    check_all()
    document.refresh_from_db()
    assert not document.is_doubtful
    return document


def alter(item: Item, **fields: object) -> None:
    item.refresh_from_db()
    change_item(item.reference, by=SYSTEM, version=item.version, **fields)


def test_an_altered_version_of_what_it_is_about_doubts_it_with_the_reason(cast: Cast) -> None:
    item = make_item("Databas", attributes={"version": "14", "rack": "A1"})
    document = about(cast, item)
    alter(item, attributes={"version": "14", "rack": "B7"})
    check_all()
    assert open_doubts(document) == []
    alter(item, attributes={"version": "16", "rack": "B7"})
    check_all()
    document.refresh_from_db()
    (one,) = open_doubts(document)
    assert document.is_doubtful
    assert (one.aspect, one.before, one.after) == ("attributes.version", "14", "16")
    assert Task.objects.filter(group=cast.group, origin="check", state="open").count() == 1


def test_what_is_named_in_the_text_is_stated_too_but_not_in_code(cast: Cast) -> None:
    named, coded, item = make_item("Kö"), make_item("Lås"), make_item("Motor")
    text = f"Se [[{named.reference}]] och kör:\n\n    stop {coded.reference}\n"
    document = about(cast, item, text)
    alter(coded, name="Lås två")
    check_all()
    assert open_doubts(document) == []
    alter(named, name="Kö två")
    check_all()
    assert [(one.aspect, one.after) for one in open_doubts(document)] == [("name", "Kö två")]


def test_a_later_change_renews_the_doubt_and_one_back_lets_it_fall(cast: Cast) -> None:
    item = make_item("Motor")
    document = about(cast, item)
    alter(item, name="Motor 2")
    check_all()
    (seen,) = open_doubts(document)
    alter(item, name="Motor 3")
    check_all()
    with pytest.raises(Clash):
        still_true(document, by=as_caller(cast.member), doubt_ids=[seen.pk])
    (one,) = open_doubts(document)
    assert (one.before, one.after) == ("Motor", "Motor 3")
    alter(item, name="Motor")
    check_all()
    document.refresh_from_db()
    assert (open_doubts(document), document.is_doubtful) == ([], False)


def test_what_was_altered_before_the_publication_does_not_hide_what_was_altered_after_it(cast: Cast) -> None:
    item = make_item("Motor")
    alter(item, name="Motor 2")
    document = create_document(
        by=as_caller(cast.member), sort="routine", title="Omstart", text="Starta om.", about=[item.reference]
    )
    publish(document.address, by=as_caller(cast.chair), version=1)
    alter(item, name="Motor")
    check_all()
    (one,) = open_doubts(document)
    assert (one.before, one.after) == ("Motor 2", "Motor")


def test_still_true_settles_only_what_was_seen_and_ends_the_groups_task(cast: Cast) -> None:
    item = make_item("Motor")
    document = about(cast, item)
    alter(item, name="Motor 2")
    check_all()
    (seen,) = open_doubts(document)
    alter(item, state="retiring")
    check_all()
    member = as_caller(cast.member)
    still_true(document, by=member, doubt_ids=[seen.pk], text="Läst")
    document.refresh_from_db()
    (left,) = open_doubts(document)
    assert (left.aspect, document.is_doubtful) == ("state", True)
    still_true(document, by=member, doubt_ids=[left.pk])
    with pytest.raises(Clash):
        still_true(document, by=member, doubt_ids=[left.pk])
    document.refresh_from_db()
    assert not document.is_doubtful
    assert not Task.objects.filter(origin="check", state="open").exists()


def test_a_document_that_is_taken_into_use_again_is_doubted_as_before(cast: Cast) -> None:
    item = make_item("Motor")
    document, chair = about(cast, item), as_caller(cast.chair)
    away = withdraw(document.address, by=chair, version=document.version, reason="Paus")
    bring_back(document.address, by=chair, version=away.version)
    alter(item, name="Motor 2")
    check_all()
    assert [one.after for one in open_doubts(document)] == ["Motor 2"]


def test_publishing_anew_settles_what_was_doubted(cast: Cast) -> None:
    item = make_item("Motor")
    document = about(cast, item)
    alter(item, name="Motor 2")
    check_all()
    draft = save_draft(document.address, by=as_caller(cast.member), version=0, text="Nu om Motor 2")
    publish(document.address, by=as_caller(cast.chair), version=draft.version)
    document.refresh_from_db()
    assert (open_doubts(document), document.is_doubtful) == ([], False)
    check_all()
    assert open_doubts(document) == []


def test_dependencies_and_group_are_held_against_what_was_stated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item, needed = make_item("Motor"), make_item("Kö")
    monkeypatch.setattr(
        "helhet.documents.describing.describes",
        [lambda _version: [("item", item.pk, "dependencies"), ("item", item.pk, "group")]],
    )
    document = about(cast, item)
    link = add_dependency(item, needed, by=SYSTEM)
    check_all()
    (one,) = open_doubts(document)
    assert (one.aspect, one.before, one.after) == ("dependencies", "", f"Kö {needed.reference}")
    still_true(document, by=as_caller(cast.member), doubt_ids=[one.pk])
    check_all()
    assert open_doubts(document) == []
    assign_by_hand([item.pk], make_group("Lager"), by=SYSTEM, on=DAY)
    check_all()
    assert [(one.aspect, one.after) for one in open_doubts(document)] == [("group", "Lager")]
    remove_dependency(link, by=SYSTEM, version=link.version)
    check_all()
    assert {one.aspect for one in open_doubts(document)} == {"group", "dependencies"}
