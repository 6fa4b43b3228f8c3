"""Answers decided in the database are those that a plain reading of the rules gives."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.groups.answering import Day, assign_by_hand, release
from helhet.groups.models import Answer, GroundSort, Group
from helhet.items.models import Item, SourceKey
from helhet.items.writing import change_items
from helhet.responsibility.deciding import claim_rule, recompute, recompute_all, settle
from helhet.responsibility.models import Claim, Rule
from tests.world import SYSTEM, make_group, make_item

DAY = dt.date(2026, 3, 1)
TAGS = ("a", "b", "c")


@dataclass
class Plain:
    """One item as the naive reading knows it."""

    tags: list[str]
    says: int | None
    whole: int | None
    hand: int | None = None
    answers: dict[dt.date, tuple[int | None, bool]] = field(default_factory=dict)


def naive(things: dict[int, Plain], rules: list[tuple[str, str, int | None]], key: int) -> tuple[int | None, str, bool]:
    """(group, ground, contested) of one item, by walking the list as the issue tells it."""
    thing = things[key]
    if thing.hand is not None:
        return thing.hand, "HAND", False
    claims: set[int] = set()
    decided: tuple[int, str] | None = None
    for sort, tag, group in rules:
        if tag and tag not in thing.tags:
            continue
        found: int | None = None
        if sort == "named":
            found = group
        elif sort == "source":
            found = thing.says
        elif thing.whole is not None:
            found = naive(things, rules, thing.whole)[0]
        if found is None:
            continue
        if sort != "part_of":
            claims.add(found)
        if decided is None:
            decided = found, {"named": "RULE", "source": "SOURCE", "part_of": "PART_OF"}[sort]
    return (*(decided or (None, "NONE")), len(claims) > 1)


def set_rules(rules: list[tuple[str, str, int | None]], groups: list[Group]) -> None:
    Rule.objects.all().delete()
    for place, (sort, tag, group) in enumerate(rules, start=1):
        Rule.objects.create(
            number=place, position=place, sort=sort, filter=f"tag:{tag}" if tag else "",
            group=groups[group] if group is not None else None,
        )  # fmt: skip


rule = st.one_of(
    st.tuples(st.just("named"), st.sampled_from(("", *TAGS)), st.integers(0, 2)),
    st.tuples(st.sampled_from(("source", "part_of")), st.sampled_from(("", "", "a")), st.none()),
)
item = st.tuples(
    st.lists(st.sampled_from(TAGS), unique=True), st.none() | st.integers(0, 2), st.none() | st.integers(0, 6)
)
step = st.one_of(
    st.tuples(st.just("tags"), st.integers(0, 6), st.lists(st.sampled_from(TAGS), unique=True)),
    st.tuples(st.just("hand"), st.integers(0, 6), st.integers(0, 2)),
    st.tuples(st.just("release"), st.integers(0, 6), st.none()),
    st.tuples(st.just("says"), st.integers(0, 6), st.none() | st.integers(0, 2)),
    st.tuples(st.just("whole"), st.integers(0, 6), st.none() | st.integers(0, 6)),
    st.tuples(st.just("rules"), st.just(0), st.lists(rule, min_size=1, max_size=5)),
    st.tuples(st.just("refilter"), st.integers(0, 4), st.sampled_from(TAGS)),
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.lists(item, min_size=1, max_size=7),
    rules=st.lists(rule, min_size=1, max_size=5),
    steps=st.lists(step, max_size=6),
)
def test_answers_are_those_of_a_plain_reading_after_every_step(
    things: list[tuple[list[str], int | None, int | None]],
    rules: list[tuple[str, str, int | None]],
    steps: list[tuple[str, int, object]],
):
    sid = transaction.savepoint()
    try:
        groups = [make_group(f"G{number}") for number in range(3)]
        set_rules(rules, groups)
        rows: list[Item] = []
        plain: dict[int, Plain] = {}
        for place, (tags, says, whole) in enumerate(things):
            parent = whole if whole is not None and whole < place else None
            made = make_item(
                tags=tags, says=groups[says] if says is not None else None, on=DAY, key=f"k{place}",
                part_of_id=rows[parent].pk if parent is not None else None,
            )  # fmt: skip
            rows.append(made)
            plain[place] = Plain(tags, says, parent)
        day = DAY
        assert_equal(plain, rules, rows, groups, day)
        for verb, target, value in steps:
            day += dt.timedelta(days=1)
            rules = take_step(verb, target, value, plain, rules, rows, groups, day)
            assert_equal(plain, rules, rows, groups, day)
    finally:
        transaction.savepoint_rollback(sid)


def take_step(verb, target, value, plain, rules, rows, groups, day):  # noqa: C901, PLR0917 - one branch a verb
    if verb == "rules":
        set_rules(value, groups)
        recompute_all(Day(day))
        return value
    if verb == "refilter":
        sort, _tag, group = rules[target % len(rules)]
        one = Rule.objects.order_by("position")[target % len(rules)]
        one.filter = f"tag:{value}"
        one.save()
        if not _tag:
            recompute_all(Day(day))
        else:
            claim_rule(one)
            settle(Day(day))
        changed = list(rules)
        changed[target % len(rules)] = (sort, value, group)
        return changed
    place = target % len(rows)
    row = Item.objects.select_related("kind").get(pk=rows[place].pk)
    if verb == "tags":
        plain[place].tags = value
        change_items([(row, {"tags": value})], by=SYSTEM, on=day)
    elif verb == "hand":
        plain[place].hand = value
        assign_by_hand([row.pk], groups[value], by=SYSTEM, on=day)
    elif verb == "release":
        plain[place].hand = None
        release([row.pk], by=SYSTEM, on=day)
    elif verb == "says":
        plain[place].says = value
        SourceKey.objects.filter(item=row).update(says_group_id=groups[value].pk if value is not None else None)
        recompute([row.pk], by=SYSTEM, on=day)
    elif verb == "whole":
        whole = value % len(rows) if value is not None else None
        step = whole
        while step is not None and step != place:
            step = plain[step].whole
        if step == place:
            return rules
        plain[place].whole = whole
        change_items([(row, {"part_of_id": rows[whole].pk if whole is not None else None})], by=SYSTEM, on=day)
    return rules


def assert_equal(plain, rules, rows, groups, day):
    numbers = {group.pk: place for place, group in enumerate(groups)}
    for place, row in enumerate(rows):
        group, ground, contested = naive(plain, rules, place)
        answers = list(Answer.objects.filter(item=row).order_by("from_on", "id").select_related("ground"))
        (now,) = [one for one in answers if one.to_on is None]
        found = (numbers.get(now.group_id), GroundSort(now.ground.sort).name, now.is_contested)
        assert found == (group, ground, contested), (place, plain, rules)
        plain[place].answers[day] = (group, contested)
        for earlier, later in itertools.pairwise(answers):
            assert earlier.to_on == later.from_on
            assert earlier.from_on < earlier.to_on
            assert (earlier.group_id, earlier.ground_id, earlier.is_contested) != (
                later.group_id, later.ground_id, later.is_contested
            )  # fmt: skip
        for past, expected in plain[place].answers.items():
            (held,) = Answer.objects.on(past).filter(item=row)
            assert (numbers.get(held.group_id), held.is_contested) == expected


@pytest.mark.django_db
def test_a_rule_that_selects_nothing_leaves_no_claim():
    group = make_group("Drift")
    one = Rule.objects.create(number=9, position=1, filter="tag:zz", group=group)
    make_item(tags=["a"])
    claim_rule(one)
    assert not Claim.objects.exists()
