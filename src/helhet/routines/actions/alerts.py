"""What senders and people do with alerts: tell them, tie them to a routine, run it, close them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.items.finding import find_item
from helhet.journal.actions import make, record, record_many
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.routines.actions.routine import change_routine, labels_of
from helhet.routines.actions.runs import begin_run
from helhet.routines.alert_places import items_of, routines_of
from helhet.routines.finding import find_routine
from helhet.routines.models import Alert, Run, RunOrigin
from helhet.routines.permissions import RoutinePermission
from helhet.routines.refusals import withdrawn
from helhet.rules.alert_telling import Kept, Meaning, meaning

MOST = 5_000


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as its sender tells it."""

    fingerprint: str
    labels: dict[str, str]
    annotations: dict[str, str]
    began_at: dt.datetime
    ended_at: dt.datetime | None
    url: str = ""


@dataclass(slots=True)
class Taken:
    """What a post did, by what it meant; `unknown` are open ones without a routine, `truncated` were left out by the
    sender.
    """

    counts: dict[str, int] = field(default_factory=lambda: {str(one): 0 for one in Meaning})
    unknown: int = 0
    truncated: int = 0


@transaction.atomic
def take_alerts(
    sender: str, group_key: str, alerts: Sequence[Told], *, by: Caller, truncated: int = 0
) -> Taken:  # fmt: skip
    """Take what a sender tells: new ones open, resolved ones close, those that come up again open again. What is told
    twice changes nothing. Raises Invalid for more than 5,000 alerts.
    """
    by.require(RoutinePermission.ALERT_SEND)
    if len(alerts) > MOST:
        raise Invalid(_("At most %(most)d alerts can be sent at once.") % {"most": MOST}, field="alerts",
                      todo=_("Lower max_alerts of the sender."))  # fmt: skip
    kept = {one.fingerprint: one for one in _kept(sender, group_key, [one.fingerprint for one in alerts])}
    routines = routines_of([(one.labels, one.annotations) for one in alerts])
    items = items_of([one.labels for one in alerts], by)
    taken, now, events = Taken(truncated=truncated), timezone.now(), []
    for told, routine, item in zip(alerts, routines, items, strict=True):
        alert = kept.get(told.fingerprint)
        known = Kept(alert.began_at, alert.resolved_at, alert.told_at) if alert is not None else None
        means = meaning(known, told.began_at, now, is_resolved=told.ended_at is not None)
        taken.counts[str(means)] += 1
        if alert is None:
            alert = Alert(sender=sender, group_key=group_key[:500], fingerprint=told.fingerprint)
            kept[told.fingerprint] = alert
        if means == Meaning.OLD:
            continue
        _put(alert, told, means, now)
        alert.routine_id, alert.item_id = routine or alert.routine_id, item or alert.item_id
        is_new = alert.pk is None
        alert.save()
        taken.unknown += alert.routine_id is None and alert.resolved_at is None
        if means != Meaning.REPEATED:
            events.append(_event(alert, "told" if is_new else str(means), by))
    record_many(events)
    if truncated:
        record("routines.alert.truncated", "alert_group", 0, by=by, after={"group": group_key[:200], "left": truncated})
    return taken


def _kept(sender: str, group_key: str, fingerprints: list[str]) -> list[Alert]:
    rows = Alert.objects.select_for_update().filter(sender=sender, group_key=group_key[:500])
    return [
        alert
        for start in range(0, len(fingerprints), 500)
        for alert in rows.filter(fingerprint__in=fingerprints[start : start + 500])
    ]


def _put(alert: Alert, told: Told, means: Meaning, now: dt.datetime) -> None:
    alert.name = (told.labels.get("alertname") or told.annotations.get("summary") or told.fingerprint)[:300]
    alert.summary = (told.annotations.get("summary") or told.annotations.get("description") or "")[:500]
    alert.labels, alert.annotations, alert.url = told.labels, told.annotations, told.url[:1_000]
    alert.told_at = now
    if means == Meaning.AGAIN:
        alert.times += 1
    if means != Meaning.REPEATED or told.ended_at is None:
        alert.began_at = told.began_at
        alert.resolved_at = told.ended_at
    if means != Meaning.REPEATED and alert.pk is not None:
        alert.version += 1


