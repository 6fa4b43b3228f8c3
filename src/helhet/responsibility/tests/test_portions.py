"""Items written many at once are decided as if they had come one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.models import Answer, GroundSort
from helhet.items.models import Kind
from helhet.items.writing import NewItem, NewKey, add_items
from helhet.responsibility.deciding import layers
from helhet.responsibility.models import Rule
from tests.world import SYSTEM, make_group, make_source

DAY = dt.date(2026, 3, 1)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.booleans(), st.none() | st.integers(0, 11)), min_size=1, max_size=12), data=st.data())
def test_a_portion_of_wholes_and_parts_gets_each_its_one_answer(rows, data):
    group, source = make_group("Drift"), make_source()
    kind = Kind.objects.get(key="server")
    places = data.draw(st.permutations(range(len(rows))))
    # A row is part of one that comes earlier in some other order, so that parts may stand before their wholes.
    wholes = {
        place: places[whole % at]
        for at, (place, (_says, whole)) in enumerate(zip(places, rows, strict=True))
        if at and whole is not None
    }
    says = {place: says for place, (says, _whole) in zip(places, rows, strict=True)}
    before = Answer.objects.count()
    made = add_items(
        [
            NewItem(
                kind, f"Server {place}", part_of_at=wholes.get(place),
                key=NewKey(source.pk, f"{before}-{place}", says_group_id=group.pk if says[place] else None),
            )
            for place in range(len(rows))
        ],
        by=SYSTEM, on=DAY,
    )  # fmt: skip
    for place, item_id in enumerate(made):
        whole = place
        while not says[whole] and whole in wholes:
            whole = wholes[whole]
        answer = Answer.objects.select_related("ground").get(item_id=item_id)
        assert answer.group_id == (group.pk if says[whole] else None)
        sort = GroundSort.NONE if not says[whole] else GroundSort.SOURCE if whole == place else GroundSort.PART_OF
        assert answer.ground.sort == sort
        assert answer.to_on is None


@pytest.mark.django_db
def test_a_portion_is_laid_in_layers_by_depth():
    kind = Kind.objects.get(key="server")
    made = add_items(
        [NewItem(kind, "c", part_of_at=1), NewItem(kind, "b", part_of_at=2), NewItem(kind, "a"), NewItem(kind, "d")],
        by=SYSTEM, on=DAY,
    )  # fmt: skip
    assert [list(layer) for layer in layers(made)] == [[made[2], made[3]], [made[1]], [made[0]]]
    assert Rule.objects.filter(sort="part_of").exists()
