"""Rules are seen before they are saved, and what is seen is what happens."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Answer
from helhet.items.models import Item
from helhet.items.writing import change_items
from helhet.kit.errors import Clash, Forbidden, Invalid, Stale
from helhet.kit.filters import FilterInvalid
from helhet.responsibility.actions import Draft, change_rule, create_rule, move_rule, remove_rule
from helhet.responsibility.models import Rule, RuleSort
from helhet.responsibility.trying import preview
from tests.world import DAY, SYSTEM, Cast, as_caller, make_group, make_item

TAGS = ("a", "b")


def owners() -> dict[int, int | None]:
    return dict(Answer.objects.open().values_list("item_id", "group_id"))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(
        st.tuples(
            st.lists(st.sampled_from(TAGS), unique=True), st.none() | st.integers(0, 2), st.none() | st.integers(0, 5),
            st.none() | st.integers(0, 2),
        ),
        min_size=1, max_size=6,
    ),
    drafts=st.lists(
        st.tuples(
            st.sampled_from(("new", "change", "move", "remove")), st.sampled_from(TAGS), st.integers(0, 2),
            st.none() | st.integers(1, 4), st.integers(0, 3),
        ),
        min_size=1, max_size=4,
    ),
)  # fmt: skip
def test_a_preview_tells_exactly_what_saving_then_does(things, drafts):
    sid = transaction.savepoint()
    try:
        groups = [make_group(f"G{number}") for number in range(3)]
        rows: list[Item] = []
        for tags, says, whole, hand in things:
            parent = rows[whole].pk if whole is not None and whole < len(rows) else None
            made = make_item(tags=tags, says=groups[says] if says is not None else None, part_of_id=parent, on=DAY)
            rows.append(made)
            if hand is not None:
                assign_by_hand([made.pk], groups[hand], by=SYSTEM, on=DAY)
        for verb, tag, group, place, target in drafts:
            listed = list(Rule.objects.order_by("position"))
            rule = listed[target % len(listed)]
            draft = Draft(filter=f"tag:{tag}", group=groups[group], place=place)
            before = owners()
            if verb == "new":
                seen = preview(draft, by=SYSTEM)
                create_rule(draft, by=SYSTEM)
            elif verb == "move":
                draft = Draft(rule.sort, rule.filter, rule.group, "", place or 1)
                seen = preview(draft, rule, by=SYSTEM)
                move_rule(rule, place or 1, by=SYSTEM, version=rule.version)
            elif rule.sort != RuleSort.NAMED:
                continue
            elif verb == "change":
                draft = Draft(filter=f"tag:{tag}", group=groups[group])
                at = listed.index(rule) + 1
                seen = preview(Draft(filter=draft.filter, group=draft.group, place=at), rule, by=SYSTEM)
                change_rule(rule, draft, by=SYSTEM, version=rule.version)
            else:
                seen = preview(draft, rule, by=SYSTEM, remove=True)
                remove_rule(rule, by=SYSTEM, version=rule.version)
            after = owners()
            moved = {item: (before[item], after[item]) for item in before if before[item] != after[item]}
            told = {
                move.item.pk: (
                    move.from_group.pk if move.from_group else None,
                    move.to_group.pk if move.to_group else None,
                )
                for move in seen.moves
            }
            assert told == moved
            assert seen.moved == len(moved) == sum(flow.number for flow in seen.flows)
    finally:
        transaction.savepoint_rollback(sid)


@pytest.mark.django_db
def test_a_new_rule_moves_what_it_selects_and_says_so_in_the_ground():
    group = make_group("Drift")
    item = make_item(tags=["prod"])
    rule, moved = create_rule(Draft(filter="tag:prod", group=group, note="drift i datahall"), by=SYSTEM)
    answer = Answer.objects.open().select_related("ground").get(item=item)
    assert moved.groups == 1
    assert answer.group_id == group.pk
    assert (answer.ground.rule_id, answer.ground.number) == (rule.pk, rule.number)
    assert answer.ground.text == "tag:prod, drift i datahall"


@pytest.mark.django_db
def test_a_filter_with_a_fault_is_refused_at_its_place():
    group = make_group("Drift")
    with pytest.raises(FilterInvalid) as refused:
        create_rule(Draft(filter="tag:prod nosuch:1", group=group), by=SYSTEM)
    assert refused.value.details["at"] == 9


@pytest.mark.django_db
def test_a_rule_for_everything_must_be_meant():
    with pytest.raises(Invalid):
        create_rule(Draft(filter="  ", group=make_group("Drift")), by=SYSTEM)


@pytest.mark.django_db
def test_the_given_rules_can_be_moved_but_not_removed():
    rule = Rule.objects.get(sort=RuleSort.SOURCE)
    with pytest.raises(Clash):
        remove_rule(rule, by=SYSTEM, version=rule.version)
    move_rule(rule, 2, by=SYSTEM, version=rule.version)
    assert [one.sort for one in Rule.objects.order_by("position")] == ["part_of", "source"]


@pytest.mark.django_db
def test_only_the_management_team_and_administrators_write_rules():
    cast = Cast()
    draft = Draft(filter="kind:server", group=cast.group)
    for name in ("reader", "member", "chair"):
        with pytest.raises(Forbidden):
            create_rule(draft, by=as_caller(getattr(cast, name)))
    create_rule(draft, by=as_caller(cast.coordinator))


@pytest.mark.django_db
def test_a_rule_that_somebody_changed_first_is_not_overwritten():
    group = make_group("Drift")
    rule, _moved = create_rule(Draft(filter="kind:server", group=group), by=SYSTEM)
    change_rule(rule, Draft(filter="kind:storage", group=group), by=SYSTEM, version=1)
    with pytest.raises(Stale):
        change_rule(rule, Draft(filter="kind:database", group=group), by=SYSTEM, version=1)


@pytest.mark.django_db
def test_a_rule_that_can_no_longer_be_read_selects_nothing_and_stops_no_save():
    group = make_group("Drift")
    item = make_item(attributes={"rack": "4"})
    rule, moved = create_rule(Draft(filter="rack:4", group=group), by=SYSTEM)
    assert moved.groups == 1
    Rule.objects.filter(pk=rule.pk).update(filter="nosuch:4")
    make_item(name="another")
    change_items([(Item.objects.select_related("kind").get(pk=item.pk), {"tags": ["x"]})], by=SYSTEM, on=DAY)
    assert owners()[item.pk] is None


@pytest.mark.django_db
def test_a_rule_that_selects_nobodys_things_can_be_saved():
    _rule, moved = create_rule(Draft(filter="group:mine", group=make_group("Drift")), by=SYSTEM)
    assert moved.groups == 0
    assert preview(Draft(filter="group:mine", group=make_group("Nät")), by=SYSTEM).selected == 0
