"""Alerts as pages show them: with the routine that the reader may read, and what he may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helhet.groups.models import Answer
from helhet.kit.rights import Caller
from helhet.routines.listing import runnable
from helhet.routines.models import Alert, Routine, Run
from helhet.routines.permissions import RoutinePermission


@dataclass(frozen=True, slots=True)
class Whose:
    """What rights are asked about when it is known already which group answers."""

    answering_group_id: int | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert. `is_hidden`: it has a routine that the reader may not read."""

    alert: Alert
    routine: Routine | None
    run: Run | None
    is_hidden: bool
    may_change: bool
    may_run: bool

    @property
    def may_tie(self) -> bool:
        """Whether what it wants of him is a routine."""
        return self.may_change and self.routine is None and not self.is_hidden

    @property
    def is_running(self) -> bool:
        """Whether a run for it is under way, as far as the reader may know."""
        return self.run is not None and not self.run.outcome


def readable_routine(alert: Alert) -> Routine | None:
    """Its routine, of an alert that was asked for by `visible_to`; none where that reader may not read it."""
    return alert.routine if getattr(alert, "reads_routine", False) else None


def readable_run(alert: Alert) -> Run | None:
    """Its run, likewise."""
    return alert.run if getattr(alert, "reads_run", False) else None


def alert_rows(caller: Caller, alerts: Iterable[Alert]) -> list[AlertRow]:
    """What a page of alerts shows, with two more questions."""
    listed = list(alerts)
    about = {one.pk: one.item_id or (one.routine_id and one.routine and one.routine.document.item_id) for one in listed}
    answers = Answer.objects.open().filter(item_id__in={item for item in about.values() if item is not None})
    groups = dict(answers.values_list("item_id", "group_id"))
    usable = runnable(caller, (one.routine_id for one in listed if one.routine_id is not None))
    return [
        AlertRow(
            one, readable_routine(one), readable_run(one),
            is_hidden=one.routine_id is not None and readable_routine(one) is None,
            may_change=may_change(caller, one, Whose(groups.get(about[one.pk] or 0))),
            may_run=one.routine_id in usable and caller.may(RoutinePermission.RUN),
        )
        for one in listed
    ]  # fmt: skip


def require_change(caller: Caller, alert: Alert) -> None:
    """Raise Forbidden unless he may tie and close it."""
    if not may_change(caller, alert, alert):
        caller.require(RoutinePermission.ALERT_CHANGE, alert)


def may_change(caller: Caller, alert: Alert, whose: Alert | Whose) -> bool:
    """Whether he may tie and close it: those of the group that answers; of what nobody knows anything, any group's."""
    is_known = alert.item_id is not None or alert.routine_id is not None
    return caller.may(RoutinePermission.ALERT_CHANGE, whose if is_known else None)
