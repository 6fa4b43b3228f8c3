"""A run: begun, taken over, ended, abandoned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Cause, Version
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.routines.actions.occurrences import finish_run_of_day
from helhet.routines.answers import answers_of
from helhet.routines.doubting import answerer, ask
from helhet.routines.finding import adopted, find_run
from helhet.routines.models import Routine, Run, RunOrigin, RunOutcome, RunStep
from helhet.routines.permissions import RoutinePermission
from helhet.routines.proving import count_proof
from helhet.routines.refusals import cannot_end, unchosen, withdrawn
from helhet.routines.running import is_runner, require_change
from helhet.rules.steps import Outcome, Step, read_steps
from helhet.rules.walking import may_end

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
TEXT_LIMIT = 20_000


def checked_key(key: str) -> str:
    """A key that the sender made, by which the same thing sent twice is known. Raises Invalid."""
    if not KEY.fullmatch(key):
        raise Invalid(_("The key is 8 to 64 letters, digits, - and _."), field="key")
    return key


@transaction.atomic
def begin_run(
    routine: Routine,
    *,
    by: Caller,
    key: str,
    item: Item | None = None,
    origin: str = RunOrigin.ROUTINE,
    origin_id: int | None = None,
    is_exercise: bool = False,
) -> Run:
    """Begin to use the routine as it is published now, perhaps on an item. The same key gives the same run.

    Raises Clash when nothing is published or it is withdrawn, Invalid for a key that is another's or another routine's.
    """
    by.require(RoutinePermission.RUN, routine.document.item)
    known = Run.objects.filter(key=checked_key(key)).first()
    if known is not None:
        return _same(known, routine, by)
    version = _version_to_run(routine)
    routine = adopted(routine)
    made, is_new = Run.objects.get_or_create(
        key=key,
        defaults={
            "routine": routine, "of_version": version, "item": item, "group_id": _group(routine, by),
            "person_id": by.person_id, "user_id": by.user_id, "by": by.name[:200], "origin": RunOrigin(origin),
            "origin_id": origin_id, "is_exercise": is_exercise,
        },
    )  # fmt: skip
    if not is_new:
        return _same(made, routine, by)
    told = {"routine": routine.document.address, "version": version.number, "item": item and item.reference}
    record("routines.run.begun", "run", made.pk, by=by, after={name: value for name, value in told.items() if value})
    return made


def _version_to_run(routine: Routine) -> Version:
    version = routine.document.published
    if routine.is_withdrawn:
        raise withdrawn(routine.document.item.name)
    if version is None:
        raise Clash(_("The routine is not published yet."), todo=_("Publish it, and run it then."))
    return version


def _same(known: Run, routine: Routine, by: Caller) -> Run:
    """The run of a key that was sent before. Raises Invalid when it is another's, or of another routine."""
    is_his = known.user_id == by.user_id or is_runner(by, known)
    if known.routine_id != routine.pk or not is_his:
        raise Invalid(_("The key is that of another run."), todo=_("Make a new one."), field="key")
    return find_run(known.pk, by)


def gone_on_with(run: Run, by: Caller) -> Run:
    """A run that is under way already, for whoever asks to run its routine. Raises NotFound, Forbidden."""
    found = find_run(run.pk, by)
    by.require(RoutinePermission.RUN, found.routine.document.item)
    return found


def _group(routine: Routine, by: Caller) -> int | None:
    """The group for which it is run: the routine's own when the caller belongs to it, else the first of his."""
    owning = routine.document.answering_group_id
    return owning if owning in by.member_of else min(by.member_of, default=None)


@transaction.atomic
def take_run(run_id: int, *, by: Caller) -> Run:
    """The run is the caller's from now on: whoever may begin one may take one over. Whose it was stays in its history,
    and may still send what his phone has kept.
    """
    run = find_run(run_id, by, for_change=True)
    by.require(RoutinePermission.RUN, run.routine.document.item)
    if run.outcome:
        raise Clash(_("The run has ended already."), todo=_("Begin a new one."))
    if run.user_id == by.user_id:
        return run
    before = run.by
    run.runners = list(dict.fromkeys(one for one in (*run.runners, run.user_id) if one is not None))
    run.user_id, run.by, run.person_id = by.user_id, by.name[:200], by.person_id
    run.group_id = _group(run.routine, by)
    run.version += 1
    run.save(update_fields=["runners", "user_id", "by", "person", "group", "version"])
    record("routines.run.taken", "run", run.pk, by=by, before={"by": before}, after={"by": run.by})
    return run


