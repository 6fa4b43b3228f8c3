"""Changes are found by what was written of them, by those who may see them, also after they were edited."""

from __future__ import annotations

from typing import Any

import pytest

from helhet.changes.actions.drafting import change_change, draft_change
from helhet.changes.writing import NewChange, add_changes
from helhet.items.actions import comment
from helhet.kit.rights import NOBODY
from helhet.search.finding import find
from helhet.search.indexing import index_all, rebuild
from helhet.search.models import Noun
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item, make_person

pytestmark = pytest.mark.django_db


def names(text: str, caller: Any = SYSTEM) -> list[str]:
    return [hit.name for one in find(text, caller, nouns=[Noun.CHANGE]) for hit in one.hits]


def test_a_change_is_found_by_title_text_reference_and_comment_and_follows_its_edits() -> None:
    cast = Cast()
    member = as_caller(cast.member)
    made = draft_change(
        by=member, title="Byte av lagringsnod Örn", group=cast.group.reference, purpose="Garantin upphör i våras",
        plan="Flytta skivorna", items=[make_item("nod", kind="storage").reference],
    )  # fmt: skip
    index_all()
    reference = made.item.reference
    asked = ("lagringsnod", "lagringsnoderna", "lagr", "örn", "garantier", "skivor", reference, reference.lower())
    assert [names(text) for text in asked] == [["Byte av lagringsnod Örn"]] * len(asked)
    assert names("lagringsnod", as_caller(cast.reader)) == ["Byte av lagringsnod Örn"]
    assert names("lagringsnod", as_caller(cast.outsider)) == []
    assert names("lagringsnod", NOBODY) == []
    hit = find(reference, SYSTEM)[0].hits[0]
    assert (hit.noun, hit.reference, hit.url) == ("change", reference, made.get_absolute_url())
    change_change(reference, by=member, version=made.version, title="Byte av hylla", plan="Lyft")
    comment(made.item, "Leverantören kommer på tisdag", by=member)
    index_all()
    assert names("lagringsnod") == names("skivor") == []
    assert names("hylla") == names("leverantörer") == ["Byte av hylla"]
    rebuild()
    assert names("hylla") == ["Byte av hylla"]


def test_changes_that_are_taken_in_as_history_are_found_among_many_new_items() -> None:
    for number in range(20):
        make_item(f"maskin {number}")
    add_changes([NewChange(name="Omstart av huvudstäder", is_history=True)], by=SYSTEM, on=DAY)
    index_all()
    assert names("huvudstad") == ["Omstart av huvudstäder"]


def test_what_has_no_item_stays_when_new_items_get_numbers_like_theirs() -> None:
    people = [make_person(f"Sjöberg {number}") for number in range(40)]
    rebuild()
    for number in range(60):
        make_item(f"maskin {number}")
    index_all()
    found = [one.count for one in find("Sjöberg", SYSTEM, nouns=[Noun.PERSON])]
    assert found == [len(people)]
