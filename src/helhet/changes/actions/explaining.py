"""What people make of an alteration that no change told of."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeState, Lasting, Outcome, Threshold, Unregistered
from helhet.changes.permissions import ChangePermission
from helhet.changes.unregistered import ORIGIN, visible_unregistered
from helhet.changes.writing import NewChange, add_changes
from helhet.groups.actions import finish_task
from helhet.groups.models import Answer, Task, TaskState
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller, the_system
from helhet.kit.versions import check_version

HOW = ("tie", "make", "cover", "dismiss")


def find_unregistered(number: int, caller: Caller) -> Unregistered:
    """The alteration with this number. Raises NotFound."""
    found = visible_unregistered(caller).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no such alteration: %(number)s.") % {"number": number}, where=str(number))
    return found


@transaction.atomic
def explain(
    number: int, *, by: Caller, version: int | None, how: str, change: str = "", words: str = ""
) -> Unregistered:
    """Say what an alteration was. `how`: `tie` it to a change (reference); `make` one afterwards, which went around the
    process and must be reviewed; `cover` it, and what is like it, by the task or order that `words` name; or `dismiss`
    it for a reason.
    """
    list(Unregistered.objects.select_for_update(of=("self",)).filter(pk=number).values_list("pk", flat=True))
    row = find_unregistered(number, by)
    by.require(ChangePermission.UNREGISTERED_EXPLAIN, row)
    check_version(row, version, row.item.reference)
    if row.state != Lasting.OPEN:
        raise Clash(_("It is explained already."), todo=_("See what was said about it."))
    if how not in HOW:
        raise Invalid(
            _("There is no such way to explain it: %(how)s.") % {"how": how[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(HOW)}, field="how",
        )  # fmt: skip
    words = " ".join(words.split())[:500]
    if how in {"cover", "dismiss"} and not words:
        raise Invalid(_("Say which task or order covers it, or why it is no change."), field="words")
    rows = [row]
    if how == "tie":
        found = find_change(change, by) if change.strip() else None
        if found is None:
            raise Invalid(_("Say which change it was."), field="change")
        _set(row, Lasting.TIED, words, by, found)
    elif how == "make":
        _set(row, Lasting.TIED, words, by, _made(row, by))
    elif how == "cover":
        rows = _cover(row, words, by)
    else:
        _set(row, Lasting.DISMISSED, words, by)
    for one in rows:
        record(
            "changes.alteration.explained", "item", one.item_id, by=by, reason=words,
            after={"alteration": one.pk, "state": one.state, "change": one.change.reference if one.change else None},
        )  # fmt: skip
    _finish_tasks(row)
    return find_unregistered(number, by)


def _set(row: Unregistered, state: Lasting, words: str, by: Caller, change: Change | None = None) -> None:
    row.state, row.words, row.change = state, words, change
    row.explained_by, row.explained_at = by.name[:200], timezone.now()
    row.version += 1
    row.save(update_fields=["state", "words", "change", "explained_by", "explained_at", "version"])


def _made(row: Unregistered, by: Caller) -> Change:
    """A change made afterwards. It waits in review, since it went around the process."""
    group = row.answering_group_id
    by.require(ChangePermission.DRAFT, Change(group_id=group))
    draft = NewChange(
        (_("Unregistered change of %(item)s") % {"item": row.item.name})[:300], state=ChangeState.REVIEW,
        outcome=Outcome.DONE, group_id=group, owner_id=by.person_id, began_at=row.at, finished_at=row.at,
        went_around=True, items=[row.item_id],
    )  # fmt: skip
    (pk,) = add_changes([draft], by=by, on=timezone.localdate())
    made = find_change(Item.objects.get(pk=pk).reference, by)
    record("changes.change.told_afterwards", "item", pk, by=by, after={"title": made.name, "alteration": row.pk})
    return made


def _cover(row: Unregistered, words: str, by: Caller) -> list[Unregistered]:
    """A threshold for these fields of the item; open alterations of it in no other fields are covered with it."""
    group = row.answering_group_id
    threshold = Threshold(item=row.item, group_id=group, fields=sorted(row.fields), covered_by=words)
    by.require(ChangePermission.THRESHOLD_MANAGE, threshold)
    threshold.text = (_("Alterations of %(fields)s") % {"fields": ", ".join(threshold.fields)})[:500]
    threshold.stated_by = by.name[:200]
    threshold.save()
    told: dict[str, Any] = {"item": row.item.reference, "fields": threshold.fields, "covered_by": words}
    record("changes.threshold.stated", "threshold", threshold.pk, by=by, after=told)
    same = visible_unregistered(by).filter(item=row.item, state=Lasting.OPEN)
    rows = [one for one in same if set(one.fields) <= set(row.fields)]
    for one in rows:
        _set(one, Lasting.COVERED, words, by)
    return rows


def _finish_tasks(row: Unregistered) -> None:
    """The group's task is done when nothing of what it answers for is left to explain."""
    group = row.answering_group_id
    own = Answer.objects.open().filter(group_id=group).values("item_id")
    if group is None or Unregistered.objects.filter(state=Lasting.OPEN, item_id__in=own).exists():
        return
    for task in Task.objects.filter(group_id=group, origin=ORIGIN, state=TaskState.OPEN):
        finish_task(task.pk, by=the_system("helhet"), version=task.version, outcome=_("All are explained."))
