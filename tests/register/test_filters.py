"""A filter finds in the database what the pure evaluator finds one by one."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.models import Answer
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Item, State
from helhet.items.text import number_of, plain_text, scalars
from helhet.kit.filters import FilterInvalid
from helhet.kit.rights import Caller, Level
from helhet.rules.filters import PlainComparer, Value, matches, parse
from helhet.rules.text import fold, wildcard_match
from tests.world import make_group, make_item

SEER = Caller(name="t", level=Level.ADMINISTRATOR)
KINDS = {"server": "hardware", "document": "document", "storage": "hardware"}
WORDS = ("Malmö", "malmo", "Lund 2", "Lund 10", "ÅRE", "it's", '5" rör', "100%", "a_b", "a*b")
RANK = {one.key: int(one) for one in Criticality}


class ItemComparer(PlainComparer):
    """Families, ranks and attributes as the fields of items mean them."""

    def equals(self, field, value: Value, actual, *, exact: bool) -> bool:
        if field == "kind" and not exact and not value.wildcard and fold(value.text) in KINDS.values():
            return KINDS[str(actual)] == fold(value.text)
        if field == "kind":
            return wildcard_match(value.parts, str(actual)) if value.wildcard else fold(value.text) == str(actual)
        if field in {"state", "criticality"}:
            return fold(value.text) == str(actual)
        return super().equals(field, value, str(actual), exact=exact)

    def order(self, field, value: Value, actual) -> int | None:
        if field == "criticality":
            one, other = RANK[str(actual)], RANK[fold(value.text)]
        elif number_of(value.text) is not None:
            number, asked = number_of(str(actual)), number_of(value.text)
            if number is None or asked is None:
                return None
            return (number > asked) - (number < asked)
        else:
            one, other = fold(str(actual)), fold(value.text)  # type: ignore[assignment]
        return (one > other) - (one < other)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*") + '"'


def starred(text: str) -> str:
    return '"' + text[:2].replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*") + '*"'


term = st.one_of(
    st.sampled_from(
        (
            "kind:server", "kind:hardware", "kind:=document", "kind:server,document", "kind:s*",
            "criticality:high", "criticality:>=medium", "criticality:<high", "criticality:none", "state:live",
            "state:planned,retired", "site:none", "tag:none", "group:none", "tag:x", "tag:x,y", "part_of:none",
            "cpus:>=4", "cpus:<10", "cpus:2..8", "site:>l",
        )
    ),
    st.sampled_from(WORDS).map(lambda word: f"site:{quoted(word)}"),
    st.sampled_from(WORDS).map(lambda word: f"site:{starred(word)}"),
    st.sampled_from(WORDS).map(lambda word: f"name:{quoted(word)}"),
    st.sampled_from(WORDS).map(lambda word: f"name:={quoted(word)}"),
    st.sampled_from(("ö", "u", "0")).map(lambda part: f'name:"*{part}*"'),
)  # fmt: skip
expression = st.recursive(
    term,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda one: f"-({one})"),
    ),
    max_leaves=4,
)
thing = st.tuples(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(WORDS),
    st.sampled_from(list(State)),
    st.sampled_from(list(Criticality)),
    st.fixed_dictionaries(
        {}, optional={"site": st.sampled_from(WORDS), "cpus": st.sampled_from((2, 4, "8", "16", "many", [2, 9]))}
    ),
    st.lists(st.sampled_from(("x", "y")), unique=True),
    st.booleans(),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(thing, max_size=6), texts=st.lists(expression, min_size=1, max_size=5))
def test_a_filter_finds_what_the_pure_evaluator_finds(things, texts):
    sid = transaction.savepoint()
    try:
        group = make_group("Drift")
        items = [
            make_item(
                name, kind=kind, state=state, criticality=criticality, attributes={"site": "base", **attributes},
                tags=tags, says=group if owned else None,
            )
            if attributes.get("site")
            else make_item(
                name, kind=kind, state=state, criticality=criticality, attributes=attributes, tags=tags,
                says=group if owned else None,
            )
            for kind, name, state, criticality, attributes, tags, owned in things
        ]  # fmt: skip
        make_item("declares", kind="process", attributes={"site": "zzz", "cpus": 1})
        owners = dict(Answer.objects.open().values_list("item_id", "group_id"))
        comparer = ItemComparer(dt.date(2026, 1, 1))
        for text in texts:
            node = parse(text)
            expected = {one.pk for one in items if matches(node, lookup_of(one, owners), comparer)}
            found = set(ItemList(SEER, text).ids()) & {one.pk for one in items}
            assert found == expected, text
    finally:
        transaction.savepoint_rollback(sid)


def lookup_of(item: Item, owners):
    def lookup(field):  # noqa: PLR0911 - one for each field
        if field == "kind":
            return [item.kind.key]
        if field == "state":
            return [State(item.state).key]
        if field == "criticality":
            return [Criticality(item.criticality).key or None]
        if field == "name":
            return [item.name]
        if field == "tag":
            return item.tags
        if field == "group":
            return [owners.get(item.pk)]
        if field == "part_of":
            return [item.part_of_id]
        return [plain_text(one) for one in scalars(item.attributes.get(field))]

    return lookup


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        ("kind:serverr", 5, "unknown_value"),
        ("env:prod nosuch:1", 9, "unknown_field"),
        ("updated:<notaday", 9, "bad_day"),
        ("state:live (kind:server", 11, "unclosed_paren"),
        ("kind:>server", 0, "op_not_here"),
    ],
)
def test_a_fault_is_pointed_at(text: str, at: int, code: str):
    make_item(attributes={"env": "prod"})
    with pytest.raises(FilterInvalid) as refused:
        ItemList(SEER, text)
    assert (refused.value.details["at"], refused.value.error.code) == (at, code)
    assert "^" in refused.value.details["pointer"]


@pytest.mark.django_db
def test_days_are_those_of_the_installation_also_at_midnight_and_over_summer_time():
    item = make_item()
    for instant, day in (
        (dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC), "2026-03-29"),
        (dt.datetime(2026, 10, 24, 22, 30, tzinfo=dt.UTC), "2026-10-25"),
    ):
        Item.objects.filter(pk=item.pk).update(updated_at=instant)
        assert list(ItemList(SEER, f"updated:{day}").ids()) == [item.pk]
        assert list(ItemList(SEER, f"updated:>={day}").ids()) == [item.pk]
        assert list(ItemList(SEER, f"updated:<{day}").ids()) == []


@pytest.mark.django_db
def test_nothing_that_is_written_becomes_a_name_in_a_query():
    make_item(attributes={"env": "prod"})
    for text in ("pk__in:1", "kind__key:server", "id:1 OR 1=1", "name:'; drop table items_item;--", "part_of__name:x"):
        found, code = [], ""
        try:
            found = list(ItemList(SEER, text).ids())
        except FilterInvalid as refused:
            code = str(refused.error.code)
        assert found == []
        assert code in {"", "unknown_field"}


@pytest.mark.django_db
def test_groups_are_listed_only_when_they_are_asked_for():
    group = make_group("Drift")
    item = make_item()
    assert list(ItemList(SEER).ids()) == [item.pk]
    assert list(ItemList(SEER, "kind:group").ids()) == [group.pk]
