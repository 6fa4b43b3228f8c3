"""Who answers, and why: the settled semantics, example by example and by chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.ownership import (
    Answer,
    Claim,
    Facts,
    Ground,
    Outcome,
    Parent,
    Rule,
    Sort,
    Step,
    decide,
    decide_all,
)

DRIFT, NET, HEALTH = 1, 2, 3
SERVERS = Rule(1, 11, Sort.NAMED, DRIFT, "kind:server")
SOURCE = Rule(2, 12, Sort.SOURCE)
PART_OF = Rule(3, 13, Sort.PART_OF)
SWITCHES = Rule(4, 14, Sort.NAMED, NET, "kind:network_device")
RULES = [SERVERS, SOURCE, PART_OF, SWITCHES]

GROUPS = st.integers(1, 3)
MAYBE_GROUP = st.one_of(st.none(), GROUPS)


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Rule]:
    sorts = draw(st.lists(st.sampled_from(list(Sort)), max_size=5))
    places = draw(st.permutations(range(len(sorts))))
    return [
        Rule(place, number, sort, draw(MAYBE_GROUP) if sort is Sort.NAMED else None)
        for number, (place, sort) in enumerate(zip(places, sorts, strict=True))
    ]


@st.composite
def estates(draw: st.DrawFn) -> tuple[dict[int, Facts], list[Rule], dict[int, int | None]]:
    """Items of which each may be part of one with a smaller number; listed in any order."""
    rules = draw(rule_lists())
    count = draw(st.integers(0, 6))
    matched = st.frozensets(st.sampled_from([rule.number for rule in rules])) if rules else st.just(frozenset())
    facts = st.builds(Facts, MAYBE_GROUP, st.lists(GROUPS, max_size=3).map(tuple), matched)
    items = {item: draw(facts) for item in draw(st.permutations(range(count)))}
    parents = {item: draw(st.one_of(st.none(), st.integers(0, item - 1))) for item in range(1, count)}
    return items, rules, parents


def naive_group(
    item: int, estate: tuple[dict[int, Facts], list[Rule], dict[int, int | None]]
) -> tuple[int | None, Ground]:
    """The answer by the sentence of the semantics, asking the parent anew each time."""
    items, rules, parents = estate
    facts = items[item]
    if facts.hand is not None:
        return facts.hand, Ground.HAND
    for rule in sorted(rules, key=lambda one: one.position):
        if rule.number not in facts.matched:
            continue
        if rule.sort is Sort.NAMED and rule.group is not None:
            return rule.group, Ground.RULE
        if rule.sort is Sort.SOURCE and facts.source_groups:
            return facts.source_groups[0], Ground.SOURCE
        parent = parents.get(item)
        if rule.sort is Sort.PART_OF and parent is not None:
            group = naive_group(parent, estate)[0]
            if group is not None:
                return group, Ground.PART_OF
    return None, Ground.NONE


def naive_contested(facts: Facts, rules: list[Rule]) -> bool:
    given_groups: set[int] = set()
    for rule in rules:
        if rule.number in facts.matched and rule.group is not None:
            given_groups.add(rule.group)
        if rule.number in facts.matched and rule.sort is Sort.SOURCE and facts.source_groups:
            given_groups.update(facts.source_groups)
    return facts.hand is None and len(given_groups) > 1


@given(estates())
def test_the_whole_estate_is_decided_as_the_naive_reading_does(
    estate: tuple[dict[int, Facts], list[Rule], dict[int, int | None]],
) -> None:
    items, rules, parents = estate
    answers = decide_all(items, rules, parents)
    assert list(answers) == list(items)
    for item, answer in answers.items():
        assert (answer.group, answer.ground) == naive_group(item, estate)
        assert answer.contested == naive_contested(items[item], rules)
        check_explanation(answer, rules)


def check_explanation(answer: Answer, rules: list[Rule]) -> None:
    """One step per rule, in order; at most one decides, and it is the answer; contested means owned."""
    in_list = [step for step in answer.trail if step.rule is not None]
    assert [step.rule for step in in_list] == sorted(rules, key=lambda rule: rule.position)
    deciding = [step for step in answer.trail if step.outcome is Outcome.DECIDED]
    assert [step.group for step in deciding] == ([] if answer.group is None else [answer.group])
    assert [step.rule for step in deciding] == ([] if answer.group is None else [answer.rule])
    assert not (answer.contested and answer.group is None)
    assert all(step.group is not None for step in answer.trail if step.outcome is Outcome.TOO_LATE)


def answer_for(
    hand: int | None = None,
    matched: tuple[Rule, ...] = (),
    source: tuple[int, ...] = (),
    parent: Parent | None = None,
    claimants: tuple[int, ...] = (),
) -> Answer:
    return decide(hand, [(rule, rule in matched) for rule in reversed(RULES)], source, parent, claimants)


def test_the_first_rule_that_yields_a_group_decides() -> None:
    answer = answer_for(matched=(SERVERS, SOURCE, SWITCHES), source=(DRIFT,))
    assert (answer.group, answer.ground, answer.rule) == (DRIFT, Ground.RULE, SERVERS)
    assert answer.trail == (
        Step(SERVERS, Outcome.DECIDED, DRIFT),
        Step(SOURCE, Outcome.TOO_LATE, DRIFT),
        Step(PART_OF, Outcome.NOT_MATCHED),
        Step(SWITCHES, Outcome.TOO_LATE, NET),
    )


def test_only_a_hand_made_assignment_stands_above_the_rules() -> None:
    answer = answer_for(hand=HEALTH, matched=(SERVERS, SWITCHES))
    assert (answer.group, answer.ground, answer.rule, answer.contested) == (HEALTH, Ground.HAND, None, False)
    assert answer.trail[:2] == (Step(None, Outcome.DECIDED, HEALTH), Step(SERVERS, Outcome.TOO_LATE, DRIFT))


def test_several_groups_in_a_source_own_nothing_and_are_claimants() -> None:
    answer = answer_for(matched=(SOURCE,), claimants=(NET, HEALTH, NET))
    assert (answer.group, answer.ground, answer.contested) == (None, Ground.NONE, False)
    assert answer.claims == (Claim(NET, SOURCE, yields=False), Claim(HEALTH, SOURCE, yields=False))
    assert answer.trail[1] == Step(SOURCE, Outcome.SOURCE_SEVERAL)


def test_several_groups_in_a_source_do_not_contest_the_rule_that_decides() -> None:
    answer = answer_for(matched=(SERVERS, SOURCE), claimants=(NET, HEALTH))
    assert (answer.group, answer.contested, len(answer.claims)) == (DRIFT, False, 3)


def test_two_sources_that_name_different_groups_contest_and_the_older_decides() -> None:
    answer = answer_for(matched=(SOURCE,), source=(NET, HEALTH))
    assert (answer.group, answer.ground, answer.contested) == (NET, Ground.SOURCE, True)


def test_a_source_that_agrees_with_a_rule_contests_nothing() -> None:
    assert not answer_for(matched=(SERVERS, SOURCE), source=(DRIFT,)).contested
    assert answer_for(matched=(SERVERS, SOURCE), source=(NET,)).contested


def test_the_parent_gives_its_answer_and_never_contests() -> None:
    answer = answer_for(matched=(PART_OF, SWITCHES), parent=Parent(7, HEALTH))
    assert (answer.group, answer.ground, answer.rule) == (HEALTH, Ground.PART_OF, PART_OF)
    assert (answer.contested, answer.claims) == (False, (Claim(NET, SWITCHES, yields=True),))


@pytest.mark.parametrize(("parent", "outcome"), [(None, Outcome.NO_PARENT), (Parent(7, None), Outcome.PARENT_UNOWNED)])
def test_a_parent_that_has_no_answer_leaves_it_to_the_next_rule(parent: Parent | None, outcome: Outcome) -> None:
    answer = answer_for(matched=(SOURCE, PART_OF, SWITCHES), parent=parent)
    assert answer.group == NET
    assert [step.outcome for step in answer.trail[1:3]] == [Outcome.SOURCE_SILENT, outcome]


def test_an_item_that_nothing_speaks_for_is_unowned() -> None:
    answer = answer_for()
    assert (answer.group, answer.ground, answer.rule, answer.claims) == (None, Ground.NONE, None, ())


def test_only_a_named_rule_has_a_group() -> None:
    with pytest.raises(ValueError, match="names no group"):
        Rule(1, 1, Sort.SOURCE, DRIFT)


def test_an_answer_passes_down_a_long_line_of_parts() -> None:
    items = {item: Facts(matched=frozenset({13})) for item in range(5_000)}
    items[0] = Facts(hand=NET)
    answers = decide_all(items, [PART_OF], {item: item - 1 for item in range(1, 5_000)})
    assert {answer.group for answer in answers.values()} == {NET}


def test_circles_and_unknown_parents_are_refused_as_input() -> None:
    with pytest.raises(ValueError, match="circles"):
        decide_all({1: Facts(), 2: Facts()}, [], {1: 2, 2: 1})
    with pytest.raises(ValueError, match="not among"):
        decide_all({1: Facts()}, [], {1: 9})
