"""Pages of items: each item once, in order, forward and back, whatever comes and goes between two pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models.lookups import Exact
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.estate import sorts
from helhet.groups.models import Answer
from helhet.items import listing, measuring
from helhet.items.listing import ItemList, encode_cursor
from helhet.items.models import Criticality, Item, State
from helhet.kit.engines.drawing import Lottery, among
from helhet.kit.engines.each_row import hidden
from helhet.kit.errors import Invalid
from helhet.kit.rights import NOBODY, Caller, Level
from tests.world import make_group, make_item

SEER = Caller(name="t", level=Level.ADMINISTRATOR)
SORTS = ("name", "-name", "id", "-id", "kind", "-kind", "state", "-state", "criticality", "-criticality", "updated",
         "-updated")  # fmt: skip
thing = st.tuples(
    st.sampled_from(("srv10", "srv2", "Ö", "ä", "a", "a")),
    st.sampled_from(("server", "document", "application")),
    st.sampled_from(list(State)),
    st.sampled_from(list(Criticality)),
    st.sampled_from(("prod", "test")),
)


@contextmanager
def thresholds(**values: int) -> Iterator[None]:
    """Other limits at which a list chooses its way; what was written meanwhile is gone afterwards."""
    places = [(room, name) for name in values for room in (listing, measuring, sorts) if hasattr(room, name)]
    assert {name for _room, name in places} == values.keys()
    kept = [getattr(room, name) for room, name in places]
    sid = transaction.savepoint()
    try:
        for room, name in places:
            setattr(room, name, values[name])
        yield
    finally:
        for (room, name), value in zip(places, kept, strict=True):
            setattr(room, name, value)
        transaction.savepoint_rollback(sid)


def pages(sort: str, text: str, size: int) -> list[list[int]]:
    found, cursor = [], ""
    while True:
        page = ItemList(SEER, text, sort=sort).page(cursor=cursor, size=size)
        found.append([item.pk for item in page.items])
        if not page.next:
            return found
        cursor = page.next


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(thing, max_size=9), sort=st.sampled_from(SORTS), size=st.integers(1, 4),
    text=st.sampled_from(("", "env:prod", "kind:server", "env:prod criticality:>=low", "-env:test")),
    ways=st.fixed_dictionaries({
        "FEW": st.sampled_from((0, 4_000)), "WINDOW": st.sampled_from((0, 1, 3, 10_000)),
        "BROAD": st.sampled_from((0, 200_000)), "CROSSED": st.sampled_from((0, 20_000)),
    }),
)  # fmt: skip
def test_pages_hold_each_item_once_in_order_forward_and_back(things, sort, size, text, ways):
    with thresholds(**ways):
        for name, kind, state, criticality, env in things:
            make_item(name, kind=kind, state=state, criticality=criticality, attributes={"env": env})
        make_item("last", kind="process", attributes={"env": "none of these"})
        forward = pages(sort, text, size)
        flat = [pk for page in forward for pk in page]
        assert sorted(flat) == sorted(ItemList(SEER, text).ids())
        assert flat == naive_order(flat, sort)
        assert [item.pk for item in ItemList(SEER, text, sort=sort).stream(chunk=2)] == flat
        cursor, backward = "", []
        page = ItemList(SEER, text, sort=sort).page(size=size)
        while page.next:
            page = ItemList(SEER, text, sort=sort).page(cursor=page.next, size=size)
        while True:
            backward.insert(0, [item.pk for item in page.items])
            cursor = page.previous
            if not cursor:
                break
            page = ItemList(SEER, text, sort=sort).page(cursor=cursor, size=size)
        assert [pk for page in backward for pk in page] == flat
        assert ItemList(SEER, text).count().number == len(flat)


def naive_order(ids: list[int], sort: str) -> list[int]:
    column = sort.lstrip("-")
    keys = {
        "name": lambda item: (item.name_key, item.pk),
        "id": lambda item: (item.prefix, item.number),
        "kind": lambda item: (item.kind_id, item.pk),
        "state": lambda item: (item.state, item.pk),
        "criticality": lambda item: (item.criticality, item.pk),
        "updated": lambda item: (item.updated_at, item.pk),
    }
    items = sorted(Item.objects.filter(pk__in=ids), key=keys[column], reverse=sort.startswith("-"))
    return [item.pk for item in items]


@pytest.mark.django_db
def test_a_new_item_shifts_no_page_that_was_read():
    items = [make_item(f"b{number}") for number in range(4)]
    first = ItemList(SEER).page(size=2)
    make_item("a0")
    second = ItemList(SEER).page(cursor=first.next, size=2)
    assert [item.pk for item in second.items] == [items[2].pk, items[3].pk]


@pytest.mark.django_db
def test_sorting_by_group_puts_the_unowned_last_and_pages_through():
    groups = [make_group(name) for name in ("Öst", "Alfa", "Mitt")]
    for number in range(7):
        make_item(f"x{number}", says=groups[number % 3] if number < 5 else None)
    for sort in ("group", "-group"):
        flat = [pk for page in pages(sort, "", 2) for pk in page]
        owners = dict(Answer.objects.open().values_list("item_id", "group__item__name"))
        names = [owners[pk] for pk in flat]
        assert len(flat) == len(set(flat)) == 7
        known = [name for name in names if name]
        order = ["Alfa", "Mitt", "Öst"] if sort == "group" else ["Öst", "Mitt", "Alfa"]
        assert known == sorted(known, key=order.index)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    wholes=st.lists(st.sampled_from(("a", "b", "b", "Ö")), min_size=1, max_size=4),
    parts=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=9),
    asked=st.tuples(st.sampled_from(("part_of", "-part_of")), st.sampled_from(("", "env:prod")), st.integers(1, 4)),
    ways=st.tuples(st.sampled_from((0, 4_000)), st.sampled_from((0, 2_000)), st.sampled_from((1, 16))),
)  # fmt: skip
def test_sorting_by_the_whole_follows_its_name_and_puts_what_stands_alone_last(wholes, parts, asked, ways):
    sort, text, size = asked
    with thresholds(FEW=ways[0], PARTS_AT_ONCE=ways[1], FIRST_PORTION=ways[2]):
        above = [make_item(name, attributes={"env": "prod"}) for name in wholes]
        for number, is_prod in parts:
            whole = above[number] if number < len(above) else None
            make_item("x", part_of_id=whole.pk if whole else None, attributes={"env": "prod" if is_prod else "test"})
        items = list(Item.objects.filter(kind__is_listed=True).select_related("part_of"))
        fitting = [item for item in items if not text or item.attributes.get("env") == "prod"]
        having = [item for item in fitting if item.part_of]
        having.sort(key=lambda item: (item.part_of.name_key, item.part_of_id, item.pk), reverse=sort.startswith("-"))
        alone = sorted((item.pk for item in fitting if not item.part_of), reverse=sort.startswith("-"))
        forward = pages(sort, text, size)
        assert [pk for page in forward for pk in page] == [item.pk for item in having] + alone
        assert backward_pages(sort, text, size) == [pk for page in forward for pk in page]


def backward_pages(sort: str, text: str, size: int) -> list[int]:
    page = ItemList(SEER, text, sort=sort).page(size=size)
    while page.next:
        page = ItemList(SEER, text, sort=sort).page(cursor=page.next, size=size)
    found = [item.pk for item in page.items]
    while page.previous:
        page = ItemList(SEER, text, sort=sort).page(cursor=page.previous, size=size)
        found = [item.pk for item in page.items] + found
    return found


@pytest.mark.django_db
def test_what_many_fit_is_told_by_a_sample_and_what_few_fit_is_counted():
    with thresholds(LARGE=1, FIRST_SAMPLE=40, SAMPLE=40, FEW=0):
        for number in range(60):
            make_item(f"x{number}", attributes={"env": "prod" if number else "test"})
        exact = ItemList(SEER, "env:prod").count(58)
        assert (exact.number, exact.more) == (58, True)
        with CaptureQueriesContext(connection) as asked:
            told = ItemList(SEER, "env:prod").count(5)
        assert (told.number, told.more) == (5, True)
        assert "LIMIT 6)" not in str(asked.captured_queries)
        assert ItemList(SEER, "env:test").count(5) == measuring.Count(1)
        assert ItemList(SEER, "env:prod").count(None) == measuring.Count(59)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    both=st.integers(0, 30), one=st.integers(0, 20), limit=st.integers(1, 12), drawn=st.integers(1, 40),
    crossed=st.sampled_from((0, 3, 20_000)),
)  # fmt: skip
def test_a_count_of_two_terms_says_more_only_where_there_are_more(both, one, limit, drawn, crossed):
    with thresholds(FEW=0, LARGE=1_000_000, FIRST_SAMPLE=drawn, SAMPLE=drawn, CROSSED=crossed):
        for number in range(both + one):
            make_item(f"n{number}", kind="server", attributes={"env": "prod" if number < both else "test"})
        make_item("last", kind="process", attributes={"env": "prod"})
        told = ItemList(SEER, "kind:server env:prod").count(limit)
        assert (told.number, told.more) == (min(both, limit), both > limit)
        assert ItemList(SEER, "kind:server env:prod").count(None).number == both
        narrower = ItemList(SEER, "kind:server env:prod").also("group:none")
        assert narrower.count(None).number == both


@pytest.mark.django_db
def test_a_sample_of_what_meets_the_narrower_term_spares_the_count():
    with thresholds(FEW=0, LARGE=1_000_000, FIRST_SAMPLE=60, SAMPLE=60):
        for number in range(60):
            make_item(f"n{number}", kind="server", attributes={"env": "prod"})
        make_item("last", kind="process", attributes={"env": "prod"})
        with CaptureQueriesContext(connection) as asked:
            told = ItemList(SEER, "kind:server env:prod").count(20)
        assert (told.number, told.more) == (20, True)
        assert any("random()" in query["sql"] for query in asked)
        assert not any("LIMIT 21" in query["sql"] for query in asked)


@pytest.mark.django_db
def test_two_terms_that_many_meet_are_read_whole_and_what_meets_both_is_read_by_its_ids():
    with thresholds(FEW=0, WINDOW=0, CROSSED=20):
        for number in range(30):
            make_item(f"n{number:02}", kind="server", attributes={"env": "prod" if number % 2 else "test"})
        make_item("last", kind="process", attributes={"env": "prod"})
        listed = ItemList(SEER, "kind:server env:prod", sort="-name")
        few = listed.ways.cross()
        assert few is not None
        assert len(few.ids) == 15
        assert [item.name for item in listed.page(size=3).items] == ["n29", "n27", "n25"]
        assert listed.count(4) == measuring.Count(4, more=True)
        assert ItemList(SEER, "kind:server").ways.cross() is None
        with thresholds(CROSSED=14):
            assert ItemList(SEER, "kind:server env:prod").ways.cross() is None


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(thing, max_size=9), groups=st.lists(st.integers(0, 2), min_size=9, max_size=9),
    text=st.sampled_from((
        "env:prod", "-env:prod", "group:none", "-group:none", "group:Alfa", "group:Alfa,none", "-group:Alfa,none",
        "env:p*", "env:none", "env:prod OR group:none", "(env:test kind:server) OR -(group:Alfa env:prod)",
        "coverage:unowned", "ground:source", "source:none", "part_of:none env:prod",
    )),
)  # fmt: skip
def test_a_condition_asked_of_each_row_holds_of_the_same_items(things, groups, text):
    with thresholds():
        named = [None, make_group("Alfa"), make_group("Beta")]
        for (name, kind, state, criticality, env), number in zip(things, groups, strict=False):
            make_item(
                name, kind=kind, state=state, criticality=criticality, attributes={"env": env}, says=named[number]
            )
        make_item("last", attributes={"env": "none of these"})
        condition = ItemList(SEER, text).translation.condition
        asked = Item.objects.filter(hidden(condition))
        assert "EXISTS(" not in str(asked.query)
        assert set(asked.values_list("pk", flat=True)) == set(
            Item.objects.filter(condition).values_list("pk", flat=True)
        )


@pytest.mark.django_db
def test_drawing_by_chance_takes_all_or_none_at_the_ends_and_about_its_share_between():
    ids = {make_item(f"n{number}").pk for number in range(200)}
    found = Item.objects.filter(pk__in=ids)
    drawn = {share: set(found.filter(Exact(Lottery(share), 1)).values_list("pk", flat=True)) for share in (0, 0.5, 1)}
    assert drawn[0] == set()
    assert drawn[1] == ids
    assert 40 < len(drawn[0.5]) < 160
    assert set(Item.objects.filter(among("pk", drawn[0.5])).values_list("pk", flat=True)) == drawn[0.5]
    assert not Item.objects.filter(among("pk", [])).exists()


@pytest.mark.django_db
def test_a_place_that_cannot_be_read_is_refused_and_a_size_is_bounded():
    for number in range(3):
        make_item(f"x{number}")
    hostile = [encode_cursor(values, back=False) for values in (["x"], [{"a": 1}, 2], [None, None], ["a", "b", "c"])]
    for cursor in ("nonsense", "W10", "WzFd", "bnVsbA", *hostile):
        with pytest.raises(Invalid):
            ItemList(SEER).page(cursor=cursor)
    with pytest.raises(Invalid):
        ItemList(SEER, sort="nosuch")
    assert len(ItemList(SEER).page(size=10_000).items) == 3


@pytest.mark.django_db
def test_a_count_stops_at_its_limit_and_says_so():
    for number in range(4):
        make_item(f"x{number}")
    assert (ItemList(SEER).count(3).number, ItemList(SEER).count(3).more) == (3, True)
    assert (ItemList(SEER).count().number, ItemList(SEER).count().more) == (4, False)


@pytest.mark.django_db
def test_nobody_sees_nothing():
    make_item()
    assert ItemList(NOBODY).page().items == []
    assert ItemList(NOBODY).count().number == 0
