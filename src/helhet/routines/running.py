"""Who may go on with a run, and who may approve a step of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from helhet.groups.models import Group, GroupState, Membership, Role
from helhet.items.text import fold
from helhet.kit.errors import Forbidden
from helhet.kit.rights import Caller, Level
from helhet.routines.models import Run, RunStep, StepState
from helhet.routines.permissions import RoutinePermission
from helhet.rules.steps import Step

APPROVALS = (StepState.APPROVED, StepState.REFUSED)


def is_runner(caller: Caller, run: Run) -> bool:
    """Whether the run is his, or was before somebody took it over: what his phone still keeps is taken."""
    return caller.user_id is not None and caller.user_id in {run.user_id, *run.runners}


def may_change(caller: Caller, run: Run) -> bool:
    """Whether he may answer its steps and end it: whose it is or was, and the group that answers for the routine."""
    if not caller.may(RoutinePermission.RUN_CHANGE, run):
        return False
    return is_runner(caller, run) or caller.may(RoutinePermission.RUN_HELP, run.routine.document.item)


def may_answer(caller: Caller, run: Run, step: Step) -> bool:
    """Whether he may answer the step, and so choose between two answers to it."""
    if step.is_approval:
        return caller.may(RoutinePermission.RUN_CHANGE, run) and refusal_of_approval(caller, step, run) is None
    return may_change(caller, run)


def require_change(caller: Caller, run: Run) -> None:
    """Raise Forbidden unless he may."""
    if not may_change(caller, run):
        raise Forbidden(
            _("%(name)s runs the routine.") % {"name": run.by}, field="run",
            todo=_("Take the run over first, or ask the group that answers for the routine."),
        )  # fmt: skip


class Holding(StrEnum):
    """How somebody stands to the role that a step names."""

    HELD = "held"
    LACKED = "lacked"
    UNKNOWN = "unknown"


def holding(caller: Caller, role: str, run: Run) -> Holding:
    """Whether he has the role: belongs to the group of that name, or has a membership with it today.

    Chair, deputy and member are asked of the group that answers for the routine. A role that no group and no
    membership is called by cannot be checked. The management team stands in for any.
    """
    wanted, builtin = fold(role), _builtin(fold(role))
    group = Group.objects.exclude(state=GroupState.CLOSED).filter(item__name_fold=wanted).first()
    if group is not None:
        return _held(caller.may(RoutinePermission.RUN_HELP, group))
    memberships = Membership.objects.on(timezone.localdate()).exclude(group__state=GroupState.CLOSED)
    if builtin is not None:
        owner = run.routine.answering_group_id
        having = memberships.filter(role=builtin, group=owner) if owner is not None else memberships.none()
    else:
        names = [one for one in memberships.values_list("role", flat=True).order_by().distinct() if fold(one) == wanted]
        having = memberships.filter(role__in=names)
    if not having.exists():
        return Holding.UNKNOWN
    is_his = caller.person_id is not None and having.filter(person=caller.person_id).exists()
    return _held(is_his or caller.level >= Level.COORDINATOR)


def _held(is_held: bool) -> Holding:
    return Holding.HELD if is_held else Holding.LACKED


def _builtin(wanted: str) -> str | None:
    """The key of a role that the product knows, by its name in any language."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            for one in Role:
                if wanted in {fold(one.value), fold(str(one.label))}:
                    return one.value
    return None


@dataclass(frozen=True, slots=True)
class Approving:
    """What a page says of the approval that a run waits for. `may`: the reader may give it."""

    may: bool
    role: str
    is_role_known: bool


def approving(caller: Caller, run: Run, now: Step | None) -> Approving | None:
    """None unless the run waits for an approval."""
    if now is None or not now.is_approval or run.outcome:
        return None
    is_known = not now.role or holding(caller, now.role, run) != Holding.UNKNOWN
    may = caller.may(RoutinePermission.RUN_CHANGE) and refusal_of_approval(caller, now, run) is None
    return Approving(may, now.role, is_known)


def refusal_of_approval(caller: Caller, step: Step, run: Run) -> Forbidden | None:
    """Why he may not approve the step, None when he may: not whoever runs it or did a step of it, and only with the
    role that the step names, where that can be checked.
    """
    did = RunStep.objects.filter(run=run, user_id=caller.user_id or 0).exclude(state__in=APPROVALS)
    if is_runner(caller, run) or did.exists():
        return Forbidden(
            _("Another person than those who do its steps approves the step."),
            todo=_("Ask a colleague to open this run and approve it."), field="step",
        )  # fmt: skip
    if step.role and holding(caller, step.role, run) == Holding.LACKED:
        return Forbidden(
            _("The step is approved by: %(role)s.") % {"role": step.role},
            todo=_("Ask somebody with that role to open this run and approve it."), field="step",
        )  # fmt: skip
    return None
