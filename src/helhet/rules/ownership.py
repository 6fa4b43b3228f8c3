"""Who answers for one item, decided and explained.

The semantics. There is one ordered list of responsibility rules; only a hand-made assignment stands
above it. The first rule that matches the item and yields a group decides:

- a rule of sort NAMED yields its group;
- SOURCE ("as the source says") yields the group that a source names as responsible; where two sources name
  different ones, that of the source known longest. Several groups in one source, with none as the owner,
  yield nothing, but each is a claimant;
- PART_OF ("as what it is part of") yields the parent's final answer, whatever its ground.

An item is contested when no hand-made assignment stands and the NAMED and SOURCE rules that match it
yield more than one group between them. PART_OF never contests.

The million are decided in SQL by the rooms above; this is the explanation of one, and their oracle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from helhet.rules.loops import loops

Group = int
"""A group's key."""


class Sort(StrEnum):
    """What a responsibility rule points at."""

    NAMED = "named"
    SOURCE = "source"
    PART_OF = "part_of"


class Ground(StrEnum):
    """What an answer rests on."""

    HAND = "hand"
    RULE = "rule"
    SOURCE = "source"
    PART_OF = "part_of"
    NONE = "none"


class Outcome(StrEnum):
    """Why a step of the trail did or did not decide."""

    DECIDED = "decided"
    NOT_MATCHED = "not_matched"
    """The rule's filter does not select the item."""
    NO_GROUP = "no_group"
    """A NAMED rule that has no group."""
    SOURCE_SILENT = "source_silent"
    """No source names a group for the item."""
    SOURCE_SEVERAL = "source_several"
    """Sources name several groups, none as the owner."""
    NO_PARENT = "no_parent"
    PARENT_UNOWNED = "parent_unowned"
    TOO_LATE = "too_late"
    """It would have yielded `group`, but something above it decided."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A responsibility rule: its place in the list, its lasting number, and its text as people read it.

    Raises:
        ValueError: when a group is named by another sort than NAMED.
    """

    position: int
    number: int
    sort: Sort
    group: Group | None = None
    text: str = ""

    def __post_init__(self) -> None:
        if self.group is not None and self.sort is not Sort.NAMED:
            raise ValueError(f"A rule of sort {self.sort} names no group")


