"""The order between changes, and what people know better about one: marks on its impact, and incidents it caused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import as_product
from helhet.changes.actions.drafting import taken
from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeState, Consequence, ImpactMark, Order
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import told
from helhet.changes.touching import keep, touch_of
from helhet.groups.actions import create_task, finish_task
from helhet.groups.models import Task, TaskState
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.rules.intervals import Interval


@transaction.atomic
def put_after(reference: str, before: str, *, by: Caller, note: str = "") -> Order:
    """The change (`reference`) may begin only when another (`before`) is finished. Raises Invalid for a circle."""
    change = _unstarted(reference, by)
    first = find_change(before, by)
    if first.pk == change.pk:
        raise Invalid(_("A change does not wait for itself."), todo=_("Choose another change."), field="before")
    if change.pk in _all_before(first):
        raise Invalid(
            _("%(first)s waits for %(change)s already.") % {"first": first.reference, "change": change.reference},
            todo=_("Take that order away first."), field="before",
        )  # fmt: skip
    made, is_new = Order.objects.get_or_create(before=first, after=change, defaults={"note": note.strip()[:500]})
    if is_new:
        record("changes.order.stated", "item", change.pk, by=by, after={"after": first.reference, "note": made.note})
    return made


@transaction.atomic
def end_order(reference: str, before: str, *, by: Caller) -> None:
    """The change waits for the other no longer. Raises NotFound."""
    change = _unstarted(reference, by)
    first = find_change(before, by)
    order = Order.objects.filter(before=first, after=change).select_related("task").first()
    if order is None:
        raise NotFound(
            _("%(change)s does not wait for %(first)s.") % {"change": change.reference, "first": first.reference},
            where=before[:60],
        )  # fmt: skip
    _end_asking(order, _("It waits no longer."), by)
    note = order.note
    order.delete()
    record("changes.order.ended", "item", change.pk, by=by, before={"after": first.reference, "note": note})


def _unstarted(reference: str, by: Caller) -> Change:
    change = find_change(reference, by, for_change=True)
    by.require(ChangePermission.CHANGE, change)
    if change.state in {ChangeState.UNDER_WAY, ChangeState.REVIEW, ChangeState.CLOSED}:
        raise Clash(_("The change has begun already."), todo=_("Its order cannot be altered."), where=reference[:60])
    return change


def ask_to_move(before: Change, after: Change, to: Interval | None, *, by: Caller) -> Task | None:
    """Ask those who answer for `after` to move it, since `before` ends later: by a task and the next round of mail.
    Where it has neither group nor owner, nobody can be asked. Must run inside a transaction.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("task").get(before=before, after=after)
    if after.group is None and after.owner is None:
        return None
    names = {"before": before.reference, "after": after.reference, "name": after.name[:200]}
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Move %(after)s: %(name)s") % names
        text = _("%(before)s, which must be finished first, was moved and ends after %(after)s begins.") % names
        if to is not None:
            text += " " + _("The first time that fits is %(time)s.") % {"time": told(to)}
        _end_asking(order, _("%(before)s was moved once more.") % names, by)
        order.told_at, order.task = None, create_task(
            by=as_product(by), title=title[:300], text=text, item=after.item.reference, origin="order",
            origin_id=order.pk, group=after.group.reference if after.group else "",
            person=None if after.group else after.owner_id,
            due_on=timezone.localdate(after.starts_at) if after.starts_at else None,
        )  # fmt: skip
    order.save(update_fields=["told_at", "task"])
    record("changes.order.asked", "item", after.pk, by=by, after={"after": before.reference})
    return order.task


def settle_orders(change: Change, by: Caller) -> None:
    """End the tasks that asked to move it, or to move what waits for it, where that is not needed any more."""
    asking = Order.objects.filter(Q(before=change) | Q(after=change), task__state=TaskState.OPEN)
    for order in asking.select_related("task", "before", "after"):
        starts_at, ends_at = order.after.starts_at, order.before.ends_at
        over = order.after.is_over or order.before.is_over
        if over or starts_at is None or ends_at is None or starts_at >= ends_at:
            _end_asking(order, _("It does not begin too early any more."), by)


def _end_asking(order: Order, outcome: str, by: Caller) -> None:
    task = order.task
    if task is not None and task.state == TaskState.OPEN:
        finish_task(task.pk, by=as_product(by), version=task.version, outcome=outcome)


