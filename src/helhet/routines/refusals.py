"""What is wrong with steps, an answer or an end, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from helhet.kit.errors import Clash, Invalid, Refused
from helhet.rules.steps import Fault, Step, WrongSteps

NAMED = 5
"""So many steps are named in a refusal; a routine may have 200."""


def wrong_steps(error: WrongSteps) -> Invalid:
    """The refusal of steps that cannot be kept; `where` says which step, `field` its place in what a program sent."""
    words = {
        Fault.NOT_STEPS: _("The steps are not a list of steps."),
        Fault.TOO_MANY: _("A routine has at most 200 steps."),
        Fault.UNKNOWN_FIELD: _("A step has no field %(name)s.") % {"name": error.name},
        Fault.ID: _("A step's id has small letters, digits, - and _, at most 40."),
        Fault.ID_TWICE: _("Two steps have the same id."),
        Fault.TITLE: _("The step does not say what is to be done."),
        Fault.TOO_LONG: _("The text is too long in %(name)s.") % {"name": error.name},
        Fault.INPUT: _("There is no such sort of answer."),
        Fault.OPTIONS: _("A choice has 2 to 30 different options."),
        Fault.NUMBER: _("That is no number."),
        Fault.LIMITS: _("The lowest value is above the highest."),
        Fault.MINUTES: _("Expected time is whole minutes, at most 10,000."),
        Fault.CONDITION: _("The condition does not fit an earlier step."),
    }
    where = _("Step %(place)d:") % {"place": error.place} if error.place else ""
    todo = {
        Fault.CONDITION: _("Choose an earlier step that asks for a choice, number or text, and a value of it."),
        Fault.OPTIONS: _("Write one option a line."),
    }.get(error.fault, "")  # fmt: skip
    place = [str(error.place - 1)] if error.place else []
    field = ".".join(["structured", "steps", *place, *filter(None, [error.name])])
    return Invalid(words[error.fault], where=where, todo=todo, field=field, place=error.place, name=error.name)


def wrong_answer(fault: Fault, step_id: str) -> Refused:
    """The refusal of an answer."""
    if fault in (Fault.NOT_NOW, Fault.WAITS):
        words = {
            Fault.NOT_NOW: _("The step does not apply after what was answered."),
            Fault.WAITS: _("A step before this one must be passed first."),
        }
        return Clash(words[fault], todo=_("Load the page anew to see where the run is."), field="step", step=step_id)
    told = {
        Fault.NO_STEP: _("The routine has no step %(step)s.") % {"step": step_id[:40]},
        Fault.STATE: _("A step that asks for approval is approved or refused; the others are done, skipped or failed."),
        Fault.REQUIRED: _("The step is required: do it, or say that it did not work."),
        Fault.VALUE_MISSING: _("The answer to the step is missing."),
        Fault.NOT_AN_OPTION: _("The answer is none of the options."),
        Fault.NUMBER: _("The answer is no number."),
    }
    return Invalid(told[fault], field="value", step=step_id)


def withdrawn(name: str) -> Clash:
    """Why a routine may not be used."""
    return Clash(
        _("The routine %(name)s is withdrawn.") % {"name": name},
        todo=_("Choose another one, or bring its document back."), field="routine",
    )  # fmt: skip


def cannot_end(fault: Fault, steps: Iterable[Step]) -> Clash:
    """Why a run may not end so."""
    told = _titles(steps)
    words = (
        _("Steps that are required have no answer: %(steps)s.")
        if fault == Fault.LEFT
        else _("It did not all work: %(steps)s.")
    )
    todo = (
        _("Answer them, or end it as failed.")
        if fault == Fault.LEFT
        else _("End it as worked with deviations, or as failed.")
    )
    return Clash(words % {"steps": told}, todo=todo, field="outcome")


def unchosen(steps: Iterable[Step]) -> Clash:
    """Why a run may not end while a step has two answers."""
    return Clash(
        _("Two answers were given to: %(steps)s.") % {"steps": _titles(steps)},
        todo=_("Choose which one counts, or end it as failed."), field="outcome",
    )  # fmt: skip


def _titles(steps: Iterable[Step]) -> str:
    titles = [step.title for step in steps]
    told = ", ".join(titles[:NAMED])
    if len(titles) > NAMED:
        told = _("%(names)s and %(count)d more") % {"names": told, "count": len(titles) - NAMED}
    return told
