"""The steps of a change: approved, scheduled, under way, reviewed, closed, or not done at all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import ask_positions, withdraw_all_but
from helhet.changes.actions.drafting import TEXT_LIMIT, taken
from helhet.changes.actions.ordering import settle_orders
from helhet.changes.flow import facts_of, require
from helhet.changes.models import Change, ChangeState, ChangeType, Outcome
from helhet.changes.permissions import ChangePermission
from helhet.changes.touching import keep, others, touch_of
from helhet.changes.writing import change_changes
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.rules.change_flow import Step, leads_to

WENT = (Outcome.DONE, Outcome.FAULTS, Outcome.FAILED, Outcome.REVERTED)


def _step(change: Change, step: Step, by: Caller, reason: str = "", **wanted: Any) -> Change:
    facts = require(step, change, by)
    wanted["state"] = leads_to(step, facts)
    change_changes(
        [(change, wanted)], by=by, on=timezone.localdate(), verb=f"changes.change.{VERBS[step]}", reason=reason
    )
    settle_orders(change, by)
    return change


VERBS = {
    Step.APPROVE: "approved",
    Step.SCHEDULE: "scheduled",
    Step.BEGIN: "begun",
    Step.FINISH: "finished",
    Step.CLOSE: "closed",
    Step.TAKE_BACK: "taken_back",
    Step.CANCEL: "cancelled",
}


@transaction.atomic
def approve_change(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Change:
    """All that must be said is said: the change may be scheduled."""
    change = taken(reference, by, version, ChangePermission.APPROVE)
    return _step(change, Step.APPROVE, by, reason, approved_at=timezone.now())


@transaction.atomic
def schedule_change(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Change:
    """Its time is set: it stands in the calendar."""
    return _step(taken(reference, by, version), Step.SCHEDULE, by, reason)


@transaction.atomic
def begin_change(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Change:
    """It is under way. What it touches is computed once more; an emergency now asks for positions."""
    change = taken(reference, by, version)
    touch = touch_of(change, by)
    facts = require(Step.BEGIN, change, by, facts=facts_of(change, by, touch=touch))
    keep(change, touch, "begun")
    wanted = {"state": leads_to(Step.BEGIN, facts), "began_at": timezone.now()}
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.begun", reason=reason)
    if change.type == ChangeType.EMERGENCY and others(change, touch):
        return ask_positions(reference, by=by, version=change.version)
    return change


@transaction.atomic
def finish_change(
    reference: str, *, by: Caller, version: int | None, outcome: str, learnt: str | None = None, reason: str = ""
) -> Change:
    """It is over, and this is how it went."""
    change = taken(reference, by, version)
    wanted: dict[str, Any] = {"outcome": _outcome(outcome), "finished_at": timezone.now()}
    if learnt is not None:
        wanted["learnt"] = learnt.replace("\r\n", "\n").strip()[:TEXT_LIMIT]
    return _step(change, Step.FINISH, by, reason, **wanted)


@transaction.atomic
def close_change(
    reference: str, *, by: Caller, version: int | None, outcome: str | None = None, learnt: str | None = None,
    reason: str = "",
) -> Change:  # fmt: skip
    """The review is done. `outcome` and `learnt` may be put right at the same time."""
    change = taken(reference, by, version)
    if outcome:
        change.outcome = _outcome(outcome)
    if learnt is not None:
        change.learnt = learnt.replace("\r\n", "\n").strip()[:TEXT_LIMIT]
    require(Step.CLOSE, change, by)
    wanted = {
        "state": ChangeState.CLOSED, "closed_at": timezone.now(), "outcome": change.outcome, "learnt": change.learnt,
    }  # fmt: skip
    change.refresh_from_db(fields=["outcome", "learnt"])
    change_changes([(change, wanted)], by=by, on=timezone.localdate(), verb="changes.change.closed", reason=reason)
    return change


@transaction.atomic
def take_back_change(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Change:
    """It is a draft again. What the groups said is withdrawn: it was about another wording."""
    change = taken(reference, by, version)
    _step(change, Step.TAKE_BACK, by, reason, asked_at=None, approved_at=None, answer_by=None)
    withdraw_all_but(change, (), by=by)
    return change


@transaction.atomic
def cancel_change(reference: str, *, by: Caller, version: int | None, reason: str) -> Change:
    """It will not be done, for a reason."""
    change = taken(reference, by, version)
    if not reason.strip():
        raise Invalid(_("Say why it will not be done."), field="reason")
    _step(change, Step.CANCEL, by, reason, outcome=Outcome.CANCELLED, closed_at=timezone.now())
    withdraw_all_but(change, (), by=by)
    return change


def _outcome(text: str) -> str:
    for one in WENT:
        if text.strip().lower() in {one.value, str(one.label).lower()}:
            return str(one.value)
    raise Invalid(
        _("There is no outcome %(word)s.") % {"word": text[:40]},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(one.value for one in WENT)}, field="outcome",
    )  # fmt: skip
