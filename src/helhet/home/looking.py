"""What to look at first: each deviation with its reason, its figures and its next step."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.models import Answer, Group, GroupState, Membership, Role, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.home.deviation import NAMED, Deviation, named
from helhet.home.figures import Figures
from helhet.home.links import items_url, joined
from helhet.home.upkeep import upkeep
from helhet.items.models import Item, State
from helhet.kit import spoken
from helhet.kit.parts import Chip
from helhet.kit.rights import Caller

READ_CLOSELY = 5_000
"""Up to so many unowned items are told apart by the day that they came; of more only the number is told."""
RECENT_DAYS = 14
MOST = 10


def deviations(
    figures: Figures, groups: list[Group], caller: Caller, scope: str, only: frozenset[int] | None
) -> list[Deviation]:
    """Those that hold for the scope, unowned things first and then by how many things each concerns."""
    counts = figures.coverage.by_group
    found: list[Deviation] = []
    if only is None:
        found += _unowned(figures)
    rest = _dead(figures, groups, caller, only)
    rest += _contested(sum(counts[group].contested for group in counts if _in(group, only)), scope)
    rest += _unseen(sum(number for (_kind, group), number in figures.not_seen.items() if _in(group, only)), scope)
    rest += _late(caller, only)
    rest += upkeep(caller, scope, only)
    return [*found, *sorted(rest, key=lambda one: -one.weight)][:MOST]


def _in(group: int | None, only: frozenset[int] | None) -> bool:
    return only is None or group in only


def _unowned(figures: Figures) -> list[Deviation]:
    total = figures.coverage.all.unowned
    if not total:
        return []
    if total > READ_CLOSELY:
        title = ngettext("%(n)s item", "%(n)s items", total) % {"n": spoken.number(total)}
        why = _("No rule yields a group for them, and nobody has assigned them. A rule takes many at once.")
        url = items_url("coverage:unowned")
        return [Deviation("over", _("without group"), why, url, _("Assign"), title, weight=total)]
    unowned = Answer.objects.open().filter(group__isnull=True).values("item_id")
    items = Item.objects.filter(pk__in=unowned, kind__must_be_owned=True, presence=0).exclude(state=State.RETIRED)
    by_day = items.order_by().annotate(day=TruncDate("created_at")).values_list("day").annotate(n=Count("id"))
    since = timezone.localdate() - dt.timedelta(days=RECENT_DAYS)
    days = sorted(by_day, reverse=True)
    found = [_came(items, day, number) for day, number in days if day >= since][:NAMED]
    older = sum(number for day, number in days if day < since)
    if older:
        text = f"coverage:unowned created:<{since.isoformat()}"
        names = list(
            items.filter(created_at__date__lt=since)
            .order_by("-criticality", "name_key")
            .values_list("name", flat=True)[:NAMED]
        )
        title = ngettext("%(n)s older item", "%(n)s older items", older) % {"n": spoken.number(older)}
        lead = _("still without group")
        found.append(Deviation("over", lead, named(names, older), items_url(text), _("Assign"), title, weight=older))
    return found


def _came(items: Any, day: dt.date, number: int) -> Deviation:
    there = items.filter(created_at__date=day).order_by("-criticality", "name_key")
    names = list(there.values_list("name", flat=True)[:NAMED])
    title = ngettext("%(n)s new item", "%(n)s new items", number) % {"n": spoken.number(number)}
    lead = _("came %(day)s without group") % {"day": spoken.day(day)}
    url = items_url(f"coverage:unowned created:{day.isoformat()}")
    return Deviation("over", lead, named(names, number), url, _("Assign"), title, weight=number)


def _dead(figures: Figures, groups: list[Group], caller: Caller, only: frozenset[int] | None) -> list[Deviation]:
    """Groups that answer for things and cannot: closed, or without a chair."""
    dead = [group for group in groups if _in(group.pk, only) and _dead_items(figures, group.pk)]
    ended = dict(
        Membership.objects.filter(group__in=dead, role=Role.CHAIR, to_on__lt=figures.coverage.on)
        .order_by("to_on").values_list("group_id", "to_on")
    )  # fmt: skip
    found = []
    for group in dead:
        number = _dead_items(figures, group.pk)
        chip = Chip(group.name, group.get_absolute_url(), group.reference, "group")
        items = ngettext("%(n)s item is left under it", "%(n)s items are left under it", number) % {
            "n": spoken.number(number)
        }
        if group.state == GroupState.CLOSED:
            lead = _("Closed %(day)s") % {"day": spoken.day(group.closed_on)} if group.closed_on else _("Closed")
            why = _("%(items)s. Nobody is told when something happens to them.") % {"items": items}
            url, label = items_url(joined("coverage:dead", f"group:{group.reference}")), _("Give away")
        else:
            lead = (
                _("No chair since %(day)s") % {"day": spoken.day(ended[group.pk])}
                if group.pk in ended
                else _("No chair")
            )
            why = _("%(items)s, and nobody leads the group that answers.") % {"items": items}
            url, label = group.get_absolute_url(), _("See the group")
            if caller.may(GroupPermission.MEMBERSHIP_MANAGE, group):
                url, label = reverse("groups:group_chair", args=[group.reference]), _("Appoint a chair")
        found.append(Deviation("over", lead, why, url, label, thing=chip, weight=number))
    return found


def _dead_items(figures: Figures, group: int) -> int:
    counts = figures.coverage.by_group.get(group)
    return counts.dead_owner if counts else 0


def _scoped(text: str, scope: str) -> str:
    return joined(text, "" if scope == "all" else f"group:{scope}")


def _contested(number: int, scope: str) -> list[Deviation]:
    if not number:
        return []
    title = ngettext("%(n)s item", "%(n)s items", number) % {"n": spoken.number(number)}
    why = _(
        "A rule names one group and the source another. The first in the list decides, "
        "but somebody should say which is right."
    )
    url = items_url(_scoped("coverage:contested", scope))
    return [Deviation("due", _("contested"), why, url, _("Decide"), title, weight=number)]


def _unseen(number: int, scope: str) -> list[Deviation]:
    if not number:
        return []
    title = ngettext("%(n)s item", "%(n)s items", number) % {"n": spoken.number(number)}
    why = _("Their source no longer has them. Either they are gone and should be retired, or the source misses them.")
    url = items_url(_scoped("seen:no", scope))
    return [Deviation("unknown", _("not seen any longer"), why, url, _("Go through"), title, weight=number)]


def _late(caller: Caller, only: frozenset[int] | None) -> list[Deviation]:
    late = Task.objects.visible_to(caller).filter(state=TaskState.OPEN, due_on__lt=timezone.localdate())
    if only is not None:
        late = late.filter(group_id__in=only)
    told = late.order_by().aggregate(number=Count("id"), oldest=Min("due_on"))
    if not told["number"]:
        return []
    title = ngettext("%(n)s task", "%(n)s tasks", told["number"]) % {"n": spoken.number(told["number"])}
    first = late.first()
    why = _("The oldest was due %(day)s: %(title)s.") % {"day": spoken.day(told["oldest"]), "title": first}
    url = reverse("groups:tasks") + "?show=late"
    return [Deviation("over", _("are overdue"), why, url, _("See the tasks"), title, weight=told["number"])]