@transaction.atomic
def end_run(
    run_id: int,
    *,
    by: Caller,
    outcome: str,
    note: str = "",
    minutes: int | None = None,
    cost: Decimal | None = None,
    tickets: Sequence[str] = (),
) -> Run:
    """It worked, worked with deviations, or failed. Sent again with the same outcome it is ended once.

    `minutes` is the time spent, without one from beginning to now; `cost` in kronor. A failed run becomes a task of the
    group that answers for the routine, and a doubt of its text. Raises Clash when required steps are left.
    """
    run = _under_way(run_id, by, outcome)
    if run.outcome:
        return run
    if outcome not in (RunOutcome.WORKED, RunOutcome.DEVIATIONS, RunOutcome.FAILED):
        raise Invalid(
            _("Say how it went."), todo=_("Choose one of: %(keys)s.") % {"keys": "worked, deviations, failed"},
            field="outcome",
        )  # fmt: skip
    steps = read_steps(run.of_version.fields.get("steps"))
    if outcome != RunOutcome.FAILED:
        _require_chosen(run, steps)
    hindrance = may_end(steps, answers_of(run), Outcome(outcome))
    if hindrance is not None:
        raise cannot_end(*hindrance)
    run.note, run.tickets = note.replace("\x00", "").strip()[:TEXT_LIMIT], _tickets(tickets)
    if outcome == RunOutcome.DEVIATIONS and not run.note:
        raise Invalid(_("Say what deviated."), field="note")
    now = timezone.now()
    run.minutes = _minutes(minutes, round((now - run.begun_at).total_seconds() / 60))
    run.cost = _cost(cost)
    _close(run, outcome, by)
    count_proof(run.routine_id)
    finish_run_of_day(run, by=by)
    if outcome == RunOutcome.FAILED:
        _ask(run, by)
    return run


@transaction.atomic
def abandon_run(run_id: int, *, by: Caller, note: str = "") -> Run:
    """It is not gone on with, and proves nothing. What was answered stays."""
    run = _under_way(run_id, by, RunOutcome.ABANDONED)
    if run.outcome:
        return run
    run.note = note.replace("\x00", "").strip()[:TEXT_LIMIT]
    _close(run, RunOutcome.ABANDONED, by)
    return run


def _require_chosen(run: Run, steps: Sequence[Step]) -> None:
    """Raise Clash while a step has two answers: which one counts may decide whether it worked."""
    waiting = set(RunStep.objects.filter(run=run, waits=True).values_list("step", flat=True))
    if waiting:
        raise unchosen(step for step in steps if step.id in waiting)


def _under_way(run_id: int, by: Caller, outcome: str) -> Run:
    run = find_run(run_id, by, for_change=True)
    require_change(by, run)
    if run.outcome and run.outcome != outcome:
        raise Clash(
            _("The run has ended already: %(outcome)s.") % {"outcome": RunOutcome(run.outcome).label},
            todo=_("Begin a new one."),
        )
    return run


def _close(run: Run, outcome: str, by: Caller) -> None:
    run.outcome, run.ended_at = outcome, timezone.now()
    run.version += 1
    run.save(update_fields=["outcome", "ended_at", "note", "minutes", "cost", "tickets", "version"])
    told: dict[str, Any] = {"outcome": str(outcome), "minutes": run.minutes, "tickets": run.tickets}
    record(
        "routines.run.ended", "run", run.pk, by=by, reason=run.note,
        after={name: value for name, value in told.items() if value},
    )  # fmt: skip


def _ask(run: Run, by: Caller) -> None:
    """A failed run is a task of those who answer for the routine, and doubts its text."""
    document = run.routine.document
    title = _("The routine %(name)s failed") % {"name": document.item.name}
    run.task = ask(
        document, by=by, title=title, text=run.note, cause=Cause.FAILED, origin="run", origin_id=run.pk,
        group=answerer(document, run.group_id), person=run.person,
    )  # fmt: skip
    run.save(update_fields=["task"])


def _tickets(tickets: Sequence[str]) -> list[str]:
    kept = [" ".join(str(one).split()) for one in tickets]
    if any(len(one) > 100 for one in kept) or len(kept) > 50:
        raise Invalid(_("A run has at most 50 tickets, each of at most 100 characters."), field="tickets")
    return list(dict.fromkeys(one for one in kept if one))


def _minutes(said: int | None, measured: int) -> int:
    if said is None:
        return max(0, min(measured, 1_000_000))
    if not 0 <= said <= 1_000_000:
        raise Invalid(_("Time spent is whole minutes, at most 1,000,000."), field="minutes")
    return said


def _cost(said: Decimal | None) -> Decimal | None:
    if said is not None and not 0 <= said < Decimal(10) ** 10:
        raise Invalid(_("The cost is an amount from 0."), field="cost")
    return said
