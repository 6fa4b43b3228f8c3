"""What people do with rules: write, change, move and remove them, after having seen what would move."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.answering import Day, Moved
from helhet.groups.models import Group, GroupState
from helhet.items.filters import item_fields
from helhet.journal.actions import close_batch, open_batch, record
from helhet.journal.models import Batch, BatchSort
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.filters import Context
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.responsibility.deciding import claim_rule, ground_text, settle, touch_all
from helhet.responsibility.models import Rule, RuleSort
from helhet.responsibility.permissions import ResponsibilityPermission

STEP = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody wants it. `place` is its place in the list, from 1; None: last."""

    sort: str = RuleSort.NAMED
    filter: str = ""
    group: Group | None = None
    note: str = ""
    place: int | None = None


def check(draft: Draft, by: Caller) -> None:
    """Raise Invalid for a draft that can be no rule, pointing at the field."""
    if draft.sort not in RuleSort.values:
        raise Invalid(_("A rule points at a named group, at the source, or at the whole."), field="sort")
    if draft.sort == RuleSort.NAMED:
        if draft.group is None:
            raise Invalid(_("Choose the group that is to answer."), field="group")
        if draft.group.state == GroupState.CLOSED:
            raise Invalid(
                _("%(group)s is closed and can answer for nothing.") % {"group": draft.group.name}, field="group"
            )
        if not draft.filter.strip():
            raise Invalid(
                _("Say which items the rule selects."),
                todo=_("A rule for everything would hide what nobody has thought of. Write kind:* if you mean it."),
                field="filter",
            )
    elif draft.group is not None:
        raise Invalid(_("Only a rule for a named group has a group."), field="group")
    item_fields().translate(draft.filter, Context(by))


@transaction.atomic
def create_rule(draft: Draft, *, by: Caller, reason: str = "", on: dt.date | None = None) -> tuple[Rule, Moved]:
    """Put a new rule in the list; the answers follow in the same transaction, from today or the day `on`."""
    by.require(ResponsibilityPermission.RULE_MANAGE)
    check(draft, by)
    number = (Rule.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    rule = Rule.objects.create(
        number=number, position=_free_place(draft.place), sort=draft.sort, filter=draft.filter.strip(),
        group=draft.group, note=draft.note.strip()[:500],
    )  # fmt: skip
    return rule, _follow(rule, _("Rule %(number)s added") % {"number": number}, "created", by=by, reason=reason, on=on)


@transaction.atomic
def change_rule(rule: Rule, draft: Draft, *, by: Caller, version: int | None, reason: str = "") -> Moved:
    """Set what the rule says, and its place when one is given."""
    by.require(ResponsibilityPermission.RULE_MANAGE)
    rule = _taken(rule, version)
    check(draft, by)
    before = as_data(rule)
    was_for_all = not rule.filter.strip()
    rule.sort, rule.filter, rule.group = draft.sort, draft.filter.strip(), draft.group
    rule.note = draft.note.strip()[:500]
    if draft.place is not None and draft.place != place_of(rule):
        rule.position = _free_place(draft.place, rule)
    if as_data(rule) == before:
        return Moved()
    rule.version += 1
    rule.save()
    title = _("Rule %(number)s changed") % {"number": rule.number}
    return _follow(rule, title, "changed", by=by, reason=reason, before=before, for_all=was_for_all)


def move_rule(rule: Rule, place: int, *, by: Caller, version: int | None) -> Moved:
    """Put the rule at another place in the list."""
    draft = Draft(rule.sort, rule.filter, rule.group, rule.note, place)
    return change_rule(rule, draft, by=by, version=version)


@transaction.atomic
def remove_rule(rule: Rule, *, by: Caller, version: int | None, reason: str = "") -> Moved:
    """Take the rule away; what it decided is decided by the rules that remain. The two given ones stay."""
    by.require(ResponsibilityPermission.RULE_MANAGE)
    rule = _taken(rule, version)
    if rule.sort != RuleSort.NAMED and not Rule.objects.filter(sort=rule.sort).exclude(pk=rule.pk).exists():
        raise Clash(_("This rule stands in every list. It can be moved last, but not removed."))
    before, number, pk = as_data(rule), rule.number, rule.pk
    batch = _batch(_("Rule %(number)s removed") % {"number": number}, by, reason)
    rule.filter, was_for_all = rule.filter, not rule.filter.strip()
    claim_rule(rule)
    rule.delete()
    if was_for_all:
        touch_all()
    moved = settle(Day(timezone.localdate(), batch.pk))
    record("responsibility.rule.removed", "rule", pk, by=by, before=before, batch=batch, reason=reason)
    close_batch(batch, by=by, counts={"moved": moved.groups, "grounds": moved.grounds, "rule": number})
    return moved


def _follow(
    rule: Rule, title: str, verb: str, *, by: Caller, reason: str, before: dict[str, object] | None = None,
    for_all: bool = False, on: dt.date | None = None,
) -> Moved:  # fmt: skip
    batch = _batch(title, by, reason)
    claim_rule(rule)
    if for_all or not rule.filter.strip():
        touch_all()
    moved = settle(Day(on or timezone.localdate(), batch.pk))
    record(
        f"responsibility.rule.{verb}", "rule", rule.pk, by=by, before=before, after=as_data(rule), batch=batch,
        reason=reason,
    )  # fmt: skip
    close_batch(batch, by=by, counts={"moved": moved.groups, "grounds": moved.grounds, "rule": rule.number})
    return moved


def _batch(title: str, by: Caller, reason: str) -> Batch:
    return open_batch(BatchSort.RULE, title, by=by, reason=reason)


def _taken(rule: Rule, version: int | None) -> Rule:
    found = Rule.objects.select_for_update().filter(pk=rule.pk).first()
    if found is None:
        raise NotFound(_("The rule is no longer there."))
    check_rule_version(found, version)
    return found


def check_rule_version(found: Rule, version: int | None) -> None:
    """Raise unless the change was made from the rule as it is now."""
    check_version(found, version, _("Rule %(number)s") % {"number": found.number})


def place_of(rule: Rule) -> int:
    """The rule's place in the list, from 1."""
    return Rule.objects.filter(position__lt=rule.position).count() + 1


def _free_place(place: int | None, moved: Rule | None = None) -> int:
    """The position for the place, made free by moving the others along."""
    others = Rule.objects.exclude(pk=moved.pk) if moved else Rule.objects.all()
    positions = list(others.order_by("position", "id").values_list("position", flat=True))
    if place is None or place > len(positions):
        return (positions[-1] if positions else 0) + STEP
    at = positions[max(place, 1) - 1]
    others.filter(position__gte=at).update(position=F("position") + STEP)
    return at


def as_data(rule: Rule) -> dict[str, object]:
    """The rule as events tell it."""
    return {
        "number": rule.number,
        "position": rule.position,
        "sort": str(rule.sort),
        "filter": rule.filter,
        "group": rule.group.reference if rule.group else None,
        "note": rule.note,
    }


def words(rule: Rule) -> str:
    """The rule as one line."""
    return ground_text(rule) or str(RuleSort(rule.sort).label)
