"""What can be done next with a change, as its page offers it: one deed first, the others beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helhet.changes.flow import say
from helhet.changes.models import Change, ChangeState
from helhet.rules.change_flow import Facts, Step, hindrances, starts_from

# A deed that asks for something has a page of its own; the others are done by one press.
ADDRESSES: dict[Step, tuple[str | Promise, str, bool]] = {
    Step.ASK: (_("Ask the touched groups"), "changes:asking", True),
    Step.APPROVE: (_("Approve"), "changes:approval", False),
    Step.SCHEDULE: (_("Schedule"), "changes:scheduling", False),
    Step.BEGIN: (_("Begin"), "changes:beginning", False),
    Step.FINISH: (_("Say how it went"), "changes:finish", True),
    Step.CLOSE: (_("Close it"), "changes:closing", True),
    Step.TAKE_BACK: (_("Take back to draft"), "changes:taking_back", False),
    Step.CANCEL: (_("Cancel the change"), "changes:cancelling", True),
}
ONWARD = (Step.ASK, Step.APPROVE, Step.BEGIN, Step.SCHEDULE, Step.FINISH, Step.CLOSE)
BACKWARD = (Step.CANCEL, Step.TAKE_BACK)


@dataclass(frozen=True, slots=True)
class Deed:
    """A step that the reader may take, or why it cannot be taken now (`hindered`, empty: it can) and what to do."""

    step: Step
    label: str
    url: str
    has_page: bool
    hindered: str
    todo: str


def deeds(change: Change, facts: Facts, allowed: Iterable[Step]) -> tuple[Deed | None, list[Deed]]:
    """(the deed that leads on, those that lead back). The first may be hindered; then it says by what."""
    if change.is_history:
        return None, []
    found = {step: _deed(step, change, facts) for step in allowed if change.state in starts_from(step, change.type)}
    if change.state != ChangeState.DRAFT and not facts.unasked:
        found.pop(Step.ASK, None)
    onward = [found[step] for step in ONWARD if step in found]
    first = next((one for one in onward if not one.hindered), onward[-1] if onward else None)
    return first, [found[step] for step in BACKWARD if step in found]


def _deed(step: Step, change: Change, facts: Facts) -> Deed:
    label, name, has_page = ADDRESSES[step]
    why = hindrances(step, facts)
    what, todo = say(why[0], change, facts) if why else ("", "")
    return Deed(step, str(label), reverse(name, args=[change.reference]), has_page, what, todo)
