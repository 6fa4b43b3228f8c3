"""Where changes join in on the pages of groups and persons: what asks for an answer, what is to come, and calendars to
subscribe to; and what becomes of these when a person leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.feeds import end_feeds_of
from helhet.changes.models import Change, ChangeState, Feed, Position
from helhet.changes.permissions import ChangePermission
from helhet.estate.chips import quoted
from helhet.groups.models import Group, GroupState, Membership, Person, Role, Task, TaskState
from helhet.groups.ports import Hanging, Leaving
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller

SHOWN = 10
TEMPLATE = "changes/_of_group.html"


def panels_of_group(group: Group, caller: Caller) -> Sequence[Panel]:
    """Fills `groups.group_panels`."""
    if not caller.may(ChangePermission.VIEW) or group.state == GroupState.CLOSED:
        return []
    context = _context(
        caller, [group.pk], Q(group=group), f"group:{group.reference}", f"touches:{group.reference}"
    )  # fmt: skip
    feeds = Feed.objects.visible_to(caller).filter(group=group, ended_at__isnull=True)
    may_draft = caller.may(ChangePermission.DRAFT, group)
    of_feed = {"group": group.reference, "may_subscribe": caller.may(ChangePermission.FEED_MANAGE)}
    return [Panel(TEMPLATE, {**context, **of_feed, "feeds": list(feeds), "may_draft": may_draft})]


def panels_of_person(person: Person, caller: Caller) -> Sequence[Panel]:
    """Fills `groups.person_panels`: what the groups that the person leads must answer, and the changes of the person's
    own. Calendars are shown to their owner alone.
    """
    if not caller.may(ChangePermission.VIEW) or person.ended_on is not None:
        return []
    led = Membership.objects.on(timezone.localdate()).filter(person=person, role__in=(Role.CHAIR, Role.DEPUTY))
    context = _context(caller, list(led.values_list("group_id", flat=True)), _own(person), _filter(person), "")
    is_me = caller.person_id == person.pk
    if not (context["count"] or context["waiting"] or is_me):
        return []
    feeds = list(Feed.objects.visible_to(caller).filter(person=person, ended_at__isnull=True)) if is_me else []
    return [Panel(TEMPLATE, {**context, "is_person": True, "group": "", "feeds": feeds, "may_subscribe": is_me})]


def _context(caller: Caller, groups: list[int], of: Q, listed: str, touching: str) -> dict[str, Any]:
    coming = going_on(caller).filter(of).distinct().select_related("item", "group__item")
    waiting = (
        Position.objects.visible_to(caller).open().filter(group_id__in=groups)
        .exclude(change__state__in=(ChangeState.CLOSED, ChangeState.DRAFT))
        .select_related("change__item", "change__group__item", "group__item").order_by("due_at", "pk")
    )  # fmt: skip
    found = list(waiting[: SHOWN + 1])
    address = reverse("changes:changes")
    return {
        "waiting": [(one, caller.may(ChangePermission.ANSWER, one)) for one in found[:SHOWN]],
        "more": len(found) > SHOWN, "now": timezone.now(), "count": coming.count(),
        "coming": list(coming.order_by(F("starts_at").asc(nulls_last=True), "-pk")[:SHOWN]),
        "list_url": f"{address}?{urlencode({'q': listed})}",
        "waiting_url": f"{address}?{urlencode({'q': touching, 'show': 'asking'})}" if touching else "",
    }  # fmt: skip


def going_on(caller: Caller) -> QuerySet[Change]:
    """The changes that the caller may see and that are neither closed nor another tool's history."""
    return Change.objects.visible_to(caller).filter(is_history=False).exclude(state=ChangeState.CLOSED)


def _own(person: Person) -> Q:
    return Q(owner=person) | Q(people__person=person)


def _filter(person: Person) -> str:
    return f"person:{quoted(person.name)}"


def hanging_on(person: Person) -> list[Hanging]:
    """Fills `groups.person_hanging`: open changes that the person owns or takes part in, conditions that he is to meet,
    and addresses of calendars, which end with him.
    """
    going = Change.objects.filter(is_history=False, item__presence=0).exclude(state=ChangeState.CLOSED)
    address = f"{reverse('changes:changes')}?"
    conditions = Task.objects.filter(person=person, state=TaskState.OPEN, origin="condition").count()
    return [
        Hanging(
            _("Changes that the person sees to"), going.filter(owner=person).count(),
            address + urlencode({"q": f"owner:{quoted(person.name)}"}),
        ),
        Hanging(
            _("Changes that the person takes part in"),
            going.filter(people__person=person).exclude(owner=person).count(),
            address + urlencode({"q": _filter(person)}),
        ),
        Hanging(
            _("Conditions that changes wait for"), conditions, f"{reverse('groups:tasks')}?person={person.pk}",
        ),
        Hanging(_("Calendar addresses that end"), Feed.objects.filter(_feeds(person), ended_at__isnull=True).count()),
    ]  # fmt: skip


def end_feeds(leaving: Leaving) -> None:
    """Participant of `groups.person_leaving`: the secret addresses of the person's calendars answer no longer."""
    end_feeds_of(
        Feed.objects.filter(_feeds(leaving.person), ended_at__isnull=True), by=leaving.by, reason=leaving.reason
    )


def _feeds(person: Person) -> Q:
    return Q(person=person) | Q(user_id=person.user_id) if person.user_id else Q(person=person)
