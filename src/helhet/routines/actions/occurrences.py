"""What people do in the day list: take, do, skip, reopen; and what one shift tells the next."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.finding import group_named
from helhet.groups.models import GroupState, Person
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.routines.actions.operations import COST_LIMIT, MINUTES_LIMIT, checked_reason
from helhet.routines.models import Handover, Occurrence, OccurrenceState, Run, RunOrigin, RunOutcome
from helhet.routines.occurring import make_due
from helhet.routines.operations import find_occurrence
from helhet.routines.permissions import RoutinePermission

TEXT_LIMIT = 5_000


@transaction.atomic
def take_occurrence(number: int, *, by: Caller, version: int | None) -> Occurrence:
    """The caller takes it on himself."""
    found = _open(number, by, version)
    if by.person_id is None:
        raise Clash(
            _("You are no person in the register."), todo=_("Ask an administrator to tie your user to a person.")
        )
    return write_occurrence(found, "taken", by, {"person": Person.objects.get(pk=by.person_id)})


@transaction.atomic
def do_occurrence(
    number: int, *, by: Caller, version: int | None, minutes: int | None = None, cost: Decimal | None = None
) -> Occurrence:
    """It is done, perhaps with the minutes and the cost that it took. One that counts from then comes again."""
    found = _open(number, by, version)
    if minutes is not None and not 0 <= minutes <= MINUTES_LIMIT:
        raise Invalid(_("The minutes are between 0 and %(most)d.") % {"most": MINUTES_LIMIT}, field="minutes")
    if cost is not None and not 0 <= cost <= COST_LIMIT:
        raise Invalid(_("The cost is not below zero, and can be kept."), field="cost")
    kept = None if cost is None else Decimal(cost).quantize(Decimal("0.01"))
    return _closed(found, OccurrenceState.DONE, by, {"minutes": minutes, "cost": kept})


@transaction.atomic
def skip_occurrence(number: int, *, by: Caller, version: int | None, reason: str) -> Occurrence:
    """It is not done this time, for a reason."""
    found = _open(number, by, version)
    return _closed(found, OccurrenceState.SKIPPED, by, {"reason": checked_reason(reason)}, reason)


@transaction.atomic
def reopen_occurrence(number: int, *, by: Caller, version: int | None) -> Occurrence:
    """It is to be done after all. The next one that came of its doing goes, unless that is done too."""
    found = _held(number, by, version)
    if found.state == OccurrenceState.OPEN:
        raise Clash(_("It is to be done already."))
    if found.task.ended_on is not None:
        raise Clash(_("The operational task has ended."), todo=_("Make a new one."))
    if found.task.after_days is not None:
        later = found.task.occurrences.filter(pk__gt=found.pk)
        if later.exclude(state=OccurrenceState.OPEN).exists():
            raise Clash(_("The task has been done again since."), todo=_("Reopen the latest one."))
        later.delete()
    empty = {"state": OccurrenceState.OPEN, "reason": "", "minutes": None, "cost": None, "run": None}
    return write_occurrence(found, "reopened", by, empty | {"closed_at": None, "closed_by": ""})


def finish_run_of_day(run: Run, *, by: Caller) -> Occurrence | None:
    """The occurrence that the run began from is done when the run worked; after one that failed it stays. Must run
    inside the transaction in which the run ends.
    """
    if run.origin != RunOrigin.DAY or run.origin_id is None:
        return None
    if run.outcome not in (RunOutcome.WORKED, RunOutcome.DEVIATIONS):
        return None
    try:
        found = find_occurrence(run.origin_id, by, for_change=True)
    except NotFound:
        return None
    if found.state != OccurrenceState.OPEN:
        return None
    return _closed(found, OccurrenceState.DONE, by, {"run": run, "minutes": run.minutes, "cost": run.cost})


@transaction.atomic
def write_handover(*, by: Caller, group: str, text: str) -> Handover:
    """Tell the group's next shift something."""
    of = group_named(group.strip(), by)
    if of.state == GroupState.CLOSED:
        raise Invalid(_("%(group)s is closed.") % {"group": of.name}, field="group")
    note = Handover(group=of, text=text.replace("\x00", "").replace("\r\n", "\n").strip(), by=by.name[:200])
    by.require(RoutinePermission.HAND_OVER, note)
    if not 0 < len(note.text) <= TEXT_LIMIT:
        raise Invalid(_("A note has 1 to %(most)d characters.") % {"most": TEXT_LIMIT}, field="text")
    note.user_id = by.user_id
    note.save()
    record("routines.handover.written", "handover", note.pk, by=by, after={"group": of.name, "text": note.text})
    return note


@transaction.atomic
def take_handover(number: int, *, by: Caller, version: int | None) -> Handover:
    """The next shift has read it."""
    by.require(RoutinePermission.VIEW)
    note = Handover.objects.select_for_update(of=("self",)).select_related("group__item").filter(pk=number).first()
    if note is None:
        raise NotFound(_("There is no such note."), todo=_("See the day list."), where=str(number))
    by.require(RoutinePermission.HAND_OVER, note)
    check_version(note, version, _("The note"))
    if note.taken_at is not None:
        raise Clash(_("%(name)s has taken the note already.") % {"name": note.taken_by})
    note.taken_by, note.taken_at, note.version = by.name[:200], timezone.now(), note.version + 1
    note.save(update_fields=["taken_by", "taken_at", "version"])
    record("routines.handover.taken", "handover", note.pk, by=by, after={"group": note.group.name})
    return note


def _held(number: int, by: Caller, version: int | None) -> Occurrence:
    found = find_occurrence(number, by, for_change=True)
    by.require(RoutinePermission.TASK_DO, found)
    check_version(found, version, found.task.title)
    return found


def _open(number: int, by: Caller, version: int | None) -> Occurrence:
    found = _held(number, by, version)
    if found.state != OccurrenceState.OPEN:
        raise Clash(
            _("%(name)s closed it already.") % {"name": found.closed_by or _("Somebody")}, todo=_("Reopen it first.")
        )
    return found


def _closed(
    found: Occurrence, state: OccurrenceState, by: Caller, more: dict[str, Any], reason: str = ""
) -> Occurrence:
    closed = {"state": state, "closed_at": timezone.now(), "closed_by": by.name[:200], **more}
    if found.person_id is None and by.person_id is not None and state == OccurrenceState.DONE:
        closed["person"] = Person.objects.get(pk=by.person_id)
    done = write_occurrence(found, str(state), by, closed, reason)
    if done.task.after_days is not None:
        make_due(done.task, timezone.localdate())
    return done


def write_occurrence(found: Occurrence, verb: str, by: Caller, wanted: dict[str, Any], reason: str = "") -> Occurrence:
    """Set these fields of an occurrence whose row is held, and tell it."""
    for name, value in wanted.items():
        setattr(found, name, value)
    found.version += 1
    found.save(update_fields=[*wanted, "version"])
    told = {"title": found.task.title, "due_on": found.due_on.isoformat()}
    for name in ("minutes", "cost", "person", "run"):
        if wanted.get(name) is not None:
            told[name] = wanted[name] if isinstance(wanted[name], int) else str(wanted[name])
    record(f"routines.occurrence.{verb}", "occurrence", found.pk, by=by, after=told, reason=reason)
    return found
