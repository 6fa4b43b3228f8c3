"""What becomes of the rules that name a group when the group closes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.groups.models import Group
from helhet.groups.ports import Closing, Hanging
from helhet.responsibility.actions import Draft, change_rule
from helhet.responsibility.models import Rule


def rules_of(group: Group) -> list[Hanging]:
    """Fills `groups.hanging`: the rules that name the group."""
    numbers = list(Rule.objects.filter(group=group).values_list("number", flat=True))
    one = len(numbers) == 1
    url = reverse("responsibility:rule", args=numbers) if one else reverse("responsibility:rules")
    return [Hanging(_("Rules that name it"), len(numbers), url)]


def give_rules(closing: Closing) -> None:
    """Participant of `groups.closing`: the rules name the group that takes over, so that what they decide follows by
    rule, not by hand. Without such a group they are left as they are.
    """
    if closing.to is None:
        return
    for rule in Rule.objects.filter(group=closing.group):
        draft = Draft(rule.sort, rule.filter, closing.to, rule.note)
        change_rule(rule, draft, by=closing.by, version=rule.version, reason=closing.group.name)
