"""Taking back what was just done with a change, where that leaves nothing behind: words, a move that asked nobody anew,
order, marks, incidents, signatures. What others have been asked or have answered is not taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.drafting import change_change, still_allowed
from helhet.changes.actions.moving import move_change
from helhet.changes.actions.ordering import (
    clear_mark,
    end_consequence,
    end_order,
    mark_impact,
    put_after,
    tell_consequence,
)
from helhet.changes.actions.signing import sign_clash, withdraw_signature
from helhet.changes.finding import find_change
from helhet.changes.models import Change, ChangeItem, ChangePerson
from helhet.changes.permissions import ChangePermission
from helhet.changes.writing import ITEM_FIELDS, change_changes, plain
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller

WORDS = frozenset({"name", "type", "group_id", "owner_id", "purpose", "plan", "test", "way_back", "learnt"})
TIMES = ("starts_at", "ends_at")
THINGS = ("items", "people")
SET_BACK = frozenset({*WORDS, *TIMES, *THINGS})
ASKED = ("changes.change.asked", "changes.position.asked")


@transaction.atomic
def undo_event(reference: str, event_id: int, *, by: Caller) -> Change:
    """Set back what one event of the change did, if it still stands. Raises Invalid for what cannot be undone, and
    Clash for what has been changed since.
    """
    change = find_change(reference, by, for_change=True)
    event = Event.objects.filter(noun="item", noun_id=change.pk, pk=event_id).first()
    if event is None or not can_undo(event):
        raise Invalid(_("This cannot be undone."), todo=_("Do the opposite by hand."), where=change.reference)
    UNDOES[event.verb](change, event, by)
    return find_change(reference, by)


def can_undo(event: Event) -> bool:
    """Whether the event leaves nothing behind when it is taken back."""
    if event.verb == "changes.change.moved":
        known = (event.before or {}).get("starts_at") and "state" not in (event.after or {})
        later = Event.objects.filter(noun="item", noun_id=event.noun_id, pk__gt=event.pk, verb__in=ASKED)
        return bool(known) and not later.exists()
    if event.verb == "changes.mark.cleared":
        return "reason" in (event.before or {})
    return event.verb in UNDOES


def _undo_edit(change: Change, event: Event, by: Caller) -> None:
    """All that one saving of the form altered, though items and people have an event of their own."""
    by.require(ChangePermission.CHANGE, change)
    together = Event.objects.filter(noun="item", noun_id=change.pk, verb=event.verb, request_id=event.request_id)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for one in together if event.request_id else [event]:
        before |= one.before or {}
        after |= one.after or {}
    stands = {name: value for name, value in before.items() if name in SET_BACK and _stands(change, name, after)}
    things: dict[str, Any] = {name: stands.pop(name) for name in THINGS if name in stands}
    fields = {name: _moment(value) if name in TIMES else value for name, value in stands.items()}
    if not fields and not things:
        raise Clash(_("This has been changed since; there is nothing to undo."), where=change.reference)
    still_allowed(change, {**fields, **things})
    if things:
        change = change_change(change.reference, by=by, version=change.version, **things)
    change_changes([(change, fields)], by=by, on=timezone.localdate(), verb="changes.change.undone")


def _stands(change: Change, name: str, after: dict[str, Any]) -> bool:
    """Whether it still is as the event left it."""
    if name in TIMES:
        return bool(getattr(change, name) == _moment(after[name]))
    return bool(_now(change, name) == after[name])


def _now(change: Change, name: str) -> Any:
    if name == "items":
        ids = ChangeItem.objects.filter(change=change).values_list("item_id", flat=True)
        return [one.reference for one in Item.objects.filter(pk__in=ids).order_by("pk")]
    if name == "people":
        return [one.person.name for one in ChangePerson.objects.filter(change=change).select_related("person")]
    return plain(getattr(change.item if name in ITEM_FIELDS else change, name))


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _undo_move(change: Change, event: Event, by: Caller) -> None:
    before, after = event.before or {}, event.after or {}
    if not all(_stands(change, name, after) for name in TIMES if name in after):
        raise Clash(_("This has been changed since; there is nothing to undo."), where=change.reference)
    starts_at, ends_at = (_moment(before[name]) if name in before else getattr(change, name) for name in TIMES)
    if starts_at and ends_at:
        move_change(change.reference, starts_at, ends_at, by=by, version=change.version)


def _again_marked(change: Change, event: Event, by: Caller) -> None:
    told = event.before or {}
    mark_impact(
        change.reference, told["item"], by=by, version=change.version, is_hit=told["is_hit"], reason=told["reason"]
    )


def _undo_mark(change: Change, event: Event, by: Caller) -> None:
    if event.before:
        _again_marked(change, event, by)
    else:
        clear_mark(change.reference, (event.after or {})["item"], by=by, version=change.version)


def _again_told(change: Change, event: Event, by: Caller) -> None:
    told = dict(event.before or {})
    tell_consequence(change.reference, told.pop("incident"), by=by, **told)


def _undo_told(change: Change, event: Event, by: Caller) -> None:
    if event.before:
        _again_told(change, event, by)
    else:
        end_consequence(change.reference, (event.after or {})["incident"], by=by)


UNDOES: dict[str, Callable[[Change, Event, Caller], None]] = {
    "changes.change.changed": _undo_edit,
    "changes.change.moved": _undo_move,
    "changes.order.stated": lambda change, event, by: end_order(change.reference, (event.after or {})["after"], by=by),
    "changes.order.ended": lambda change, event, by: _again_after(change, event.before or {}, by),
    "changes.mark.made": _undo_mark,
    "changes.mark.cleared": _again_marked,
    "changes.consequence.told": _undo_told,
    "changes.consequence.ended": _again_told,
    "changes.clash.signed": lambda change, event, by: withdraw_signature(
        change.reference, (event.after or {})["key"], by=by
    ),
    "changes.clash.unsigned": lambda change, event, by: _again_signed(change, event.before or {}, by),
}


def _again_after(change: Change, told: dict[str, Any], by: Caller) -> None:
    put_after(change.reference, told["after"], by=by, note=told.get("note", ""))


def _again_signed(change: Change, told: dict[str, Any], by: Caller) -> None:
    sign_clash(change.reference, told["key"], by=by, reason=told["why"])