@dataclass(frozen=True, slots=True)
class Parent:
    """What the item is part of, and that one's final answer (None: unowned)."""

    item: int
    group: Group | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A group that a matching NAMED or SOURCE rule speaks for; `yields` is false for one of several in a source."""

    group: Group
    rule: Rule
    yields: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation; `rule` is None for the hand-made assignment that stands above the list.

    `group` is what the step yields or would yield, else None.
    """

    rule: Rule | None
    outcome: Outcome
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for an item, and why. `rule` is the rule that decided, None for HAND and NONE.

    `claims` are in the order of the rules; `trail` has a step for the hand-made assignment, if there is
    one, and then one for every rule.
    """

    group: Group | None
    ground: Ground
    rule: Rule | None
    contested: bool
    claims: tuple[Claim, ...]
    trail: tuple[Step, ...]


_GROUNDS = {Sort.NAMED: Ground.RULE, Sort.SOURCE: Ground.SOURCE, Sort.PART_OF: Ground.PART_OF}


def decide(
    hand: Group | None,
    rules: Iterable[tuple[Rule, bool]],
    source_groups: Iterable[Group],
    parent: Parent | None,
    claimants: Iterable[Group] = (),
) -> Answer:
    """The answer for one item.

    Args:
        hand: the hand-made assignment, if any.
        rules: every rule with whether its filter selects the item, in any order.
        source_groups: the groups that the item's sources name as responsible, the source known longest first;
            repeats count once.
        parent: what it is part of, if anything.
        claimants: the groups that a source names without saying which is responsible.
    """
    listed = sorted(rules, key=lambda pair: (pair[0].position, pair[0].number))
    named = tuple(dict.fromkeys(source_groups))
    several = tuple(group for group in dict.fromkeys(claimants) if group not in named)
    claims = tuple(claim for rule, is_match in listed if is_match for claim in _claims(rule, named, several))
    trail = [] if hand is None else [Step(None, Outcome.DECIDED, hand)]
    decider: Rule | None = None
    answer = hand
    for rule, is_match in listed:
        step = _step(rule, named, several, parent) if is_match else Step(rule, Outcome.NOT_MATCHED)
        if step.outcome is Outcome.DECIDED and answer is not None:
            step = Step(rule, Outcome.TOO_LATE, step.group)
        elif step.outcome is Outcome.DECIDED:
            decider, answer = rule, step.group
        trail.append(step)
    yielded = {claim.group for claim in claims if claim.yields}
    return Answer(
        group=answer,
        ground=_ground(hand, decider),
        rule=decider,
        contested=hand is None and len(yielded) > 1,
        claims=claims,
        trail=tuple(trail),
    )


def _ground(hand: Group | None, decider: Rule | None) -> Ground:
    if hand is not None:
        return Ground.HAND
    return Ground.NONE if decider is None else _GROUNDS[decider.sort]


def _claims(rule: Rule, named: tuple[Group, ...], several: tuple[Group, ...]) -> list[Claim]:
    if rule.sort is Sort.NAMED and rule.group is not None:
        return [Claim(rule.group, rule, yields=True)]
    if rule.sort is Sort.SOURCE:
        return [
            *(Claim(group, rule, yields=True) for group in named),
            *(Claim(group, rule, yields=False) for group in several),
        ]
    return []


def _step(rule: Rule, named: tuple[Group, ...], several: tuple[Group, ...], parent: Parent | None) -> Step:
    """What a matching rule says for itself, before what stands above it is considered."""
    if rule.sort is Sort.NAMED:
        return Step(rule, Outcome.NO_GROUP) if rule.group is None else Step(rule, Outcome.DECIDED, rule.group)
    if rule.sort is Sort.SOURCE:
        if named:
            return Step(rule, Outcome.DECIDED, named[0])
        return Step(rule, Outcome.SOURCE_SEVERAL if several else Outcome.SOURCE_SILENT)
    if parent is None:
        return Step(rule, Outcome.NO_PARENT)
    if parent.group is None:
        return Step(rule, Outcome.PARENT_UNOWNED)
    return Step(rule, Outcome.DECIDED, parent.group)


@dataclass(frozen=True, slots=True)
class Facts:
    """What `decide_all` needs of an item: its hand-made assignment, its sources' groups, and its rules' numbers."""

    hand: Group | None = None
    source_groups: tuple[Group, ...] = ()
    claimants: tuple[Group, ...] = ()
    matched: frozenset[int] = field(default_factory=frozenset)


def decide_all(
    items: Mapping[int, Facts], rules: Sequence[Rule], parents: Mapping[int, int | None]
) -> dict[int, Answer]:
    """The answers for a whole estate, parents before children: the oracle for the SQL of other rooms.

    Raises:
        ValueError: when part-of goes in circles, or a parent is not among the items.
    """
    circles = loops(dict(parents))
    if circles:
        raise ValueError(f"Part-of goes in circles: {circles}")
    answers: dict[int, Answer] = {}
    for start in items:
        line: list[int] = []
        at: int | None = start
        while at is not None and at not in answers:
            if at not in items:
                raise ValueError(f"The parent {at} is not among the items")
            line.append(at)
            at = parents.get(at)
        for item in reversed(line):
            above = parents.get(item)
            facts = items[item]
            answers[item] = decide(
                facts.hand,
                [(rule, rule.number in facts.matched) for rule in rules],
                facts.source_groups,
                None if above is None else Parent(above, answers[above].group),
                facts.claimants,
            )
    return {item: answers[item] for item in items}
