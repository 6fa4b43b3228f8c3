"""How the parts stand: the database's answer against a walk through every row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.documents.models import Document, Draft, Version
from helhet.handbook.actions import rule_out
from helhet.handbook.completeness import handbook, of_items
from helhet.handbook.models import NotApplicable, Weight
from helhet.handbook.states import PARTS, states_of
from helhet.items.models import Item, State
from helhet.rules.service_parts import PartState, state_of
from tests.world import SYSTEM, make_group, make_item

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 15)
DAYS = st.none() | st.sampled_from([TODAY - dt.timedelta(days=1), TODAY, TODAY + dt.timedelta(days=9)])
PART = st.fixed_dictionaries(
    {
        "is_begun": st.booleans(), "is_published": st.booleans(), "has_draft": st.booleans(),
        "is_doubtful": st.booleans(), "due_on": DAYS, "valid_to": DAYS, "is_ruled_out": st.booleans(),
    }
)  # fmt: skip
WORLD = st.lists(st.dictionaries(st.sampled_from(PARTS), PART, max_size=4), min_size=1, max_size=3)


def write(item: Item, part: str, known: dict[str, Any]) -> None:
    if known["is_begun"]:
        document = Document.objects.create(
            item=item, part=part, sort="documentation", is_doubtful=known["is_doubtful"], due_on=known["due_on"],
            valid_to=known["valid_to"],
        )  # fmt: skip
        if known["is_published"]:
            document.published = Version.objects.create(document=document, major=1, title="t")
            document.save()
        if known["has_draft"]:
            Draft.objects.create(document=document, title="t")
    if known["is_ruled_out"]:
        NotApplicable.objects.create(item=item, part=part, reason="r", by="b")


def naive(item: Item, part: str) -> PartState:
    document = next((one for one in Document.objects.all() if one.item_id == item.pk and one.part == part), None)
    days = [document.due_on, document.valid_to] if document else []
    return state_of(
        is_ruled_out=any(one.item_id == item.pk and one.part == part for one in NotApplicable.objects.all()),
        is_published=document is not None and document.published_id is not None,
        has_draft=any(document and one.document_id == document.pk for one in Draft.objects.all()),
        is_doubtful=document is not None and document.is_doubtful,
        is_due=any(day is not None and day < TODAY for day in days),
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(WORLD)
def test_the_database_says_the_same_as_a_walk_through_all_rows(world: list[dict[str, Any]]) -> None:
    for model in (Draft, NotApplicable):
        model.objects.all().delete()
    Document.objects.update(published=None)
    Version.objects.all().delete()
    Document.objects.all().delete()
    items = [make_item(kind="business_service") for _one in world]
    for item, parts in zip(items, world, strict=True):
        for part, known in parts.items():
            write(item, part, known)
    found = states_of([item.pk for item in items], TODAY)
    assert found == {item.pk: {part: naive(item, part) for part in PARTS} for item in items}


def test_completeness_is_by_part_service_group_and_whole_with_weights() -> None:
    group = make_group("Vård")
    whole, half = (make_item(name, kind="business_service", says=group) for name in ("Hel", "Halv"))
    make_item("Server", kind="server")
    make_item("Gammal", kind="product", state=int(State.RETIRED))
    for part in PARTS:
        rule_out(whole.reference, part, by=SYSTEM, reason="Behövs inte")
    rule_out(half.reference, "orders", by=SYSTEM, reason="Behövs inte")
    Weight.objects.create(part="orders", weight=60)
    Weight.objects.create(part="changes", weight=0)
    found = handbook(SYSTEM)
    assert {one.item.name: one.share.share for one in found.services} == {"Hel": 1.0, "Halv": 60 / 110}
    assert found.by_part["orders"].share == 1
    assert found.by_part["tasks"].share == 0.5
    assert [(share.done, share.whole, count) for _group, share, count in found.by_group] == [(170, 220, 2)]
    assert {one.gap.part for one in found.gaps} == set(PARTS) - {"orders", "changes"}
    assert {one.service.item.name for one in found.gaps} == {"Halv"}


def test_gaps_stand_by_weight_times_criticality_with_the_sum() -> None:
    low = make_item("Låg", kind="business_service", criticality=1)
    high = make_item("Hög", kind="product", criticality=4)
    Weight.objects.create(part="support", weight=30)
    first, *_rest = found = of_items([low, high], SYSTEM).gaps
    assert (first.service.item.name, first.gap.part, first.sum) == ("Hög", "support", "30 × 4 = 120")
    assert [one.gap.size for one in found] == sorted((one.gap.size for one in found), reverse=True)


def test_the_states_of_many_services_are_asked_for_in_as_many_questions_as_those_of_one(
    django_assert_num_queries: Any,
) -> None:
    items = [make_item(kind="business_service") for _number in range(20)]
    with django_assert_num_queries(2):
        states_of([items[0].pk], TODAY)
    with django_assert_num_queries(2):
        states_of([item.pk for item in items], TODAY)
