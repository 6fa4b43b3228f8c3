"""What people do with maintenance windows and freezes: state, change, end."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.finding import find_freeze, find_window
from helhet.changes.models import Freeze, Window
from helhet.changes.permissions import ChangePermission
from helhet.changes.times import recurring
from helhet.groups.finding import group_named
from helhet.groups.models import Answer
from helhet.items.finding import find_item
from helhet.items.listing import ItemList
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Forbidden, Invalid
from helhet.kit.rights import Caller, Level
from helhet.kit.versions import check_version
from helhet.routines.rule_words import refused_rule
from helhet.rules.recurrence import BadRule
from helhet.rules.recurrence_limits import check_rule

P = TypeVar("P", Window, Freeze)
LONGEST_WINDOW = 14 * 24 * 60
LONGEST_FREEZE = dt.timedelta(days=366)
WINDOW_FIELDS = ("name", "starts_on", "starts_time", "minutes", "rule", "reason")
FREEZE_FIELDS = ("name", "starts_at", "ends_at", "reason")
FOR_WHAT = ("item", "group", "filter")


@transaction.atomic
def state_window(*, by: Caller, **fields: Any) -> Window:
    """A recurring time in which changes may be made: `name`, `starts_on`, `starts_time`, `minutes`, `rule`, one of
    `item`, `group` and `filter` (references and text; none: everything), `reason`, `stated_by` (a group).
    """
    window = drafted_window(by=by, **fields)
    window.save()
    record("changes.window.stated", "window", window.pk, by=by, after=_told(window), reason=window.reason)
    return window


@transaction.atomic
def change_window(window_id: int, *, by: Caller, version: int | None, **fields: Any) -> Window:
    """Alter what `state_window` takes, except who stated it. Signatures under clashes with it no longer hold."""
    window = find_window(window_id, by, for_change=True)
    return _changed(window, by, version, drafted_window(by=by, of=window, **fields))


@transaction.atomic
def end_window(window_id: int, *, by: Caller, version: int | None, reason: str = "") -> Window:
    """It binds no longer."""
    return _ended(find_window(window_id, by, for_change=True), by, version, reason)


@transaction.atomic
def state_freeze(*, by: Caller, **fields: Any) -> Freeze:
    """A time in which changes are not allowed: `name`, `starts_at`, `ends_at`, and as `state_window` for what."""
    freeze = drafted_freeze(by=by, **fields)
    freeze.save()
    record("changes.freeze.stated", "freeze", freeze.pk, by=by, after=_told(freeze), reason=freeze.reason)
    return freeze


@transaction.atomic
def change_freeze(freeze_id: int, *, by: Caller, version: int | None, **fields: Any) -> Freeze:
    """Alter what `state_freeze` takes, except who stated it."""
    freeze = find_freeze(freeze_id, by, for_change=True)
    return _changed(freeze, by, version, drafted_freeze(by=by, of=freeze, **fields))


@transaction.atomic
def end_freeze(freeze_id: int, *, by: Caller, version: int | None, reason: str = "") -> Freeze:
    """It holds no longer."""
    return _ended(find_freeze(freeze_id, by, for_change=True), by, version, reason)


def drafted_window(*, by: Caller, of: Window | None = None, **fields: Any) -> Window:
    """The window as it would be stated or altered, checked but not written: for the preview too. Raises Invalid."""
    _only(fields, WINDOW_FIELDS, is_new=of is None)
    window = _copied(of) if of is not None else Window()
    _put(window, fields, WINDOW_FIELDS)
    _about(window, fields, by)
    if getattr(getattr(window, "starts_time", None), "tzinfo", None) is not None:
        raise Invalid(
            _("A window comes back by the clock of this installation."), todo=_("Write the time without a zone."),
            field="starts_time",
        )  # fmt: skip
    for name in ("starts_on", "starts_time"):
        if getattr(window, name) is None:
            raise Invalid(_("Say when it begins for the first time."), field=name)
    if not 0 < (getattr(window, "minutes", None) or 0) <= LONGEST_WINDOW:
        raise Invalid(_("It lasts from a minute to 14 days."), field="minutes")
    window.rule = window.rule.strip().upper().removeprefix("RRULE:")
    try:
        if window.rule and (of is None or of.rule != window.rule):
            check_rule(window.rule, has_time=True)
        recurring(window).check()
    except BadRule as error:
        frequency = _("A window comes back by the day, week, month or year (FREQ=DAILY, WEEKLY, MONTHLY or YEARLY).")
        raise refused_rule(error, frequency=frequency, first=_("The first day is none of the rule's days.")) from error
    return window


def drafted_freeze(*, by: Caller, of: Freeze | None = None, **fields: Any) -> Freeze:
    """The freeze as it would be stated or altered, checked but not written: for the preview too. Raises Invalid."""
    _only(fields, FREEZE_FIELDS, is_new=of is None)
    freeze = _copied(of) if of is not None else Freeze()
    _put(freeze, fields, FREEZE_FIELDS)
    _about(freeze, fields, by)
    for name in ("starts_at", "ends_at"):
        if getattr(freeze, name) is None:
            raise Invalid(_("Say when it begins and when it ends."), field=name)
    if not dt.timedelta(0) < freeze.ends_at - freeze.starts_at <= LONGEST_FREEZE:
        raise Invalid(_("It ends after it begins, and within a year."), field="ends_at")
    return freeze


def _copied(period: P) -> P:
    made = type(period)(**{one.attname: getattr(period, one.attname) for one in period._meta.concrete_fields})
    made._state.adding = False
    return made


def _only(fields: dict[str, Any], names: tuple[str, ...], *, is_new: bool) -> None:
    known = {*names, *FOR_WHAT, *(("stated_by",) if is_new else ())}
    if unknown := sorted(set(fields) - known):
        raise Invalid(_("There is no field %(name)s here.") % {"name": unknown[0]}, field=unknown[0])


def _put(period: Window | Freeze, fields: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in fields:
            setattr(period, name, fields[name])
    period.name = " ".join((period.name or "").split())
    period.reason = " ".join((period.reason or "").split())
    if not 0 < len(period.name) <= 200:
        raise Invalid(_("A name has 1 to 200 characters."), field="name")
    if len(period.reason) > 500:
        raise Invalid(_("A reason has at most 500 characters."), field="reason")


def _about(period: Window | Freeze, fields: dict[str, Any], by: Caller) -> None:
    """For what it holds, by whom, and whether the caller may say so for that."""
    if fields.get("stated_by"):
        period.stated_by = group_named(fields["stated_by"], by)
    if any(name in fields for name in FOR_WHAT):
        wanted = {name: (fields.get(name) or "").strip() for name in FOR_WHAT}
        if sum(bool(text) for text in wanted.values()) > 1:
            raise Invalid(_("It holds for one item, one group or one filter."), todo=_("Choose one."), field="item")
        period.item = find_item(wanted["item"], by) if wanted["item"] else None
        period.group = group_named(wanted["group"], by) if wanted["group"] else None
        period.filter = wanted["filter"]
        if period.filter:
            ItemList(by, period.filter)
    by.require(ChangePermission.PERIOD_MANAGE, period)
    if by.level < Level.COORDINATOR and not _is_own(period):
        raise Forbidden(
            _("A group states this for itself and for what it answers for."),
            todo=_("Choose such an item or the group, or ask the management team."),
        )


def _is_own(period: Window | Freeze) -> bool:
    if period.item_id is not None:
        own = Answer.objects.open().filter(item_id=period.item_id).values_list("group_id", flat=True).first()
        return own is not None and own == period.stated_by_id
    return period.group_id is not None and period.group_id == period.stated_by_id


def _changed(old: P, by: Caller, version: int | None, new: P) -> P:
    by.require(ChangePermission.PERIOD_MANAGE, old)
    check_version(old, version, old.name)
    _require_open(old)
    before, after = _told(old), _told(new)
    if before == after:
        return old
    new.version = old.version + 1
    new.save()
    names = [name for name in after if before[name] != after[name]]
    noun = new._meta.model_name or ""
    record(
        f"changes.{noun}.changed", noun, new.pk, by=by, before={name: before[name] for name in names},
        after={name: after[name] for name in names}, reason=new.reason,
    )  # fmt: skip
    return new


def _ended(period: P, by: Caller, version: int | None, reason: str) -> P:
    by.require(ChangePermission.PERIOD_MANAGE, period)
    check_version(period, version, period.name)
    _require_open(period)
    period.ended_at = timezone.now()
    period.version += 1
    period.save(update_fields=["ended_at", "version"])
    noun = period._meta.model_name or ""
    record(f"changes.{noun}.ended", noun, period.pk, by=by, after={"name": period.name}, reason=reason)
    return period


def _require_open(period: Window | Freeze) -> None:
    if period.ended_at is not None:
        raise Clash(_("%(name)s has ended.") % {"name": period.name}, todo=_("State a new one."))


def _told(period: Window | Freeze) -> dict[str, Any]:
    names = WINDOW_FIELDS if isinstance(period, Window) else FREEZE_FIELDS
    told: dict[str, Any] = {name: _plain(getattr(period, name)) for name in names}
    return told | {
        "item": period.item.reference if period.item else None, "filter": period.filter,
        "group": period.group.reference if period.group else None,
        "stated_by": period.stated_by.reference if period.stated_by else None,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value