def _all_before(change: Change) -> set[int]:
    found: set[int] = set()
    layer = {change.pk}
    while layer:
        found |= layer
        layer = set(Order.objects.filter(after_id__in=layer).values_list("before_id", flat=True)) - found
    return found


@transaction.atomic
def mark_impact(reference: str, item: str, *, by: Caller, version: int | None, is_hit: bool, reason: str) -> ImpactMark:
    """Say that an item is also hit, or is not hit, whatever the dependencies say. Its impact is computed anew."""
    change = _unclosed(reference, by, version)
    if not reason.strip():
        raise Invalid(
            _("A mark says why."), todo=_("Write what you know that the dependencies do not."), field="reason"
        )
    found = find_item(item, by)
    known = ImpactMark.objects.filter(change=change, item=found).first()
    mark, _made = ImpactMark.objects.update_or_create(
        change=change, item=found,
        defaults={"is_hit": is_hit, "reason": reason.strip()[:500], "made_by": by.name[:200]},
    )  # fmt: skip
    record(
        "changes.mark.made", "item", change.pk, by=by, before=_of_mark(known, found) if known else None,
        after={"item": found.reference, "is_hit": is_hit, "reason": mark.reason},
    )  # fmt: skip
    _altered(change, by)
    return mark


@transaction.atomic
def clear_mark(reference: str, item: str, *, by: Caller, version: int | None) -> None:
    """Take a mark away. Raises NotFound."""
    change = _unclosed(reference, by, version)
    found = find_item(item, by)
    mark = ImpactMark.objects.filter(change=change, item=found).first()
    if mark is None:
        raise NotFound(_("There is no mark on %(item)s.") % {"item": found.reference}, where=item[:60])
    mark.delete()
    record("changes.mark.cleared", "item", change.pk, by=by, before=_of_mark(mark, found))
    _altered(change, by)


def _unclosed(reference: str, by: Caller, version: int | None) -> Change:
    change = taken(reference, by, version)
    if change.state == ChangeState.CLOSED:
        raise Clash(_("The change is closed."), todo=_("Draft a new one."), where=change.reference)
    return change


def _of_mark(mark: ImpactMark, item: Item) -> dict[str, Any]:
    return {"item": item.reference, "is_hit": mark.is_hit, "reason": mark.reason}


def _altered(change: Change, by: Caller) -> None:
    change.version += 1
    change.save(update_fields=["version"])
    keep(change, touch_of(change, by), "changed")


@transaction.atomic
def tell_consequence(
    reference: str, incident: str, *, by: Caller, text: str = "", url: str = "", minutes: int | None = None
) -> Consequence:
    """Tie an incident of another tool to the change that caused it. Telling it again puts it right."""
    change = find_change(reference, by, for_change=True)
    by.require(ChangePermission.CHANGE, change)
    if not incident.strip():
        raise Invalid(_("An incident has a number."), todo=_("Write it as its tool does."), field="incident")
    if url.strip() and not url.strip().lower().startswith(("http://", "https://")):
        raise Invalid(_("The address is no web address."), todo=_("Begin it with https://."), field="url")
    if change.state == ChangeState.DRAFT:
        raise Clash(_("A draft has caused nothing."), where=change.reference)
    name = " ".join(incident.split())[:100]
    known = Consequence.objects.filter(change=change, reference=name).first()
    made, _new = Consequence.objects.update_or_create(
        change=change, reference=name,
        defaults={"text": text.strip()[:500], "url": url.strip()[:500], "minutes": minutes, "told_by": by.name[:200]},
    )  # fmt: skip
    record(
        "changes.consequence.told", "item", change.pk, by=by, before=_of_consequence(known) if known else None,
        after=_of_consequence(made),
    )  # fmt: skip
    return made


@transaction.atomic
def end_consequence(reference: str, incident: str, *, by: Caller) -> None:
    """The incident was not caused by the change. Raises NotFound."""
    change = find_change(reference, by, for_change=True)
    by.require(ChangePermission.CHANGE, change)
    told_of = Consequence.objects.filter(change=change, reference=incident).first()
    if told_of is None:
        raise NotFound(_("There is no incident %(name)s here.") % {"name": incident[:100]}, where=incident[:100])
    told_of.delete()
    record("changes.consequence.ended", "item", change.pk, by=by, before=_of_consequence(told_of))


def _of_consequence(one: Consequence) -> dict[str, Any]:
    return {"incident": one.reference, "text": one.text, "url": one.url, "minutes": one.minutes}
