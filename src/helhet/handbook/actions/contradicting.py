"""Operations says that a service cannot be run from what is written; the group that answers settles it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import as_product
from helhet.groups.actions import create_task
from helhet.groups.actions.task import finish_task
from helhet.groups.models import Answer, Group, GroupState, Task, TaskState
from helhet.handbook.finding import find_contradiction, find_service, part_named
from helhet.handbook.models import Contradiction
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.shapes import part_label
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

TEXT = 5_000
ORIGIN = "contradiction"


@transaction.atomic
def contradict(reference: str, *, by: Caller, text: str, part: str = "") -> Contradiction:
    """Say what is wrong or missing, of one part or of the whole. It becomes a task of the group that answers, or of the
    management team where none does.
    """
    item = find_service(reference, by)
    by.require(HandbookPermission.CONTRADICT)
    part = part_named(part) if part else ""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text or len(text) > TEXT:
        raise Invalid(_("Say in 1 to %(limit)d characters what is wrong.") % {"limit": TEXT}, field="text")
    made = Contradiction.objects.create(
        item=item, part=part, text=text, user_id=by.user_id, by=by.name[:200], at=timezone.now()
    )
    record(
        "handbook.readiness.contradicted", "item", item.pk, by=by,
        after={"contradiction": made.pk, "part": part, "text": text[:300]},
    )  # fmt: skip
    _ask(made, item, by)
    return made


def _ask(made: Contradiction, item: Item, by: Caller) -> None:
    group = _group_for(item)
    if group is None:
        return
    called = f"{item.name}, {part_label(made.part)}" if made.part else item.name
    create_task(
        by=by, title=_("Contradicted by operations: %(name)s") % {"name": called[:200]},
        group=group.reference, item=item.reference, text=made.text, origin=ORIGIN, origin_id=made.pk,
    )  # fmt: skip


def _group_for(item: Item) -> Group | None:
    held = Answer.objects.open().filter(item=item, group__isnull=False).values("group_id")
    living = Group.objects.exclude(state=GroupState.CLOSED).select_related("item")
    return living.filter(pk__in=held).first() or living.filter(is_management_team=True, item__presence=0).first()


@transaction.atomic
def settle(number: int, *, by: Caller, version: int | None, text: str) -> Contradiction:
    """What became of it, in words; its task is done with that."""
    found = find_contradiction(number, by, for_change=True)
    by.require(HandbookPermission.SETTLE, found.item)
    check_version(found, version, _("The contradiction"))
    text = " ".join(text.split())
    if not text or len(text) > 500:
        raise Invalid(_("Say what was done."), field="text")
    if found.settled_at is not None:
        raise Clash(_("It is settled already."))
    found.settled_at, found.settled_by, found.settled_text = timezone.now(), by.name[:200], text
    found.version += 1
    found.save(update_fields=["settled_at", "settled_by", "settled_text", "version"])
    record(
        "handbook.readiness.settled", "item", found.item_id, by=by,
        before={"contradiction": found.pk}, after={"text": text},
    )  # fmt: skip
    for task in Task.objects.filter(origin=ORIGIN, origin_id=found.pk, state=TaskState.OPEN):
        finish_task(task.pk, by=as_product(by), version=task.version, outcome=text)
    return found
