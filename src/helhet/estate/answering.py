"""Who answers for one item, why, since when, and who else lays claim to it: as its page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.estate import reasons
from helhet.estate.ports import Step, explain
from helhet.groups.models import Answer, GroundSort, Group, GroupState, ItemRole, Membership, Person, Role
from helhet.groups.permissions import GroupPermission
from helhet.items.models import Item, Kind, SourceKey
from helhet.kit.rights import Caller, Level


@dataclass(frozen=True, slots=True)
class Answering:
    """What the page says under "Who answers". `asked_on` is the day that it speaks of, None for now.

    `ground` is why, in one sentence; `detail` is what a noted rule selects, in words.
    """

    group: Group | None
    ground: str
    ground_sort: int
    since: dt.date | None
    is_contested: bool
    chair: Person | None
    is_closed: bool
    roles: list[ItemRole] = field(default_factory=list)
    claimants: list[Group] = field(default_factory=list)
    steps: Sequence[Step] = ()
    asked_on: dt.date | None = None
    own_groups: list[Group] = field(default_factory=list)
    may_assign: bool = False
    may_take: bool = False
    detail: str = ""

    @property
    def rule_url(self) -> str:
        """The rule that decides now, empty when none does or the reader may not see it."""
        return next((step.url for step in self.steps if step.outcome == "decided"), "")

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody assigned it by hand."""
        return self.ground_sort == GroundSort.HAND

    @property
    def is_dead(self) -> bool:
        """Whether the group cannot answer: it is closed or has nobody who calls it together."""
        return self.group is not None and (self.is_closed or self.chair is None)


def answering_of(item: Item, caller: Caller, *, on: dt.date | None = None) -> Answering:
    """Who answers now, or at the end of a day that has been, as now known."""
    answers = Answer.objects.filter(item=item).select_related("group__item__kind", "ground")
    row = (answers.on(on) if on else answers.open()).order_by("-from_on", "-id").first()
    group = row.group if row else None
    chair = None
    if group is not None:
        chairs = Membership.objects.on(on or timezone.localdate()).filter(group=group, role=Role.CHAIR)
        seat = chairs.select_related("person").order_by("from_on", "pk").first()
        chair = seat.person if seat else None
    roles = ItemRole.objects.filter(item=item, to_on__isnull=True).select_related("group__item").order_by("role", "pk")
    steps: list[Step] = []
    if on is None:
        for port in explain:
            steps += port(item.pk, caller)
    keys = list(SourceKey.objects.filter(item=item).select_related("source"))
    ground, detail = _told(row, item, keys) if row else ("", "")
    return Answering(
        group, ground, row.ground.sort if row else GroundSort.NONE,
        _since(answers, row) if row else None, bool(row and row.is_contested), chair,
        bool(group and group.state == GroupState.CLOSED), list(roles), _claimants(keys, group), steps, on,
        detail=detail, **_rights(group, caller),
    )  # fmt: skip


def _since(answers: QuerySet[Answer], row: Answer) -> dt.date:
    """From when on the group answers on this ground, whether contested or not."""
    first = row.from_on
    for earlier in answers.filter(to_on__lte=first).order_by("-from_on", "-id").iterator():
        if (earlier.to_on, earlier.group_id, earlier.ground_id) != (first, row.group_id, row.ground_id):
            break
        first = earlier.from_on
    return first


def ground_text(row: Answer) -> str:
    """Why, in words."""
    sort, text = row.ground.sort, row.ground.text
    if sort == GroundSort.RULE:
        return _("Rule %(number)d: %(text)s") % {"number": row.ground.number, "text": text}
    if sort == GroundSort.HAND:
        return _("Assigned by hand. %(text)s") % {"text": text}
    if sort == GroundSort.SOURCE:
        return _("As the source says.")
    if sort == GroundSort.PART_OF:
        return _("As what it is part of.")
    return _("No rule gives it a group.")


def _told(row: Answer, item: Item, keys: Sequence[SourceKey]) -> tuple[str, str]:
    """Why, in a sentence for people, and what a noted rule selects."""
    sort = row.ground.sort
    if sort == GroundSort.RULE:
        words, note = reasons.told(row.ground.text, list(Kind.objects.all()))
        if note:
            return _("Rule %(number)d: “%(text)s”.") % {"number": row.ground.number, "text": note}, words
        return _("Rule %(number)d: %(text)s.") % {"number": row.ground.number, "text": words}, ""
    named = [key.source.name for key in keys if key.says_group_id == row.group_id]
    if sort == GroundSort.SOURCE and named:
        return _("As the source %(sources)s says.") % {"sources": ", ".join(named)}, ""
    if sort == GroundSort.PART_OF and item.part_of is not None:
        return _("As %(name)s, which it is part of.") % {"name": item.part_of.name}, ""
    return ground_text(row), ""


def _claimants(keys: Sequence[SourceKey], group: Group | None) -> list[Group]:
    """Groups that a source names for it without saying which, save the one that answers."""
    wanted: list[int] = []
    for key in keys:
        wanted += [*(key.claimants or ()), *([key.says_group_id] if key.says_group_id else ())]
    ids = dict.fromkeys(pk for pk in wanted if group is None or pk != group.pk)
    found = Group.objects.filter(pk__in=list(ids)).exclude(state=GroupState.CLOSED).select_related("item__kind")
    by_id = {one.pk: one for one in found} if ids else {}
    return [by_id[pk] for pk in ids if pk in by_id]


def _rights(group: Group | None, caller: Caller) -> dict[str, Any]:
    is_all = caller.level >= Level.COORDINATOR and caller.may(GroupPermission.ASSIGN)
    leads = group is not None and group.pk in caller.leads and caller.may(GroupPermission.ASSIGN)
    own: list[Group] = []
    if group is None and caller.member_of and caller.may(GroupPermission.TAKE):
        own = list(
            Group.objects.filter(pk__in=caller.member_of, state=GroupState.ACTIVE)
            .select_related("item__kind")
            .by_name()
        )
    return {"own_groups": own, "may_assign": is_all or leads, "may_take": bool(own)}
