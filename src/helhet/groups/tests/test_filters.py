"""The filters by group, chair and further role."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups import actions
from helhet.groups.models import Membership
from helhet.items.listing import ItemList
from helhet.items.models import Item
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from tests.world import Cast, as_caller, make_item


@pytest.fixture
def things(cast: Cast, boss: Caller) -> dict[str, Item]:
    """One of Drift's, one of Nät's, one that nobody has."""
    made = {name: make_item(name) for name in ("driftad", "nätad", "ensam")}
    actions.assign([made["driftad"].pk], cast.group.reference, by=boss)
    actions.assign([made["nätad"].pk], cast.other_group.reference, by=boss)
    actions.add_role(made["nätad"].reference, cast.group.reference, "supports", by=boss)
    return made


def found(caller: Caller, text: str) -> set[str]:
    listed = ItemList(caller, text)
    names = {item.name for item in listed.page().items}
    assert names == set(listed.queryset().values_list("name", flat=True))
    assert listed.count().number == len(names)
    return names


@pytest.mark.usefixtures("things")
def test_items_are_found_by_their_group(cast: Cast, boss: Caller) -> None:
    assert found(boss, f"group:{cast.group.reference}") == {"driftad"}
    assert found(boss, f"grupp:{cast.group.reference.lower()}") == {"driftad"}
    assert found(boss, "group:drift") == {"driftad"}
    assert found(boss, 'group:"N*"') == {"nätad"}
    assert found(boss, "group:none") == {"ensam"}
    assert found(boss, "-group:none") == {"driftad", "nätad"}
    assert found(boss, "group:none,drift") == {"driftad", "ensam"}
    assert found(boss, "group:Zzz*") == set()
    assert found(as_caller(cast.member), "group:mine") == {"driftad"}
    assert found(as_caller(cast.reader), "group:mine") == set()


@pytest.mark.usefixtures("things")
def test_items_are_found_by_who_chairs_and_who_helps(boss: Caller, cast: Cast) -> None:
    assert found(boss, "chair:Chair") == {"driftad"}
    assert found(boss, "chair:chair@sjovik.example") == {"driftad"}
    assert found(boss, "chair:none") == {"nätad"} - found(boss, 'chair:"Chair of*"')
    assert found(as_caller(cast.chair), "chair:mine") == {"driftad"}
    assert found(boss, "role:supports") == {"nätad"}
    assert found(boss, "role:Drift") == {"nätad"}
    assert found(boss, "role:none") == {"driftad", "ensam"}


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("text", ["group:Drft", "chair:Ingen_alls", "role:Ingenting", "group:>drift"])
def test_an_unknown_name_is_said_and_pointed_at(boss: Caller, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        ItemList(boss, text)
    assert refused.value.details["at"] >= 0


DAY = timezone.localdate()
near = st.none() | st.integers(-3, 3).map(lambda number: DAY + dt.timedelta(days=number))


@given(first=near, last=near, ended=near, day=st.integers(-4, 4).map(lambda number: DAY + dt.timedelta(days=number)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_membership_holds_from_its_first_to_its_last_day_while_the_person_is_here(
    cast: Cast, first: dt.date | None, last: dt.date | None, ended: dt.date | None, day: dt.date
) -> None:
    row = Membership.objects.get(group=cast.group, role="member")
    Membership.objects.filter(pk=row.pk).update(from_on=first, to_on=last)
    type(row.person).objects.filter(pk=row.person_id).update(ended_on=ended)
    is_held = (first is None or first <= day) and (last is None or day <= last) and (ended is None or day < ended)
    assert Membership.objects.on(day).filter(pk=row.pk).exists() == is_held
