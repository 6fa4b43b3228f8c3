"""What people do with alerts: tie them to a routine, run it, close them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.routines.actions.routine import change_routine, labels_of
from helhet.routines.actions.runs import begin_run, gone_on_with
from helhet.routines.alert_places import routines_of
from helhet.routines.alert_reading import require_change
from helhet.routines.finding import find_routine
from helhet.routines.models import Alert, Routine, Run, RunOrigin
from helhet.routines.permissions import RoutinePermission
from helhet.routines.refusals import withdrawn

MOST = 5_000


def find_alert(number: int, caller: Caller, *, for_change: bool = False) -> Alert:
    """The alert with this number. Raises NotFound. `for_change` takes its row for the transaction."""
    caller.require(RoutinePermission.VIEW)
    rows = Alert.objects.visible_to(caller).select_related("item__kind", "routine__document__item", "run")
    found = (rows.select_for_update(of=("self",)) if for_change else rows).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no alert %(number)s.") % {"number": number}, todo=_("See the list of alerts."),
                       where=str(number))  # fmt: skip
    return found


@transaction.atomic
def tie_alert(
    number: int, *, by: Caller, version: int | None, routine: str, label: str = "", item: str = ""
) -> Alert:  # fmt: skip
    """The alert asks for this routine (reference), and with one of its labels (`alertname=DiskFull`) so do all that
    have it, also those that are open now: then the right to change the routine is asked for too. `item` says what it
    is about.
    """
    alert = _changeable(number, by)
    check_version(alert, version, alert.name)
    found = find_routine(routine.strip(), by, for_change=True)
    if found.is_withdrawn:
        raise withdrawn(found.document.item.name)
    if label := label.strip():
        found = _taught(alert, found, label, by)
    alert.routine, alert.routine_by_hand = found, True
    on = find_item(item.strip(), by) if item.strip() else alert.item
    if on != alert.item:
        alert.item, alert.item_by_hand = on, True
    alert.version += 1
    alert.save(update_fields=["routine", "routine_by_hand", "item", "item_by_hand", "version"])
    told: dict[str, Any] = {"routine": found.document.item.reference, "label": label}
    record("routines.alert.tied", "alert", alert.pk, by=by, after=told)
    if label:
        _tie_unknown()
    return alert


def _changeable(number: int, by: Caller) -> Alert:
    alert = find_alert(number, by, for_change=True)
    require_change(by, alert)
    return alert


def _taught(alert: Alert, routine: Routine, label: str, by: Caller) -> Routine:
    """The routine, for which alerts with this label ask from now on."""
    if label not in {f"{name}={value}" for name, value in alert.labels.items()}:
        raise Invalid(_("The alert has no label %(label)s.") % {"label": label[:100]}, field="label",
                      todo=_("Choose one of its labels, or none."))  # fmt: skip
    labels = [*labels_of(routine), label]
    return change_routine(routine.document.item.reference, by=by, version=routine.version, labels=labels)


def _tie_unknown() -> None:
    """Open alerts without a routine ask for the one that their labels lead to now."""
    unknown = list(Alert.objects.select_for_update().without_routine().filter(resolved_at=None)[:MOST])
    for one, routine_id in zip(unknown, routines_of([(one.labels, {}) for one in unknown]), strict=True):
        if routine_id is not None:
            Alert.objects.filter(pk=one.pk).update(routine_id=routine_id)


@transaction.atomic
def run_alert(number: int, *, by: Caller, key: str) -> Run:
    """Begin a run of the routine that the alert asks for. One that is under way is gone on with."""
    alert = find_alert(number, by, for_change=True)
    if alert.routine is None:
        raise Clash(_("The alert has no routine."), todo=_("Tie one to it first."))
    if alert.run is not None and not alert.run.outcome:
        return gone_on_with(alert.run, by)
    routine = find_routine(alert.routine.document.item.reference, by, for_change=True)
    on = Item.objects.visible_to(by).filter(pk=alert.item_id or 0).first()
    alert.run = begin_run(routine, by=by, key=key, item=on, origin=RunOrigin.ALERT, origin_id=alert.pk)
    alert.version += 1
    alert.save(update_fields=["run", "version"])
    return alert.run


@transaction.atomic
def close_alert(number: int, *, by: Caller, version: int | None) -> Alert:
    """It is over, although its sender has not said so. When it is told with a new beginning it comes up again."""
    alert = _changeable(number, by)
    check_version(alert, version, alert.name)
    if alert.resolved_at is not None:
        raise Clash(_("The alert is closed."))
    alert.resolved_at = alert.told_at = timezone.now()
    alert.version += 1
    alert.save(update_fields=["resolved_at", "told_at", "version"])
    record("routines.alert.closed", "alert", alert.pk, by=by, after={"name": alert.name})
    return alert
