"""An answer to one step of a run, also one that was kept on a phone and is sent later, perhaps twice; and the choice
between two of them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from helhet.items.attachments import Upload, keep_file
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.routines.actions.runs import checked_key
from helhet.routines.answers import answers_of
from helhet.routines.finding import find_run
from helhet.routines.models import Run, RunStep, StepState
from helhet.routines.permissions import RoutinePermission
from helhet.routines.refusals import wrong_answer
from helhet.routines.running import Holding, holding, refusal_of_approval, require_change
from helhet.rules.steps import Fault, Said, State, Step, read_steps
from helhet.rules.walking import taken_as

VALUE_LIMIT = 5_000
FIRST_YEAR, LAST_YEAR = 1970, 9_000


@transaction.atomic
def answer_step(
    run_id: int,
    *,
    by: Caller,
    key: str,
    step: str,
    state: str,
    value: str = "",
    note: str = "",
    said_at: dt.datetime | None = None,
    photo: Upload | None = None,
    instead_of: int | None = None,
) -> RunStep:
    """Answer a step: done, skipped or failed; an approval: approved or refused, by another than those who do it.

    The same key is the same answer, however often it is sent. The name and the time are the server's; `said_at` is
    kept beside it. A number outside the limits of its step is taken as failed. Where the step has an answer already,
    this one takes its place when `instead_of` names it; else it waits until somebody chooses (`choose_answer`). Raises
    Invalid, and Clash when the run has ended or the step is not to be done now.
    """
    run = find_run(run_id, by, for_change=True)
    by.require(RoutinePermission.RUN_CHANGE)
    if (known := _sent_before(run, checked_key(key), step, by)) is not None:
        return known
    if run.outcome:
        raise Clash(_("The run has ended already."), todo=_("Begin a new one."), field="run")
    text = _checked_value(state, value, note)
    steps = read_steps(run.of_version.fields.get("steps"))
    told = _checked_right(next((one for one in steps if one.id == step), None), run, by)
    taken = taken_as(steps, answers_of(run), step, Said(State(state), text or (photo.name or "" if photo else "")))
    if isinstance(taken, Fault):
        raise wrong_answer(taken, step)
    waits = _waits(run, step, instead_of)
    made = RunStep.objects.create(
        run=run, key=key, step=step, state=str(taken.state), value=taken.value,
        photo=keep_file(run.routine.document.item, photo, by=by) if photo else None,
        note=note.replace("\x00", "").strip(), user_id=by.user_id, by=by.name[:200], said_at=_kept(said_at),
        counts=not waits, waits=waits,
    )  # fmt: skip
    Run.objects.filter(pk=run.pk).update(version=F("version") + 1)
    told = {"step": step, "state": made.state} | told | ({"waits": True} if waits else {})
    record("routines.run.answered", "run", run.pk, by=by, after=told)
    return made


@transaction.atomic
def choose_answer(run_id: int, answer_id: int, *, by: Caller, take: bool, standing: int) -> RunStep:
    """Choose between an answer that waits and `standing`, the one that counts: `take` lets the former count instead.

    Whoever may answer the step may choose; both answers stay in the history. The same choice sent twice is one. Raises
    Clash when the run has ended, another choice was made, or another answer counts by now.
    """
    run = find_run(run_id, by, for_change=True)
    by.require(RoutinePermission.RUN_CHANGE)
    row = RunStep.objects.filter(run=run, pk=answer_id).first()
    if row is None:
        raise NotFound(_("The run has no such answer."))
    steps = read_steps(run.of_version.fields.get("steps"))
    _checked_right(next((one for one in steps if one.id == row.step), None), run, by)
    if not row.waits:
        if row.counts == take:
            return row
        raise Clash(_("Another choice was made already."), todo=_("Load the page anew to see it."), field="answer")
    if run.outcome:
        raise Clash(_("The run has ended already."), todo=_("Begin a new one."), field="run")
    counting = RunStep.objects.filter(run=run, step=row.step, counts=True)
    if not counting.filter(pk=standing).exists():
        raise Clash(_("Another answer counts by now."), todo=_("Load the page anew to see it."), field="standing")
    if take:
        counting.update(counts=False)
    row.waits, row.counts = False, take
    row.save(update_fields=["waits", "counts"])
    Run.objects.filter(pk=run.pk).update(version=F("version") + 1)
    record("routines.run.chosen", "run", run.pk, by=by, after={"step": row.step, "by": row.by, "taken": take})
    return row


def _checked_value(state: str, value: str, note: str) -> str:
    if state not in StepState.values:
        keys = ", ".join(StepState.values)
        raise Invalid(
            _("Say what became of the step."), todo=_("Choose one of: %(keys)s.") % {"keys": keys}, field="state"
        )
    text = value.replace("\x00", "").strip()
    if len(text) > VALUE_LIMIT or len(note) > VALUE_LIMIT:
        raise Invalid(_("Longer than %(limit)d characters.") % {"limit": VALUE_LIMIT}, field="value")
    return text


def _waits(run: Run, step: str, instead_of: int | None) -> bool:
    """Whether a new answer to the step waits beside the one that counts; that gives way where it is named."""
    standing = RunStep.objects.filter(run=run, step=step, counts=True).first()
    if standing is None:
        return False
    if standing.pk == instead_of:
        RunStep.objects.filter(pk=standing.pk).update(counts=False)
    return standing.pk != instead_of


def _kept(said_at: dt.datetime | None) -> dt.datetime | None:
    """What a phone says of the time, unless its clock is so wrong that no zone could tell it."""
    return said_at if said_at is not None and FIRST_YEAR <= said_at.year <= LAST_YEAR else None


def _sent_before(run: Run, key: str, step: str, by: Caller) -> RunStep | None:
    """The answer of a key that was sent before. Raises Invalid when it is another's, or to another step."""
    known = RunStep.objects.filter(run=run, key=key).first()
    if known is not None and (known.step != step or known.user_id != by.user_id):
        raise Invalid(_("The key is that of another answer."), todo=_("Make a new one."), field="key")
    return known


def _checked_right(step: Step | None, run: Run, by: Caller) -> dict[str, Any]:
    """An approval is given by another; the other steps are answered by those who may go on with the run. Returns what
    the history tells of an approver's role.
    """
    if step is None or not step.is_approval:
        require_change(by, run)
        return {}
    if (refusal := refusal_of_approval(by, step, run)) is not None:
        raise refusal
    if not step.role:
        return {}
    return {"role": step.role, "role_checked": holding(by, step.role, run) != Holding.UNKNOWN}
