"""Coverage counts what the naive reading counts, and each figure leads to exactly its list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.models import GroupState, Membership
from helhet.items.models import Item, Presence, SourceKey, State
from helhet.items.writing import change_items
from helhet.responsibility.command import lines
from helhet.responsibility.coverage import WORDS, as_data, condition_of, count
from helhet.responsibility.models import Reading
from helhet.responsibility.readings import over_time, take_reading
from helhet.rules.coverage import CoverageRow, GroupLife
from helhet.rules.coverage import coverage as naive
from tests.world import DAY, SYSTEM, make_group, make_item, make_source

KINDS = ("server", "document", "location", "business_service")


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(
        st.tuples(st.sampled_from(KINDS), st.sampled_from(list(State)), st.none() | st.integers(0, 3), st.booleans()),
        max_size=8,
    )
)
def test_counts_are_those_of_the_naive_reading_and_of_the_lists(things):
    sid = transaction.savepoint()
    try:
        groups = [make_group("living"), make_group("closed"), make_group("no chair", chair=None), make_group("past")]
        groups[1].state, groups[1].closed_on = GroupState.CLOSED, DAY
        groups[1].save()
        Membership.objects.filter(group=groups[3]).update(to_on=DAY)
        life = {
            groups[0].pk: GroupLife(closed=False, has_chair=True, has_member=True),
            groups[1].pk: GroupLife(closed=True, has_chair=True, has_member=True),
            groups[2].pk: GroupLife(closed=False, has_chair=False, has_member=False),
            groups[3].pk: GroupLife(closed=False, has_chair=False, has_member=False),
        }
        rows = []
        for kind, state, says, is_twice in things:
            item = make_item(kind=kind, state=state, says=groups[says] if says is not None else None)
            if is_twice and says is not None:
                SourceKey.objects.create(
                    source=make_source("other"), key=f"x{item.pk}", item=item, says_group_id=groups[(says + 1) % 4].pk
                )
                change_items([(item, {"tags": ["again"]})], by=SYSTEM, on=DAY)
            rows.append(
                CoverageRow(
                    kind=kind, must_be_owned=kind != "location", state=state.key,
                    group=groups[says].pk if says is not None else None, contested=is_twice and says is not None,
                )
            )  # fmt: skip
        expected = naive(rows, life)
        found = count()
        assert found.all.as_data() == {
            name: getattr(expected, name) for name in ("items", "owned", "unowned", "contested", "dead_owner")
        }
        lists = {
            word: Item.objects.filter(presence=Presence.HERE).filter(condition_of(word, timezone.localdate())).count()
            for word in WORDS
        }
        assert lists == {
            "counted": found.all.items, "owned": found.all.owned, "unowned": found.all.unowned,
            "contested": found.all.contested, "dead": found.all.dead_owner, "living": found.all.living,
        }  # fmt: skip
        assert sum(counts.items for counts in found.by_kind.values()) == found.all.items
        assert sum(counts.items for counts in found.by_group.values()) == found.all.items
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.django_db
def test_a_past_day_is_counted_as_it_was():
    group = make_group("Drift")
    item = make_item(on=dt.date(2026, 1, 10))
    retired = make_item(on=dt.date(2026, 1, 10))
    change_items([(retired, {"state": State.RETIRED})], by=SYSTEM, on=dt.date(2026, 3, 1))
    SourceKey.objects.create(source=make_source(), key="k", item=item, says_group_id=group.pk)
    change_items([(item, {"tags": ["x"]})], by=SYSTEM, on=dt.date(2026, 2, 1))
    assert count(dt.date(2026, 1, 9)).all.items == 0
    assert count(dt.date(2026, 1, 31)).all.as_data()["unowned"] == 2
    assert (count(dt.date(2026, 2, 1)).all.items, count(dt.date(2026, 2, 1)).all.owned) == (2, 1)
    assert count(dt.date(2026, 3, 1)).all.items == 1


@pytest.mark.django_db
def test_a_reading_keeps_the_counts_by_kind_group_and_source():
    group = make_group("Drift")
    make_item(says=group)
    make_item(kind="document")
    take_reading()
    reading = take_reading()
    assert (reading.items, reading.owned) == (2, 1)
    assert Reading.objects.filter(on=reading.on).count() == 1 + 2 + 2 + 1
    assert [one.items for one in over_time(DAY)] == [2]
    data = as_data(count(with_sources=True))
    assert data["by_kind"]["server"]["owned"] == 1
    assert data["by_source"]["cmdb"]["items"] == 1


@pytest.mark.django_db
def test_the_command_says_that_there_is_nothing_rather_than_the_whole_of_nothing():
    with translation.override("en"):
        assert lines(count()) == ["There is nothing to answer for yet."]
        make_item("Alfa", says=make_group("Drift"))
        told = lines(count())
    assert told[0].startswith("0 of 1 items have no group")
    assert "  Server: 1/1" in told
    assert "  Drift: 1" in told
