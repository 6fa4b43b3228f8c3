"""What people do about a clash that cannot be moved away from: sign for it, or ask for an exemption from a freeze."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.changes.clashes import Clash, clashes_of
from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeState, ClashSignature
from helhet.changes.permissions import ChangePermission
from helhet.groups.actions import create_task
from helhet.groups.models import Group, GroupState, Task, TaskState
from helhet.journal.actions import record
from helhet.kit import errors
from helhet.kit.rights import Caller

REASON_LIMIT = 500


@transaction.atomic
def sign_clash(reference: str, key: str, *, by: Caller, reason: str) -> ClashSignature:
    """Answer for letting one clash of the change stand. The key names both windows, and so is the version that is
    signed for. A clash with a freeze is signed for by those who may alter the freeze.

    Raises Stale when there is no such clash any more, since either side was moved.
    """
    change = find_change(reference, by, for_change=True)
    clash = _clash(change, key)
    by.require(ChangePermission.SIGN_CLASH, clash.freeze or change)
    if clash.signature is not None:
        raise errors.Clash(_("%(name)s has signed for it.") % {"name": clash.signature.signed_by})
    words = " ".join(reason.split())
    if not words or len(words) > REASON_LIMIT:
        raise errors.Invalid(_("Say in 1 to 500 characters why it may stand."), field="reason")
    made = ClashSignature.objects.create(change=change, key=key, reason=words, signed_by=by.name[:200])
    record(
        "changes.clash.signed", "item", change.pk, by=by, reason=words,
        after={"clash": clash.title, "reason": clash.reason_label, "key": key},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_signature(reference: str, key: str, *, by: Caller) -> None:
    """Answer for it no longer: the clash hinders again. Also for one whose clash is gone."""
    change = find_change(reference, by, for_change=True)
    clash = next((one for one in clashes_of(change) if one.key == key), None)
    by.require(ChangePermission.SIGN_CLASH, (clash and clash.freeze) or change)
    if change.state == ChangeState.CLOSED:
        raise errors.Clash(
            _("The change is closed."), todo=_("What was signed for it stands as it was."), where=change.reference
        )  # fmt: skip
    found = ClashSignature.objects.select_for_update(of=("self",)).filter(change=change, key=key).first()
    if found is None:
        raise errors.NotFound(_("Nobody has signed for this clash."), where=key[:100])
    found.delete()
    record(
        "changes.clash.unsigned", "item", change.pk, by=by,
        before={"clash": clash.title if clash else key, "signed_by": found.signed_by, "why": found.reason, "key": key},
    )  # fmt: skip


@transaction.atomic
def ask_exemption(reference: str, key: str, *, by: Caller, text: str = "") -> Task:
    """Ask those who may alter the freeze to let the change through: a task of the group that stated it, else of the
    management team. They sign for the clash on the change's page, or end or move the freeze.
    """
    change = find_change(reference, by)
    by.require(ChangePermission.CHANGE, change)
    clash = _clash(change, key)
    if clash.freeze is None:
        raise errors.Invalid(_("Only from a freeze can an exemption be asked for."), field="key")
    asked = Task.objects.filter(item=change.item, origin="exemption", origin_id=clash.freeze.pk)
    if asked.filter(state=TaskState.OPEN).exists():
        raise errors.Clash(_("The exemption has been asked for already."), todo=_("See the task."))
    told = {"change": f"{change.reference} {change.name}", "freeze": clash.freeze.name}
    task = create_task(
        by=by, title=(_("Exemption for %(change)s from the freeze %(freeze)s?") % told)[:300],
        group=_who_decides(clash).reference, item=change.reference, text="\n\n".join(filter(None, [clash.why, text])),
        origin="exemption", origin_id=clash.freeze.pk,
    )  # fmt: skip
    record("changes.exemption.asked", "item", change.pk, by=by, reason=text[:500], after={"freeze": clash.freeze.name})
    return task


def _clash(change: Change, key: str) -> Clash:
    found = next((one for one in clashes_of(change) if one.key == key), None)
    if found is None:
        raise errors.Stale(
            _("%(reference)s has no such clash any more.") % {"reference": change.reference},
            todo=_("Either side was moved. Look at the change as it is now."), where=key[:200],
        )  # fmt: skip
    return found


def _who_decides(clash: Clash) -> Group:
    """The group that stated the freeze, else the management team."""
    living = Group.objects.exclude(state=GroupState.CLOSED).select_related("item")
    stated_by = clash.freeze.stated_by_id if clash.freeze else None
    found = living.filter(pk=stated_by).first() or living.filter(is_management_team=True).first()
    if found is None:
        raise errors.Clash(
            _("No group can decide: the freeze was stated by none, and there is no management team."),
            todo=_("Ask an administrator to say which group is the management team."),
        )
    return found
