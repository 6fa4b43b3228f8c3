"""A part that does not apply, with its reason and a name; and what each part counts."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.handbook.finding import find_service, part_named
from helhet.handbook.models import NotApplicable, Weight
from helhet.handbook.permissions import HandbookPermission
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.service_parts import WEIGHT

REASON = 500
MOST = 100


@transaction.atomic
def rule_out(reference: str, part: str, *, by: Caller, reason: str) -> NotApplicable:
    """The part does not apply to the service, for a reason. What was written stays, and counts again when it is taken
    back.
    """
    item = find_service(reference, by, for_change=True)
    part = part_named(part)
    by.require(HandbookPermission.RULE_OUT, item)
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON:
        raise Invalid(_("Say in 1 to %(limit)d characters why it does not apply.") % {"limit": REASON}, field="reason")
    if NotApplicable.objects.filter(item=item, part=part).exists():
        raise Clash(_("It is said already that this does not apply."), todo=_("Take that back first."))
    made = NotApplicable.objects.create(item=item, part=part, reason=reason, by=by.name[:200], at=timezone.now())
    record("handbook.part.ruled_out", "item", item.pk, by=by, after={"part": part}, reason=reason)
    return made


@transaction.atomic
def take_back(reference: str, part: str, *, by: Caller, version: int | None) -> None:
    """The part applies after all."""
    item = find_service(reference, by, for_change=True)
    part = part_named(part)
    by.require(HandbookPermission.RULE_OUT, item)
    known = NotApplicable.objects.filter(item=item, part=part).first()
    if known is None:
        raise Clash(_("Nobody has said that this does not apply."))
    check_version(known, version, f"{item.reference}/{part}")
    known.delete()
    record("handbook.part.taken_back", "item", item.pk, by=by, before={"part": part, "reason": known.reason})


@transaction.atomic
def set_weight(part: str, *, by: Caller, version: int | None, weight: int) -> Weight:
    """What the part counts in completeness, 0 to 100; 0 leaves it out. A part that nobody has weighed has version 1."""
    by.require(HandbookPermission.WEIGHT_MANAGE)
    part = part_named(part)
    if not 0 <= weight <= MOST:
        raise Invalid(_("A part counts from 0 to %(limit)d.") % {"limit": MOST}, field="weight")
    Weight.objects.get_or_create(part=part, defaults={"weight": WEIGHT})
    known = Weight.objects.select_for_update().get(part=part)
    check_version(known, version, part)
    if known.weight != weight:
        before, known.weight, known.version = known.weight, weight, known.version + 1
        known.save()
        record("handbook.weight.changed", "weight", 0, by=by, before={part: before}, after={part: weight})
    return known
