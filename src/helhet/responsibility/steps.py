"""The trail of rules on an item's page."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from helhet.estate.ports import Step
from helhet.estate.reasons import in_words
from helhet.items.models import Item, Kind
from helhet.kit.rights import Caller
from helhet.responsibility.explaining import Told, explain
from helhet.responsibility.permissions import ResponsibilityPermission


def steps(item_id: int, caller: Caller) -> list[Step]:
    """Fills `estate.explain`: every rule in the list, and what came of it for this item."""
    if not caller.may(ResponsibilityPermission.RULE_VIEW):
        return []
    kinds = list(Kind.objects.all())
    return [_step(told, kinds) for told in explain(Item.objects.get(pk=item_id)).trail]


def _step(told: Told, kinds: Sequence[Kind]) -> Step:
    words = told.words
    if told.rule:
        words = told.rule.note or (in_words(told.rule.filter, kinds) if told.rule.filter else words)
        words = f"{told.rule.number}. {words}"
    return Step(
        words if told.decided else f"{words}: {told.outcome}",
        "decided" if told.decided else "passed",
        reverse("responsibility:rule", args=[told.rule.number]) if told.rule else "",
        told.group.name if told.group and told.decided else "",
    )
