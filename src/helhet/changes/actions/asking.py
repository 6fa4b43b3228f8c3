"""Asking each touched group for its position, and what becomes of positions when the change or the estate moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet.changes.actions.drafting import taken
from helhet.changes.finding import find_change
from helhet.changes.flow import facts_of, require, settled
from helhet.changes.models import Advance, Change, ChangeItem, ChangeState, Position, Stance
from helhet.changes.permissions import ChangePermission
from helhet.changes.risks import take_risk
from helhet.changes.touching import Touch, Touched, groups_by_id, keep, others, touch_of
from helhet.changes.writing import change_changes
from helhet.groups.actions import create_task, drop_task, finish_task
from helhet.groups.finding import find_group
from helhet.groups.models import Group, Task, TaskState
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller, Level
from helhet.rules.change_flow import Step, leads_to
from helhet.rules.working_time import DAY, add_working_time

USUAL = 2 * DAY
"""How much working time a group has to answer."""


def as_product(by: Caller) -> Caller:
    """The caller as the product acts for him, on tasks of groups that he is no member of."""
    # A page knows its caller lazily; a copy of the request's is the caller himself.
    return replace(by.in_request(by.request_id), level=Level.ADMINISTRATOR, scopes=None)


@transaction.atomic
def ask_positions(
    reference: str, *, by: Caller, version: int | None, answer_by: dt.datetime | None = None, reason: str = ""
) -> Change:
    """Ask every other group that the change touches now. Those that have answered are not asked again unless their
    reason has grown; those that are no longer touched are withdrawn. `answer_by` is an instant, usually two working
    days away.
    """
    change = taken(reference, by, version)
    touch = touch_of(change, by)
    facts = require(Step.ASK, change, by, facts=facts_of(change, by, touch=touch, clashes=()))
    due = _due(answer_by, change)
    asked = others(change, touch)
    groups = groups_by_id(one.group for one in asked)
    for one in asked:
        if not _stands(change, one):
            _ask(change, groups[one.group], one, due, by)
    withdraw_all_but(change, {one.group for one in asked}, by=by)
    keep(change, touch, "asked")
    take_risk(change, touch)
    wanted = {"state": leads_to(Step.ASK, facts), "asked_at": timezone.now(), "answer_by": due}
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.asked", reason=reason)
    return change


def _due(answer_by: dt.datetime | None, change: Change) -> dt.datetime:
    now = timezone.now()
    if answer_by is None:
        usual = add_working_time(now, USUAL, timezone.get_current_timezone())
        return min(usual, change.starts_at) if change.starts_at and change.starts_at > now else usual
    if answer_by <= now:
        raise Invalid(
            _("The time to answer has passed already."), todo=_("Give a time to come, in working hours."),
            field="answer_by",
        )  # fmt: skip
    return answer_by


def _ask(change: Change, group: Group, why: Touched, due: dt.datetime, by: Caller) -> Position:
    reason = {"count": why.count, "services": why.services, "path": why.path}
    position = Position.objects.filter(change=change, group=group).select_related("task").first()
    if position is None:
        position = Position(change=change, group=group)
    position.reason, position.due_at, position.asked_at = reason, due, timezone.now()
    position.withdrawn_at = position.escalated_at = position.reminded_at = None
    position.stance = position.words = position.answered_by = ""
    position.answered_at, position.advance = None, None
    position.version += 1 if position.pk else 0
    position.save()
    _end_tasks(_settling(position), by, _("The group was asked anew."), dropped=True)
    record("changes.position.asked", "item", change.pk, by=by, after={"group": group.name, "due_at": due.isoformat()})
    ahead = advance_for(change, group)
    if ahead is not None:
        _answer_ahead(position, ahead, by)
    else:
        wait_for(position, by)
    return position


def _stands(change: Change, why: Touched) -> bool:
    """Whether the group has answered, or the management team for it, and its reason has not grown since."""
    position = Position.objects.filter(change=change, group=why.group, withdrawn_at__isnull=True).first()
    if position is None or not (position.stance or settled(position)):
        return False
    return not set(why.services) - set(position.reason.get("services", ()))


def advance_for(change: Change, group: Group) -> Advance | None:
    """The position given in advance that covers all that the change alters, if the group gave one that still holds."""
    rows = Advance.objects.filter(group=group, ended_at__isnull=True, until_on__gte=timezone.localdate())
    items = set(ChangeItem.objects.filter(change=change).values_list("item_id", flat=True))
    fitting = [one for one in rows if one.type in {"", change.type}]
    if any_item := [one for one in fitting if one.item_id is None]:
        return any_item[0]
    by_item = {one.item_id: one for one in fitting}
    return by_item[min(items)] if items and items <= by_item.keys() else None


def _answer_ahead(position: Position, ahead: Advance, by: Caller) -> None:
    position.stance, position.advance = Stance.YES, ahead
    position.words, position.answered_by, position.answered_at = ahead.words, ahead.given_by, timezone.now()
    position.save()
    end_waiting(position, by, _("Answered by a position given in advance."))
    end_conditions(position, by)
    record(
        "changes.position.answered_ahead", "item", position.change_id, by=by,
        after={"group": position.group.name, "stance": Stance.YES},
    )  # fmt: skip


def wait_for(position: Position, by: Caller) -> None:
    """Make the task by which the position waits for its group, unless it stands open already."""
    if position.task is not None and position.task.state == TaskState.OPEN:
        return
    change = position.change
    told = {"reference": change.reference, "name": change.name[:200]}
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Say what you think of %(reference)s: %(name)s") % told
    position.task = create_task(
        by=as_product(by), group=position.group.reference, item=change.item.reference, origin="position",
        origin_id=position.pk, due_on=timezone.localdate(position.due_at), title=title,
    )  # fmt: skip
    position.save(update_fields=["task"])


def end_waiting(position: Position, by: Caller, outcome: str, *, dropped: bool = False) -> None:
    """Close the task by which the position waited, and that of the management team, which it need not settle."""
    _end_tasks(Q(pk=position.task_id) | _settling(position), by, outcome, dropped=dropped)


def _settling(position: Position) -> Q:
    return Q(origin="settlement", origin_id=position.pk, item=position.change_id)


def _end_tasks(which: Q, by: Caller, outcome: str, *, dropped: bool) -> None:
    for task in Task.objects.filter(which, state=TaskState.OPEN):
        if dropped:
            drop_task(task.pk, by=as_product(by), version=task.version, reason=outcome)
        else:
            finish_task(task.pk, by=as_product(by), version=task.version, outcome=outcome)


def end_conditions(position: Position, by: Caller, but: Collection[str] = ()) -> None:
    """The group asks for its conditions no longer, save those whose text is in `but` and that are not dropped."""
    for condition in position.conditions.select_related("task"):
        if condition.text in but and condition.task.state != TaskState.DROPPED:
            continue
        if condition.task.state == TaskState.OPEN:
            said = _("The group does not ask for it any more.")
            drop_task(condition.task_id, by=as_product(by), version=condition.task.version, reason=said)
        condition.delete()


def withdraw_all_but(change: Change, groups: Iterable[int], *, by: Caller) -> None:
    """The positions of groups that are not touched any more count no longer."""
    gone = Position.objects.filter(change=change, withdrawn_at__isnull=True).exclude(group_id__in=list(groups))
    for position in gone.select_related("group__item", "task"):
        position.withdrawn_at = timezone.now()
        position.version += 1
        position.save(update_fields=["withdrawn_at", "version"])
        end_waiting(position, by, _("The change does not touch the group any more."), dropped=True)
        end_conditions(position, by)
        record("changes.position.withdrawn", "item", change.pk, by=by, after={"group": position.group.name})


@transaction.atomic
def remind(reference: str, group: str, *, by: Caller) -> Position:
    """Ask a group that has not answered once more; it goes with the next round of mail."""
    from_group = find_position(reference, group, by, for_change=True)
    by.require(ChangePermission.CHANGE, from_group.change)
    still_asked(from_group)
    if from_group.stance:
        raise Invalid(_("The group has answered."), field="group")
    from_group.reminded_at = timezone.now()
    from_group.told_at = None
    from_group.save(update_fields=["reminded_at", "told_at"])
    wait_for(from_group, by)
    record("changes.position.reminded", "item", from_group.change_id, by=by, after={"group": from_group.group.name})
    return from_group


def still_asked(position: Position) -> None:
    """Raise Clash when the change is over, so that nothing is asked any more."""
    if position.change.state == ChangeState.CLOSED:
        raise Clash(
            _("The change is closed."), todo=_("Nothing is asked any more."), where=position.change.reference
        )  # fmt: skip


def find_position(reference: str, group: str, by: Caller, *, for_change: bool = False) -> Position:
    """The position of a group (reference) to a change. Raises NotFound."""
    change = find_change(reference, by)
    rows = Position.objects.visible_to(by).filter(change=change)
    if for_change:
        rows = rows.select_for_update(of=("self",))
    number = find_group(group, by).pk
    found = rows.select_related("group__item", "change__item", "change__group__item", "task").filter(group_id=number)
    position = found.first()
    if position is None:
        raise NotFound(
            _("%(group)s has not been asked about %(change)s.") % {"group": group[:60], "change": change.reference},
            todo=_("See which groups it touches on the page of the change."), where=group[:60],
        )  # fmt: skip
    return position


def ask_anew(change: Change, *, by: Caller, touch: Touch | None = None) -> int:
    """Ask those anew whom a longer or other window concerns; returns how many."""
    due = _due(None, change)
    touched = {one.group: one for one in others(change, touch or touch_of(change, by))}
    again = 0
    for position in Position.objects.filter(change=change, withdrawn_at__isnull=True).select_related("group__item"):
        why = touched.get(position.group_id)
        if why is None:
            continue
        _ask(change, position.group, why, due, by)
        again += 1
    if again and change.state in {ChangeState.APPROVED, ChangeState.SCHEDULED}:
        wanted = {"state": ChangeState.ASKING, "asked_at": timezone.now(), "answer_by": due}
        change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.asked")
    return again


def hand_over_positions(positions: Iterable[Position], to: Group, *, by: Caller, reason: str) -> None:
    """Unanswered positions become those of another group, which is told of them; one that it has already, or that is
    its own change's, is withdrawn instead. Their tasks follow with the group's. Must run inside a transaction.
    """
    for position in positions:
        change = position.change
        known = Position.objects.filter(change=change, group=to).select_related("group__item").first()
        if known is None and change.group_id != to.pk:
            position.group, position.told_at = to, None
        else:
            position.withdrawn_at = timezone.now()
        position.version += 1
        position.save(update_fields=["group", "told_at", "withdrawn_at", "version"])
        if position.withdrawn_at is not None:
            end_waiting(position, by, reason, dropped=True)
        if known is not None and known.withdrawn_at is not None and change.group_id != to.pk:
            _ask_instead(known, position, by)
        record(
            "changes.position.handed_over", "item", change.pk, by=by, reason=reason, after={"group": to.name},
        )  # fmt: skip


def _ask_instead(known: Position, position: Position, by: Caller) -> None:
    """A group that was touched no longer is asked after all, as the other was: nothing that was said then counts."""
    known.reason, known.asked_at, known.due_at = position.reason, timezone.now(), position.due_at
    known.reminded_at, known.escalated_at = position.reminded_at, position.escalated_at
    known.stance = known.words = known.answered_by = ""
    known.answered_at = known.advance = known.told_at = known.withdrawn_at = known.task = None
    known.version += 1
    known.save()
    wait_for(known, by)
