"""Changing many items as one: fields and responsible group together, at once or as a job, undone as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.selection import Selection
from helhet.groups.answering import assign_by_hand, release
from helhet.groups.finding import group_named
from helhet.groups.models import Answer, GroundSort, Group, GroupState
from helhet.groups.permissions import GroupPermission
from helhet.items import bulk
from helhet.items.models import Criticality, Item, State
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import Batch, BatchState
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller, Level

AT_ONCE = 500
RULES = "rules"
"""In place of a group: let the rules decide again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bulk change is to do: `fields` as in `items.bulk.BulkChange`; `group` a reference or name, or `rules`."""

    fields: dict[str, Any]
    group: str = ""

    def checked(self, by: Caller) -> tuple[bulk.Plan | None, Group | None]:
        """The plan for the fields and the group, looked up. Raises Invalid when nothing is to be done."""
        if not self.fields and not self.group:
            raise Invalid(_("Say what is to be changed."), field="change")
        plan = bulk.Plan(bulk.BulkChange(self.fields), by) if self.fields else None
        if self.group:
            by.require(GroupPermission.TAKE)
        group = group_named(self.group, by) if self.group and self.group != RULES else None
        if group is not None and group.state == GroupState.CLOSED:
            raise Clash(
                _("%(group)s is closed and can answer for nothing.") % {"group": group.name},
                todo=_("Choose another group."), field="group",
            )  # fmt: skip
        return plan, group


@dataclass(frozen=True, slots=True)
class Outcome:
    """A bulk change that has been begun: its batch, and its job where it is done in the background."""

    batch: Batch
    job: Job | None


def look(selection: Selection, wanted: Wanted, *, by: Caller) -> bulk.Preview:
    """What the change would do, by name and count; nothing is written."""
    plan, group = wanted.checked(by)
    found = selection.found(by)
    preview = bulk.Preview(total=found.order_by().count())
    items = list(found.select_related("kind").order_by("id")[: bulk.EXAMINED])
    ids = [item.pk for item in items]
    mine = bulk.changeable(items, by) if plan is not None else set(ids)
    owners = _owners(ids) if wanted.group else {}
    givable = _givable(owners, ids, group, by) if wanted.group else set(ids)
    names = dict(Group.objects.filter(pk__in={*owners.values()} - {None}).values_list("pk", "item__name"))
    for item in items:
        line = plan.line(item, may=item.pk in mine) if plan is not None else bulk.Line(item)
        if not line.refusal and item.pk not in givable:
            line = bulk.Line(item, refusal=_("It belongs to another group."))
        elif not line.refusal and wanted.group and (group is None or owners.get(item.pk) != group.pk):
            line = bulk.Line(
                item, {**line.before, "group": names.get(owners.get(item.pk) or 0, "")},
                {**line.after, "group": group.name if group else _("as the rules say")},
            )  # fmt: skip
        preview.examined += 1
        if line.refusal:
            preview.refused += 1
            preview.refusals += [line] if len(preview.refusals) < bulk.SHOWN else []
        elif line.after:
            preview.changed += 1
            preview.lines += [line] if len(preview.lines) < bulk.SHOWN else []
        else:
            preview.unchanged += 1
    return preview


def begin(selection: Selection, wanted: Wanted, *, by: Caller, reason: str) -> Outcome:
    """Do it: up to 500 items at once, as one transaction; more as a job, in portions that are each whole."""
    wanted.checked(by)
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Invalid(_("Say why, in a few words."), todo=_("It stands in the history of each item."), field="reason")
    count = selection.found(by).order_by().values("id")[: AT_ONCE + 1].count()
    if not count:
        raise Invalid(_("No item fits."), todo=_("Choose other items."), field="items")
    with transaction.atomic():
        batch = open_batch("bulk", title_of(wanted, by), by=by, reason=reason)
        change = {"fields": wanted.fields, "group": wanted.group}
        if count > AT_ONCE:
            batch.state = BatchState.PLANNED
            batch.save(update_fields=["state"])
            return Outcome(
                batch,
                apply_bulk.later(
                    caller=by,
                    unique=f"bulk-{batch.pk}",
                    title=batch.title,
                    batch_id=batch.pk,
                    selection=selection.as_arguments(),
                    wanted=change,
                ),
            )
        _apply(batch, selection, wanted, by=by)
    batch.refresh_from_db()
    return Outcome(batch, None)


@job(name="estate.apply_bulk", title=gettext_lazy("Bulk change"))
def apply_bulk(context: JobContext, batch_id: int, selection: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Do a large bulk change, going on after the last portion that was committed."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.state == BatchState.DONE:
        return dict(batch.counts)
    chosen = Selection(tuple(selection["references"]), selection["text"])
    total = chosen.found(context.caller).order_by().count() + int(batch.counts.get("seen", 0))

    def told(done: int) -> None:
        context.progress(done, max(total, done))

    change = Wanted(wanted["fields"], wanted["group"])
    return _apply(batch, chosen, change, by=context.caller, hold=context.hold, told=told)


def _apply(
    batch: Batch,
    selection: Selection,
    wanted: Wanted,
    *,
    by: Caller,
    hold: Callable[[], None] | None = None,
    told: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    counts: dict[str, Any] = {"seen": 0, "changed": 0, "refused": 0, "last": 0, "hands": {}} | dict(batch.counts)
    for ids in bulk.portions(selection.found(by), counts["last"]):
        with transaction.atomic():
            if hold is not None:
                hold()
            _apply_portion(ids, wanted, batch, counts, by)
            batch.counts, batch.state = counts, BatchState.RUNNING
            batch.save(update_fields=["counts", "state"])
        if told is not None:
            told(counts["seen"])
    with transaction.atomic():
        close_batch(batch, by=by, counts=counts)
    return {name: counts[name] for name in ("seen", "changed", "refused")}


def _apply_portion(ids: list[int], wanted: Wanted, batch: Batch, counts: dict[str, Any], by: Caller) -> None:
    """Change one portion inside a transaction, and add to the counts."""
    plan, group = wanted.checked(by)
    touched: set[int] = set()
    refused: set[int] = set()
    if wanted.group:
        owners = _owners(ids)
        givable = _givable(owners, ids, group, by)
        refused |= set(ids) - givable
        moving = [pk for pk in ids if pk in givable and (group is None or owners.get(pk) != group.pk)]
        for group_id, hands in _hands(moving).items():
            counts["hands"].setdefault(str(group_id), []).extend(hands)
        if group is not None and moving:
            assign_by_hand(moving, group, by=by, on=timezone.localdate(), batch=batch, reason=batch.reason)
        elif moving:
            moving = [pk for hands in _hands(moving).values() for pk in hands]
            release(moving, by=by, on=timezone.localdate(), batch=batch, reason=batch.reason)
        touched |= set(moving)
    if plan is not None:
        rest = [pk for pk in ids if pk not in refused]
        changed, not_taken = bulk.apply_portion(bulk.taken(rest), plan, batch)
        touched |= changed
        refused |= not_taken - touched
    counts["seen"] += len(ids)
    counts["changed"] += len(touched)
    counts["refused"] += len(refused)
    counts["last"] = ids[-1]


def _owners(ids: Sequence[int]) -> dict[int, int | None]:
    """Who answers for the items, by group id."""
    return dict(Answer.objects.open().filter(item_id__in=ids).values_list("item_id", "group_id"))


def _hands(ids: Sequence[int]) -> dict[int, list[int]]:
    """Those that were assigned by hand, by their group."""
    found: dict[int, list[int]] = defaultdict(list)
    hand = Answer.objects.open().filter(item_id__in=ids, ground__sort=GroundSort.HAND, group__isnull=False)
    for item_id, group_id in hand.values_list("item_id", "group_id"):
        found[group_id or 0].append(item_id)
    return found


def _givable(owners: dict[int, int | None], ids: Sequence[int], group: Group | None, by: Caller) -> set[int]:
    """The items that the caller may give to the group, as `groups.answering` holds: coordinators any, those who lead
    a group what it answers for, members to their own group what nobody answers for.
    """
    if by.level >= Level.COORDINATOR and by.may(GroupPermission.ASSIGN):
        return set(ids)
    leads = by.leads if by.may(GroupPermission.ASSIGN) else frozenset()
    may_take = group is not None and group.pk in by.member_of and by.may(GroupPermission.TAKE)
    return {pk for pk in ids if (owners.get(pk) in leads if owners.get(pk) is not None else may_take)}


def title_of(wanted: Wanted, by: Caller) -> str:
    """What the batch is called: the change in words."""
    labels = {
        "state": _("State"), "criticality": _("Criticality"), "kind": _("Kind"), "part_of": _("Part of"),
        "add_tags": _("Tag added"), "remove_tags": _("Tag removed"),
    }  # fmt: skip
    parts = []
    if wanted.group:
        _plan, group = Wanted({}, wanted.group).checked(by)
        parts.append(f"{_('Responsible group')}: {group.name if group else _('as the rules say')}")
    for name, value in wanted.fields.items():
        if name == "attributes":
            parts += [f"{attribute}: {'–' if one in (None, '') else one}" for attribute, one in value.items()]
        else:
            shown = _shown(name, value)
            parts.append(f"{labels[name]}: {shown}")
    return "; ".join(parts)[:300]


def _shown(name: str, value: Any) -> str:
    words: dict[str, dict[str, Any]] = {
        "state": {one.key: one.label for one in State},
        "criticality": {one.key: one.label for one in Criticality},
    }
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(words.get(name, {}).get(value, value or "–"))


def find_batch(batch_id: int, caller: Caller) -> Batch:
    """The bulk change with this number. Raises NotFound."""
    caller.require(ItemPermission.VIEW)
    batch = Batch.objects.filter(pk=batch_id, sort="bulk").first()
    if batch is None:
        raise NotFound(_("There is no such bulk change."), todo=_("Look in the history of the items."))
    return batch


@transaction.atomic
def undo(batch: Batch, *, by: Caller) -> Batch:
    """Set back what a bulk change did, fields and groups, keeping what was changed later."""
    by.require(ItemPermission.CHANGE)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.DONE:
        raise Clash(_("This has been undone, or is not finished."), todo=_("See how far it has come."))
    if batch.user_id != by.user_id and by.level < Level.COORDINATOR:
        raise Clash(_("Somebody else made this change."), todo=_("Ask that person, or the management team."))
    undoing = open_batch("undo", (_("Undone: %(title)s") % {"title": batch.title})[:300], by=by, reason=batch.title)
    undoing.undo_of = batch
    undoing.save(update_fields=["undo_of"])
    groups = _undo_groups(batch, undoing, by)
    changed, kept = bulk.undo_fields(batch, undoing, by=by)
    batch.state = BatchState.UNDONE
    batch.save(update_fields=["state"])
    close_batch(undoing, by=by, counts={"changed": changed, "kept": kept, "groups": groups})
    return undoing


def _undo_groups(batch: Batch, undoing: Batch, by: Caller) -> int:
    """Give back what the batch assigned or released and nobody has moved since; those who had it by hand get it by
    hand again, for the others the rules decide.
    """
    today = timezone.localdate()
    mine = Answer.objects.open().filter(batch_id=batch.pk, group__isnull=False, ground__sort=GroundSort.HAND)
    assigned = list(mine.values_list("item_id", flat=True))
    hands = {int(group): list(ids) for group, ids in dict(batch.counts.get("hands", {})).items()}
    released = set(
        Answer.objects.open()
        .filter(batch_id=batch.pk)
        .exclude(ground__sort=GroundSort.HAND)
        .values_list("item_id", flat=True)
    )
    for start in range(0, len(assigned), bulk.PORTION):
        release(assigned[start : start + bulk.PORTION], by=by, on=today, batch=undoing, reason=batch.title)
    back = set(assigned) | released
    for group_id, ids in hands.items():
        group = Group.objects.select_related("item").filter(pk=group_id).exclude(state=GroupState.CLOSED).first()
        wanted = [pk for pk in ids if pk in back]
        if group is not None and wanted:
            assign_by_hand(wanted, group, by=by, on=today, batch=undoing, reason=batch.title)
    return len(back)


def items_of(batch: Batch, caller: Caller, limit: int = 50) -> list[Item]:
    """Some of the items that a batch changed, by name."""
    ids = batch.events.filter(noun="item").order_by("id").values("noun_id")
    return list(Item.objects.visible_to(caller).filter(pk__in=ids).select_related("kind").order_by("name_key")[:limit])
