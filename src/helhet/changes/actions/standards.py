"""Standard changes: proposed, approved or refused by the management team, worded anew, retired, and raised."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.drafting import check_window
from helhet.changes.actions.stepping import schedule_change
from helhet.changes.finding import find_change
from helhet.changes.free import first_free, soonest
from helhet.changes.models import Change, ChangeType, Risk, StandardChange, StandardVersion, VersionState
from helhet.changes.permissions import ChangePermission
from helhet.changes.touching import keep, touch_of
from helhet.changes.writing import NewChange, add_changes
from helhet.groups.finding import group_named
from helhet.items.finding import checked_name, find_item
from helhet.items.models import Item, Kind, State
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound, Refused
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

TEXT_LIMIT = 20_000
HOUR = dt.timedelta(hours=1)
WORDING = ("conditions", "routine", "way_back")
LONGEST = 14 * 24 * 60


def visible_standards(caller: Caller) -> QuerySet[StandardChange]:
    """The standard changes that the caller may see, with what they are of."""
    found = StandardChange.objects.select_related("item__kind", "kind", "group__item").prefetch_related("versions")
    return found if caller.may(ChangePermission.VIEW) else found.none()


def find_standard(number: int, caller: Caller, *, for_change: bool = False) -> StandardChange:
    """The standard change with this number. Raises NotFound."""
    if for_change:
        list(StandardChange.objects.select_for_update(of=("self",)).filter(pk=number).values_list("pk", flat=True))
    found = visible_standards(caller).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no standard change %(number)s.") % {"number": number}, where=str(number))
    return found


def approved_of(standard: StandardChange) -> StandardVersion | None:
    """The version by which it may be raised now."""
    return next((one for one in standard.versions.all() if one.state == VersionState.APPROVED), None)


@transaction.atomic
def propose_standard(
    *, by: Caller, name: str, group: str, item: str = "", kind: str = "", **wording: Any
) -> StandardChange:
    """A change that may be raised on one item (reference) or on any of a kind (key) without asking, once the
    management team approves it. `wording`: conditions, routine, way_back, minutes, risk.
    """
    if bool(item.strip()) == bool(kind.strip()):
        raise Invalid(_("It is of one item or of one kind."), todo=_("Give one of them."), field="item")
    standard = StandardChange(name=checked_name(name)[:200], group=group_named(group, by))
    by.require(ChangePermission.STANDARD_PROPOSE, standard)
    standard.item = find_item(item, by) if item.strip() else None
    if kind.strip():
        standard.kind = Kind.objects.filter(key=kind.strip()).first()
        if standard.kind is None:
            raise Invalid(_("There is no kind %(kind)s.") % {"kind": kind[:40]}, field="kind")
    standard.save()
    version = _version(standard, 1, wording, by)
    record("changes.standard.proposed", "standard", standard.pk, by=by, after={"name": standard.name, **_told(version)})
    return find_standard(standard.pk, by)


@transaction.atomic
def propose_version(number: int, *, by: Caller, version: int | None, **wording: Any) -> StandardChange:
    """Another wording of it, which holds once it is approved; what is not given is as in the newest."""
    standard = _taken(number, by, version, ChangePermission.STANDARD_PROPOSE)
    newest = standard.versions.all()[0]
    if newest.state == VersionState.PROPOSED:
        raise Clash(
            _("Version %(number)d waits for the management team.") % {"number": newest.number},
            todo=_("Propose a new one when that is decided."),
        )  # fmt: skip
    made = _version(standard, newest.number + 1, {**_told(newest), **wording}, by)
    _grown(standard)
    record("changes.standard.version_proposed", "standard", number, by=by, before=_told(newest), after=_told(made))
    return find_standard(number, by)


@transaction.atomic
def decide_version(number: int, *, by: Caller, version: int | None, approve: bool, words: str = "") -> StandardChange:
    """The management team's word on the version that is proposed. One that is approved replaces the one before."""
    standard = _taken(number, by, version, ChangePermission.STANDARD_DECIDE)
    proposed = next((one for one in standard.versions.all() if one.state == VersionState.PROPOSED), None)
    if proposed is None:
        raise Clash(_("No version is proposed."), todo=_("Propose one first."))
    if not approve and not words.strip():
        raise Invalid(_("Say why it is refused."), field="words")
    before = approved_of(standard)
    if approve:
        standard.versions.filter(state=VersionState.APPROVED).update(state=VersionState.REPLACED)
    _decided(proposed, VersionState.APPROVED if approve else VersionState.REFUSED, words, by)
    _grown(standard)
    verb = "changes.standard.approved" if approve else "changes.standard.refused"
    record(
        verb, "standard", number, by=by, before={"version": before.number if before else None},
        after={"version": proposed.number}, reason=words[:500],
    )  # fmt: skip
    return find_standard(number, by)


@transaction.atomic
def retire_standard(number: int, *, by: Caller, version: int | None, reason: str) -> StandardChange:
    """It is raised no longer. Its group may propose another version later."""
    standard = _taken(number, by, version, ChangePermission.STANDARD_PROPOSE)
    approved = approved_of(standard)
    if approved is None:
        raise Clash(_("No version of it is approved."), todo=_("Only one that may be raised can be retired."))
    if not reason.strip():
        raise Invalid(_("Say why it is retired."), field="reason")
    _decided(approved, VersionState.RETIRED, reason, by)
    _grown(standard)
    record(
        "changes.standard.retired", "standard", number, by=by, before={"version": approved.number},
        after={"version": None}, reason=reason,
    )  # fmt: skip
    return find_standard(number, by)


