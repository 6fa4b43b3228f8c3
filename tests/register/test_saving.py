"""Rows that stand are written as the objects have them, whatever the type of the column."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.models import Group
from helhet.items.models import Item
from helhet.kit.engines import save
from tests.world import make_group, make_item

FIELDS = ("name", "attributes", "tags", "retired_on", "updated_at", "part_of", "criticality")
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=20)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=TEXT, attributes=st.dictionaries(TEXT, st.none() | TEXT | st.integers(-9, 9) | st.booleans(), max_size=3),
    tags=st.lists(TEXT, max_size=3), retired_on=st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    updated_at=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - bounds are naive
)  # fmt: skip
def test_what_is_saved_is_what_is_read(name, attributes, tags, retired_on, updated_at):
    whole, other, item = (make_item(one) for one in ("whole", "other", "item"))
    item.name, item.attributes, item.tags, item.retired_on = name, attributes, tags, retired_on
    item.updated_at, item.part_of, item.criticality, item.description = updated_at, whole if tags else None, 3, "not"
    save(Item, [item], FIELDS)
    read = Item.objects.get(pk=item.pk)
    assert [getattr(read, field) for field in FIELDS] == [getattr(item, field) for field in FIELDS]
    assert read.description == ""
    assert Item.objects.get(pk=other.pk).name == "other"


@pytest.mark.django_db
def test_a_row_whose_key_is_that_of_another_is_saved_by_it_and_none_is_nothing():
    first, second = make_group("Första"), make_group("Andra")
    first.mandate = "Svarar för allt"
    save(Group, [first], ["mandate"])
    save(Group, [], ["mandate"])
    assert list(Group.objects.order_by("pk").values_list("pk", "mandate")) == [
        (first.pk, "Svarar för allt"), (second.pk, second.mandate),
    ]  # fmt: skip
