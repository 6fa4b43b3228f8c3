"""Items come to be and change in one way, with history, index and references that hold."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.models import Answer
from helhet.items.actions import change_item, comment, create_item, link, remove_comment, undo_change, unlink
from helhet.items.finding import find_item
from helhet.items.models import Item, ItemValue, Kind, State, Value
from helhet.items.text import attribute_name, fold, plain_text, scalars
from helhet.items.writing import NewItem, add_items, change_items
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Forbidden, Invalid, NotFound, Stale, VersionMissing
from tests.world import DAY, SYSTEM, Cast, as_caller, make_item

letters = st.characters(exclude_characters="\x00", exclude_categories=("Cs",))  # what no door lets in
scalar = st.one_of(
    st.text(letters, max_size=6),
    st.integers(-5, 5),
    st.booleans(),
    st.none(),
    st.sampled_from(("A", "a", "é", "Å", " a ")),
)
attributes = st.dictionaries(
    st.sampled_from(("env", "Env", "site code", "å")), st.one_of(scalar, st.lists(scalar, max_size=2)), max_size=3
)
tags = st.lists(st.sampled_from(("x", "X", "y")), max_size=3)


def naive_values(item: Item) -> set[tuple[str, str]]:
    found = {("tag", fold(tag)) for tag in item.tags}
    for name, value in item.attributes.items():
        found |= {(attribute_name(name), fold(plain_text(one))[:200]) for one in scalars(value)}
    return {(name, folded) for name, folded in found if folded}


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(st.tuples(attributes, tags), min_size=1, max_size=4), later=st.lists(st.tuples(attributes, tags)))
def test_the_index_of_values_is_what_the_items_say(first, later):
    sid = transaction.savepoint()
    try:
        kind = Kind.objects.get(key="server")
        ids = add_items(
            [NewItem(kind=kind, name=f"s{place}", attributes=a, tags=t) for place, (a, t) in enumerate(first)],
            by=SYSTEM, on=DAY,
        )  # fmt: skip
        for place, (wanted, wanted_tags) in enumerate(later):
            item = Item.objects.select_related("kind").get(pk=ids[place % len(ids)])
            change_items([(item, {"attributes": wanted, "tags": wanted_tags})], by=SYSTEM, on=DAY)
        for item in Item.objects.filter(pk__in=ids):
            indexed = ItemValue.objects.filter(item=item).values_list("value__name__name", "value__fold")
            assert set(indexed) == naive_values(item)
            assert len(indexed) == len(set(indexed))
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.django_db
def test_a_value_is_kept_once_however_it_is_written():
    make_item(attributes={"env": "Prod"})
    make_item(attributes={"env": "prod"})
    assert Value.objects.filter(name__name="env").count() == 1


@pytest.mark.django_db
def test_references_follow_each_other_and_are_never_used_again():
    first, second = make_item(kind="server"), make_item(kind="server")
    assert second.number == first.number + 1
    change_items([(second, {"presence": 1})], by=SYSTEM, on=DAY)
    assert make_item(kind="storage").number == second.number + 1
    assert second.reference.startswith("HW-")


@pytest.mark.django_db
def test_a_reference_survives_a_change_of_kind():
    item = make_item(kind="server")
    changed = change_item(item.reference, by=SYSTEM, version=1, kind="virtual_machine")
    assert (changed.reference, changed.kind.key) == (item.reference, "virtual_machine")


@pytest.mark.django_db
def test_history_tells_who_what_before_and_after_and_why():
    cast = Cast()
    item = make_item("Växel", says=cast.group)
    change_item(item.reference, by=as_caller(cast.member), version=1, state="retiring", reason="byts ut")
    event = Event.objects.get(verb="items.item.changed", noun_id=item.pk)
    assert (event.actor, event.before, event.after, event.reason) == (
        str(cast.member), {"state": "live"}, {"state": "retiring"}, "byts ut",
    )  # fmt: skip


@pytest.mark.django_db
def test_retiring_is_dated_and_undone():
    item = make_item()
    change_items([(item, {"state": State.RETIRED})], by=SYSTEM, on=dt.date(2026, 2, 1))
    assert Item.objects.get(pk=item.pk).retired_on == dt.date(2026, 2, 1)
    event = Event.objects.get(verb="items.item.changed", noun_id=item.pk)
    undo_change(item.reference, event.pk, by=SYSTEM)
    again = Item.objects.get(pk=item.pk)
    assert (again.state, again.retired_on) == (State.LIVE, None)


@pytest.mark.django_db
def test_undo_keeps_what_was_changed_later():
    item = make_item("A", attributes={"env": "test", "site": "1"})
    change_item(item.reference, by=SYSTEM, version=1, name="B", attributes={"env": "prod", "site": "2"})
    change_item(item.reference, by=SYSTEM, version=2, attribute=("site", "3"))
    first = Event.objects.filter(verb="items.item.changed", noun_id=item.pk).order_by("id")[0]
    undone = undo_change(item.reference, first.pk, by=SYSTEM)
    assert (undone.name, undone.attributes) == ("A", {"env": "test", "site": "3"})
    with pytest.raises(Clash):
        undo_change(item.reference, first.pk, by=SYSTEM)


@pytest.mark.django_db
def test_a_change_says_which_version_it_was_made_from():
    item = make_item()
    with pytest.raises(VersionMissing):
        change_item(item.reference, by=SYSTEM, version=None, name="x")
    change_item(item.reference, by=SYSTEM, version=1, name="x")
    with pytest.raises(Stale) as refused:
        change_item(item.reference, by=SYSTEM, version=1, name="y")
    assert refused.value.details == {"given": 1, "current": 2}
    assert change_item(item.reference, by=SYSTEM, version=2, name="x").version == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "nosuch"}, "kind"),
        ({"kind": "server", "state": "broken"}, "state"),
        ({"kind": "server", "criticality": "huge"}, "criticality"),
        ({"kind": "server", "name": "  "}, "name"),
        ({"kind": "server", "colour": "red"}, "colour"),
        ({"kind": "group"}, "kind"),
        ({"kind": "server", "tags": ["x" * 101]}, "tags"),
    ],
)
def test_values_that_cannot_be_taken_are_refused_at_their_field(fields, field: str):
    with pytest.raises(Invalid) as refused:
        create_item(by=SYSTEM, **{"name": "n", **fields})
    assert refused.value.field == field
    assert not Item.objects.filter(kind__is_listed=True).exists()


@pytest.mark.django_db
def test_part_of_makes_no_loop():
    whole = create_item(by=SYSTEM, kind="cluster", name="whole")
    part = create_item(by=SYSTEM, kind="server", name="part", part_of=whole.reference)
    with pytest.raises(Invalid):
        change_item(whole.reference, by=SYSTEM, version=1, part_of=part.reference)
    with pytest.raises(Invalid):
        change_item(whole.reference, by=SYSTEM, version=1, part_of=whole.reference)


@pytest.mark.django_db
def test_an_item_is_found_by_reference_and_by_source_and_key():
    item = make_item(key="AB:1")
    assert find_item(item.reference.lower(), SYSTEM).pk == item.pk
    assert find_item("cmdb:AB:1", SYSTEM).pk == item.pk
    for text in ("HW-", "nosuch", "cmdb:zz", "HW-99999999999999999999", "", ":", "HW-1\x00"):
        with pytest.raises(NotFound):
            find_item(text, SYSTEM)


@pytest.mark.django_db
def test_only_the_group_that_answers_changes_an_item():
    cast = Cast()
    item = make_item(says=cast.group)
    for name in ("reader", "other"):
        with pytest.raises(Forbidden):
            change_item(item.reference, by=as_caller(getattr(cast, name)), version=1, name="x")
    change_item(item.reference, by=as_caller(cast.member), version=1, name="x")


@pytest.mark.django_db
def test_each_item_has_its_answer_from_the_moment_it_is_there():
    item = make_item()
    (answer,) = Answer.objects.filter(item=item)
    assert (answer.group_id, answer.from_on, answer.to_on) == (None, DAY, None)


@pytest.mark.django_db
def test_words_and_links_leave_traces_when_they_go():
    cast = Cast()
    item, other = make_item(says=cast.group), make_item()
    said = comment(item, " Bytt fläkt ", by=as_caller(cast.reader))
    with pytest.raises(Forbidden):
        remove_comment(said, by=as_caller(cast.other))
    remove_comment(said, by=as_caller(cast.reader))
    made = link(item, other, "replaces", by=as_caller(cast.member))
    assert link(item, other, "replaces", by=as_caller(cast.member)).pk == made.pk
    unlink(made, by=as_caller(cast.member))
    with pytest.raises(Invalid):
        link(item, item, "replaces", by=as_caller(cast.member))
    verbs = set(Event.objects.filter(noun_id=item.pk).values_list("verb", flat=True))
    assert {"items.comment.made", "items.comment.removed", "items.link.made", "items.link.removed"} <= verbs
