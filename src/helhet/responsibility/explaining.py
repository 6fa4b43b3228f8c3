"""Why this group answers for this item: every rule in the list, and what it said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from helhet.groups.models import Answer, GroundSort, Group
from helhet.items.models import Item, SourceKey
from helhet.responsibility.actions import words
from helhet.responsibility.models import Claim, Rule, RuleSort
from helhet.rules import ownership


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the explanation: the rule (None for a hand), what it says, and what came of it."""

    rule: Rule | None
    words: str
    outcome: str
    group: Group | None
    decided: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer with its trail; `claimants` are the groups that claim the item besides the one that has it."""

    group: Group | None
    contested: bool
    trail: tuple[Told, ...]
    claimants: tuple[Group, ...]


def explain(item: Item) -> Explanation:
    """Decide anew for this one item by the pure rules, and tell each step."""
    rules = list(Rule.objects.order_by("position", "id"))
    claimed = set(Claim.objects.filter(item=item).values_list("rule_id", flat=True))
    keys = list(SourceKey.objects.filter(item=item).order_by("source_id").values_list("says_group_id", "claimants"))
    hand = Answer.objects.open().filter(item=item, ground__sort=GroundSort.HAND).first()
    pure = {
        rule.pk: ownership.Rule(place, rule.number, ownership.Sort(rule.sort), rule.group_id, words(rule))
        for place, rule in enumerate(rules)
    }
    answer = ownership.decide(
        hand.group_id if hand else None,
        [(pure[rule.pk], not rule.filter.strip() or rule.pk in claimed) for rule in rules],
        [says for says, _claimants in keys if says],
        _parent(item),
        [group for _says, claimants in keys for group in claimants or []],
    )
    wanted: set[int | None] = {step.group for step in answer.trail} | {answer.group}
    wanted |= {claim.group for claim in answer.claims}
    groups = Group.objects.select_related("item").in_bulk(sorted(one for one in wanted if one is not None))
    by_number = {rule.number: rule for rule in rules}
    trail = tuple(
        Told(
            by_number[step.rule.number] if step.rule else None,
            words(by_number[step.rule.number]) if step.rule else _("Assigned by hand"),
            outcome_text(step.outcome),
            groups.get(step.group) if step.group is not None else None,
            step.outcome is ownership.Outcome.DECIDED,
        )
        for step in answer.trail
    )
    others = dict.fromkeys(claim.group for claim in answer.claims if claim.group != answer.group)
    return Explanation(
        groups.get(answer.group) if answer.group is not None else None,
        answer.contested,
        trail,
        tuple(groups[one] for one in others if one in groups),
    )


def _parent(item: Item) -> ownership.Parent | None:
    if item.part_of_id is None:
        return None
    group = Answer.objects.open().filter(item_id=item.part_of_id).values_list("group_id", flat=True).first()
    return ownership.Parent(item.part_of_id, group)


def outcome_text(outcome: ownership.Outcome) -> str:
    """What came of one rule, in words."""
    return {
        ownership.Outcome.DECIDED: _("decided"),
        ownership.Outcome.NOT_MATCHED: _("does not select it"),
        ownership.Outcome.NO_GROUP: _("names no group"),
        ownership.Outcome.SOURCE_SILENT: _("no source names a group"),
        ownership.Outcome.SOURCE_SEVERAL: _("a source names several groups, none as responsible"),
        ownership.Outcome.NO_PARENT: _("it is part of nothing"),
        ownership.Outcome.PARENT_UNOWNED: _("what it is part of has no group"),
        ownership.Outcome.TOO_LATE: _("selects it, but a rule above had decided"),
    }[outcome]


def names_of_sorts() -> dict[str, str]:
    """Every sort of rule in the reader's language."""
    return {sort.value: str(sort.label) for sort in RuleSort}
