"""What needs no change at all: stating and ending it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.models import Threshold
from helhet.changes.permissions import ChangePermission
from helhet.groups.finding import group_named
from helhet.items.finding import find_item
from helhet.items.models import Kind
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version


def visible_thresholds(caller: Caller) -> QuerySet[Threshold]:
    """All that were stated, those that have ended too."""
    found = Threshold.objects.select_related("item__kind", "kind", "group__item")
    return found if caller.may(ChangePermission.VIEW) else found.none()


@transaction.atomic
def state_threshold(
    *, by: Caller, text: str, covered_by: str, item: str = "", kind: str = "", group: str = "", fields: Any = ()
) -> Threshold:
    """`text` needs no change on this item (reference) or on items of this kind (key), since the task or order
    `covered_by` covers it. `fields`: those that an import may alter (`name`, `attributes.cpu`) without a change; none
    is all.
    """
    if bool(item.strip()) == bool(kind.strip()):
        raise Invalid(_("It is of one item or of one kind."), todo=_("Give one of them."), field="item")
    threshold = Threshold(text=" ".join(text.split())[:500], covered_by=" ".join(covered_by.split())[:500])
    threshold.group = group_named(group, by) if group.strip() else None
    by.require(ChangePermission.THRESHOLD_MANAGE, threshold)
    for name in ("text", "covered_by"):
        if not getattr(threshold, name):
            raise Invalid(_("Say what needs no change, and which task or order covers it."), field=name)
    threshold.item = find_item(item, by) if item.strip() else None
    if kind.strip():
        threshold.kind = Kind.objects.filter(key=kind.strip()).first()
        if threshold.kind is None:
            raise Invalid(_("There is no kind %(kind)s.") % {"kind": kind[:40]}, field="kind")
    threshold.fields = sorted({one.strip() for one in fields if one.strip()})
    threshold.stated_by = by.name[:200]
    threshold.save()
    told = {"text": threshold.text, "covered_by": threshold.covered_by, "fields": threshold.fields}
    record("changes.threshold.stated", "threshold", threshold.pk, by=by, after=told)
    return threshold


@transaction.atomic
def end_threshold(number: int, *, by: Caller, version: int | None, reason: str = "") -> Threshold:
    """From now on such a thing needs a change."""
    list(Threshold.objects.select_for_update(of=("self",)).filter(pk=number).values_list("pk", flat=True))
    threshold = visible_thresholds(by).filter(pk=number).first()
    if threshold is None:
        raise NotFound(_("There is no threshold %(number)s.") % {"number": number}, where=str(number))
    by.require(ChangePermission.THRESHOLD_MANAGE, threshold)
    check_version(threshold, version, threshold.text)
    if threshold.ended_at is not None:
        raise Clash(_("It has ended already."), todo=_("State a new one."))
    threshold.ended_at = timezone.now()
    threshold.version += 1
    threshold.save(update_fields=["ended_at", "version"])
    record("changes.threshold.ended", "threshold", number, by=by, after={"text": threshold.text}, reason=reason)
    return threshold