def _event(alert: Alert, verb: str, by: Caller) -> Event:
    return make(f"routines.alert.{verb}", "alert", alert.pk, by=by, after={"name": alert.name})


def find_alert(number: int, caller: Caller, *, for_change: bool = False) -> Alert:
    """The alert with this number. Raises NotFound. `for_change` takes its row for the transaction."""
    caller.require(RoutinePermission.VIEW)
    rows = Alert.objects.select_related("item__kind", "routine__document__item", "run")
    found = (rows.select_for_update(of=("self",)) if for_change else rows).filter(pk=number).first()
    if found is None:
        raise NotFound(_("There is no alert %(number)s.") % {"number": number}, todo=_("See the list of alerts."),
                       where=str(number))  # fmt: skip
    return found


@transaction.atomic
def tie_alert(
    number: int, *, by: Caller, version: int | None, routine: str, label: str = "", item: str = ""
) -> Alert:  # fmt: skip
    """The alert asks for this routine (reference), and with `label` (`alertname=DiskFull`) so do all that have it, also
    those that are open now. `item` says what it is about.
    """
    alert = find_alert(number, by, for_change=True)
    check_version(alert, version, alert.name)
    found = find_routine(routine.strip(), by, for_change=True)
    if found.is_withdrawn:
        raise withdrawn(found.document.item.name)
    if label.strip():
        known = [*labels_of(found), label.strip()]
        found = change_routine(found.document.item.reference, by=by, version=found.version, labels=known)
    else:
        by.require(RoutinePermission.ALERT_CHANGE, alert)
    alert.routine = found
    if item.strip():
        alert.item = find_item(item.strip(), by)
    alert.version += 1
    alert.save(update_fields=["routine", "item", "version"])
    told: dict[str, Any] = {"routine": found.document.item.reference, "label": label.strip()}
    record("routines.alert.tied", "alert", alert.pk, by=by, after=told)
    unknown = list(Alert.objects.select_for_update().without_routine().filter(resolved_at=None)[:MOST])
    for one, routine_id in zip(unknown, routines_of([(one.labels, {}) for one in unknown]), strict=True):
        if routine_id is not None:
            Alert.objects.filter(pk=one.pk).update(routine_id=routine_id)
    return alert


@transaction.atomic
def run_alert(number: int, *, by: Caller, key: str) -> Run:
    """Begin a run of the routine that the alert asks for. One that is under way is gone on with."""
    alert = find_alert(number, by, for_change=True)
    if alert.routine is None:
        raise Clash(_("The alert has no routine."), todo=_("Tie one to it first."))
    if alert.run is not None and not alert.run.outcome:
        return alert.run
    routine = find_routine(alert.routine.document.item.reference, by, for_change=True)
    alert.run = begin_run(routine, by=by, key=key, item=alert.item, origin=RunOrigin.ALERT, origin_id=alert.pk)
    alert.version += 1
    alert.save(update_fields=["run", "version"])
    return alert.run


@transaction.atomic
def close_alert(number: int, *, by: Caller, version: int | None) -> Alert:
    """It is over, although its sender has not said so. When it is told with a new beginning it comes up again."""
    alert = find_alert(number, by, for_change=True)
    by.require(RoutinePermission.ALERT_CHANGE, alert)
    check_version(alert, version, alert.name)
    if alert.resolved_at is not None:
        raise Clash(_("The alert is closed."))
    alert.resolved_at = alert.told_at = timezone.now()
    alert.version += 1
    alert.save(update_fields=["resolved_at", "told_at", "version"])
    record("routines.alert.closed", "alert", alert.pk, by=by, after={"name": alert.name})
    return alert
