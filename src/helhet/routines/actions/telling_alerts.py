"""What senders tell of alerts: new ones, repeats, resolves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.journal.actions import history, make, record, record_many
from helhet.journal.models import Event
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.routines.alert_places import items_of, routines_of
from helhet.routines.models import Alert, Routine
from helhet.routines.permissions import RoutinePermission
from helhet.rules.alert_telling import Kept, Meaning, meaning

MOST = 5_000
CHUNK = 500
SOME = 20
"""So many alerts that could not be taken are told by name."""
MISSING, TRUNCATED, REFUSED = "alert_group", "routines.alert.truncated", "routines.alert.refused"
"""Events of what a post did not bring, all of noun MISSING and number 0."""
OVERTAKEN = 3
"""So often is a post begun anew when others bring the same new alerts at the same moment."""
WRITTEN = ("name", "summary", "labels", "annotations", "url", "item_id", "routine_id", "routine_by_hand", "began_at",
           "told_began_at", "resolved_at", "times", "version")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One alert as its sender tells it."""

    fingerprint: str
    labels: dict[str, str]
    annotations: dict[str, str]
    began_at: dt.datetime
    ended_at: dt.datetime | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """An alert of a post that could not be taken: its name where it has one, and what is wrong, as plain values that
    say it in any language (`kit.api_errors.placed`).
    """

    name: str
    faults: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a post did not bring: how many alerts its sender left out, and those that could not be taken."""

    truncated: int = 0
    left: Sequence[Left] = ()


NOTHING_MISSING = Missing()


@dataclass(slots=True)
class Taken:
    """What a post did, by what it meant; `unknown` are open ones without a routine, `truncated` were left out by the
    sender.
    """

    counts: dict[str, int] = field(default_factory=lambda: {str(one): 0 for one in Meaning})
    unknown: int = 0
    truncated: int = 0


def take_alerts(
    sender: str, group_key: str, alerts: Sequence[Told], *, by: Caller, missing: Missing = NOTHING_MISSING
) -> Taken:  # fmt: skip
    """Take what a sender tells: new ones open, resolved ones close, those that come up again open again. What is told
    twice changes nothing, and what people said of an alert stays; people are told what is missing. Raises Invalid for
    more than 5,000 alerts.
    """
    by.require(RoutinePermission.ALERT_SEND)
    if len(alerts) + len(missing.left) > MOST:
        raise Invalid(_("At most %(most)d alerts can be sent at once.") % {"most": MOST}, field="alerts",
                      todo=_("Lower max_alerts of the sender."))  # fmt: skip
    for _time in range(OVERTAKEN):
        try:
            return _take(sender, group_key, alerts, by, missing)
        except IntegrityError:
            # Another post brought one of them since they were looked for; now it is known.
            continue
    return _take(sender, group_key, alerts, by, missing)


@transaction.atomic
def _take(sender: str, group_key: str, alerts: Sequence[Told], by: Caller, missing: Missing) -> Taken:
    kept = {one.fingerprint: one for one in _kept(sender, group_key, sorted({one.fingerprint for one in alerts}))}
    before = {fingerprint: _worth(alert) for fingerprint, alert in kept.items()}
    routines = routines_of([(one.labels, one.annotations) for one in alerts])
    items = items_of([one.labels for one in alerts], by)
    usable = _usable(kept.values()) | {one for one in routines if one is not None}
    taken, now, happened = Taken(truncated=missing.truncated), timezone.now(), []
    for told, routine, item in zip(alerts, routines, items, strict=True):
        alert = kept.get(told.fingerprint)
        means = _meaning(alert, told, now)
        taken.counts[str(means)] += 1
        if means == Meaning.OLD:
            continue
        is_first = alert is None
        alert = alert or Alert(sender=sender, group_key=group_key[:500], fingerprint=told.fingerprint)
        kept[told.fingerprint] = alert
        _place(alert, routine, item, means, usable)
        _put(alert, told, means, now, is_first=is_first)
        taken.unknown += alert.routine_id not in usable and alert.resolved_at is None
        if means != Meaning.REPEATED:
            happened.append((alert, "told" if is_first else str(means)))
    _write(kept, before, now)
    record_many([_event(alert, verb, by) for alert, verb in happened])
    _tell_of_missing({"sender": sender, "group": group_key[:200]}, missing, by)
    return taken


def _tell_of_missing(post: dict[str, Any], missing: Missing, by: Caller) -> None:
    """For the page of alerts and the history; told again within a day it is not news."""
    known = [(one.verb, one.after) for one in missing_lately()] if missing.truncated or missing.left else []
    news = []
    if missing.truncated:
        news.append((TRUNCATED, {**post, "left": missing.truncated}))
    if missing.left:
        some = [{"name": one.name[:200], "faults": one.faults[:5]} for one in missing.left[:SOME]]
        news.append((REFUSED, {**post, "left": len(missing.left), "alerts": some}))
    for verb, after in news:
        if (verb, after) not in known:
            record(verb, MISSING, 0, by=by, after=after)


def missing_lately() -> list[Event]:
    """The events of the last day that tell what posts did not bring, the newest first; at most 100."""
    return list(history(MISSING, 0).filter(at__gte=timezone.now() - dt.timedelta(days=1))[:100])


def _worth(alert: Alert) -> tuple[Any, ...]:
    return tuple(getattr(alert, name) for name in WRITTEN)


def _write(kept: Mapping[str, Alert], before: Mapping[str, tuple[Any, ...]], now: dt.datetime) -> None:
    """Write what is new and what changed; of what was only told again, when."""
    # In one order, as the rows are taken: two posts with the same alerts in other orders would wait for each other.
    new = [one for name, one in sorted(kept.items()) if name not in before]
    Alert.objects.bulk_create(new, batch_size=CHUNK)
    known = [(name, one) for name, one in kept.items() if name in before and one.told_at == now]
    changed = [one for name, one in known if _worth(one) != before[name]]
    Alert.objects.bulk_update(changed, [*WRITTEN, "told_at"], batch_size=100)
    repeated = [one.pk for name, one in known if _worth(one) == before[name]]
    for start in range(0, len(repeated), CHUNK):
        Alert.objects.filter(pk__in=repeated[start : start + CHUNK]).update(told_at=now)


def _kept(sender: str, group_key: str, fingerprints: list[str]) -> list[Alert]:
    rows = Alert.objects.select_for_update().filter(sender=sender, group_key=group_key[:500]).order_by("fingerprint")
    return [
        alert
        for start in range(0, len(fingerprints), CHUNK)
        for alert in rows.filter(fingerprint__in=fingerprints[start : start + CHUNK])
    ]


def _usable(kept: Iterable[Alert]) -> set[int]:
    tied = {one.routine_id for one in kept if one.routine_id is not None}
    return set(Routine.objects.in_use().filter(pk__in=tied).values_list("pk", flat=True)) if tied else set()


def _meaning(alert: Alert | None, told: Told, now: dt.datetime) -> Meaning:
    known = Kept(alert.told_began_at, alert.resolved_at, alert.told_at) if alert is not None else None
    return meaning(known, told.began_at, now, is_resolved=told.ended_at is not None)


def _place(alert: Alert, routine: int | None, item: int | None, means: Meaning, usable: set[int]) -> None:
    """What it asks for and is about: found where that is not known, and anew when it comes up again, unless people
    have said it.
    """
    is_again = means == Meaning.AGAIN
    keeps_routine = alert.routine_id in usable and (alert.routine_by_hand or not is_again)
    keeps_item = alert.item_id is not None and (alert.item_by_hand or not is_again)
    if routine is not None and not keeps_routine:
        alert.routine_id, alert.routine_by_hand = routine, False
    if item is not None and not keeps_item:
        alert.item_id = item


def _put(alert: Alert, told: Told, means: Meaning, now: dt.datetime, *, is_first: bool) -> None:
    alert.name = (told.labels.get("alertname") or told.annotations.get("summary") or told.fingerprint)[:300]
    alert.summary = (told.annotations.get("summary") or told.annotations.get("description") or "")[:500]
    alert.labels, alert.annotations, alert.url = told.labels, told.annotations, told.url[:1_000]
    alert.told_at, alert.told_began_at = now, told.began_at
    if means == Meaning.REPEATED:
        return
    if is_first or alert.resolved_at is not None:
        alert.began_at = told.began_at
    alert.resolved_at = told.ended_at
    alert.times += means == Meaning.AGAIN
    alert.version += not is_first


def _event(alert: Alert, verb: str, by: Caller) -> Event:
    return make(f"routines.alert.{verb}", "alert", alert.pk, by=by, after={"name": alert.name})