@transaction.atomic
def raise_standard(
    number: int, *, by: Caller, item: str = "", starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None, at_first_free: bool = False,
) -> Change:  # fmt: skip
    """A change by its approved version: it asks nobody. With a time it is scheduled at once, unless it clashes; without
    one it is a draft whose time is still to be chosen, or with `at_first_free` is given the first time that is free.
    Without an end it takes as long as the version says.
    """
    standard = find_standard(number, by)
    approved = approved_of(standard)
    if approved is None:
        raise Clash(_("No version of it is approved."), todo=_("The management team must approve one first."))
    by.require(ChangePermission.DRAFT, Change(group_id=standard.group_id))
    of = _item(standard, item, by)
    looks_for_time = starts_at is None and at_first_free
    if looks_for_time:
        starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) + 2 * HOUR
    if starts_at is not None and (ends_at is None or looks_for_time):
        ends_at = starts_at + dt.timedelta(minutes=approved.minutes)
    check_window(starts_at, ends_at)
    draft = NewChange(
        f"{standard.name}: {of.name}"[:300], type=ChangeType.STANDARD, group_id=standard.group_id,
        owner_id=by.person_id, standard_id=approved.pk, purpose=approved.conditions, plan=approved.routine,
        way_back=approved.way_back, risk=approved.risk, starts_at=starts_at, ends_at=ends_at, items=[of.pk],
    )  # fmt: skip
    (change_id,) = add_changes([draft], by=by, on=timezone.localdate())
    change = find_change(Item.objects.get(pk=change_id).reference, by)
    if looks_for_time:
        _take_first_free(change)
    raised_by = {"standard": standard.name, "version": approved.number}
    record("changes.change.raised", "item", change.pk, by=by, after={"title": change.name, **raised_by})
    keep(change, touch_of(change, by), "drafted")
    if starts_at is None:
        return change
    try:
        with transaction.atomic():
            return schedule_change(change.reference, by=by, version=change.version)
    except Refused:
        # It stays a draft: its page tells what stands in the way, such as a clash that must be signed for.
        return find_change(change.reference, by)


def _take_first_free(change: Change) -> None:
    found = first_free(change, soonest(change), {})
    if found is not None:
        change.starts_at, change.ends_at = found.starts_at, found.ends_at
        change.save(update_fields=["starts_at", "ends_at"])


def _item(standard: StandardChange, text: str, by: Caller) -> Item:
    if standard.item is not None and not text.strip():
        return standard.item
    if not text.strip():
        raise Invalid(_("Say on which item it is raised."), field="item")
    found = find_item(text, by)
    fits = found.pk == standard.item_id if standard.item_id else found.kind_id == standard.kind_id
    if not fits or found.state == State.RETIRED:
        raise Invalid(
            _("%(name)s may not be raised on %(item)s.") % {"name": standard.name, "item": found.reference},
            todo=_("Choose an item of its kind that is not retired."), field="item",
        )  # fmt: skip
    return found


def _taken(number: int, by: Caller, version: int | None, permission: ChangePermission) -> StandardChange:
    standard = find_standard(number, by, for_change=True)
    by.require(permission, standard)
    check_version(standard, version, standard.name)
    return standard


def _grown(standard: StandardChange) -> None:
    standard.version += 1
    standard.save(update_fields=["version"])


def _decided(one: StandardVersion, state: VersionState, words: str, by: Caller) -> None:
    one.state, one.words, one.decided_by, one.decided_at = state, words.strip()[:500], by.name[:200], timezone.now()
    one.save(update_fields=["state", "words", "decided_by", "decided_at"])


def _version(standard: StandardChange, number: int, wording: dict[str, Any], by: Caller) -> StandardVersion:
    if unknown := sorted(set(wording) - {*WORDING, "minutes", "risk"}):
        raise Invalid(_("There is no field %(name)s here.") % {"name": unknown[0]}, field=unknown[0])
    texts = {name: str(wording.get(name) or "").replace("\r\n", "\n").strip()[:TEXT_LIMIT] for name in WORDING}
    if not texts["routine"]:
        raise Invalid(_("Say how it is done."), field="routine")
    minutes = int(wording.get("minutes") or 60)
    if not 0 < minutes <= LONGEST:
        raise Invalid(_("It lasts from a minute to 14 days."), field="minutes")
    risks = {one.key: one for one in Risk if one}
    risk = risks.get(str(wording.get("risk") or "low"))
    if risk is None:
        raise Invalid(
            _("There is no risk %(word)s.") % {"word": str(wording["risk"])[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(risks)}, field="risk",
        )  # fmt: skip
    return StandardVersion.objects.create(
        standard=standard, number=number, minutes=minutes, risk=risk, proposed_by=by.name[:200], **texts
    )


def _told(one: StandardVersion) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in WORDING}, "minutes": one.minutes, "risk": Risk(one.risk).key}
