"""A walk through the steps of a routine: which apply, what is next, what an answer becomes, how it may end."""

from __future__ import annotations

from collections.abc import Sequence

from helhet.rules.steps import Answers, Fault, Input, Outcome, Progress, Said, Sense, State, Step, When, number


def applying(steps: Sequence[Step], answers: Answers) -> tuple[Step, ...]:
    """The steps that apply given the answers, in order."""
    here: dict[str, Step] = {}
    for step in steps:
        if step.when is None or (step.when.step in here and _fits(step.when, answers.get(step.when.step))):
            here[step.id] = step
    return tuple(here.values())


def _fits(when: When, said: Said | None) -> bool:
    if said is None or not said.is_passed:
        return False
    ours, theirs = number(said.value), number(when.value)
    are_numbers = ours is not None and theirs is not None
    if when.sense in (Sense.IS, Sense.NOT):
        is_same = ours == theirs if are_numbers else said.value.casefold() == when.value.casefold()
        return is_same == (when.sense == Sense.IS)
    if ours is None or theirs is None:
        return False
    return ours > theirs if when.sense == Sense.OVER else ours < theirs


def gate_before(steps: Sequence[Step], answers: Answers, step_id: str = "") -> Step | None:
    """The first gate that is not passed, of those before the step (of all, without one)."""
    for step in applying(steps, answers):
        if step.id == step_id:
            return None
        said = answers.get(step.id)
        if step.is_gate and (said is None or not said.is_passed):
            return step
    return None


def progress(steps: Sequence[Step], answers: Answers) -> Progress:
    """How far it has come. `now` is the first step without an answer, unless a gate that failed holds the run."""
    here = applying(steps, answers)
    now = next((step for step in here if step.id not in answers), None)
    gate = gate_before(steps, answers)
    if gate is not None and gate.id in answers:
        now = None
    return Progress(
        here,
        sum(step.id in answers for step in here),
        now,
        sum(step.minutes or 0 for step in here),
    )


def _failed(said: Said) -> bool:
    return said.state in (State.FAILED, State.REFUSED)


def taken_as(steps: Sequence[Step], answers: Answers, step_id: str, said: Said) -> Said | Fault:
    """What an answer becomes, or why it cannot be taken. A number outside the limits of its step has failed."""
    step = next((one for one in steps if one.id == step_id), None)
    if step is None:
        return Fault.NO_STEP
    if step not in applying(steps, answers):
        return Fault.NOT_NOW
    if gate_before(steps, answers, step_id) is not None:
        return Fault.WAITS
    if (step.is_approval and said.state in (State.DONE, State.SKIPPED)) or (
        not step.is_approval and said.state in (State.APPROVED, State.REFUSED)
    ):
        return Fault.STATE
    if said.state == State.SKIPPED:
        return Fault.REQUIRED if step.is_required or step.is_gate else Said(State.SKIPPED)
    return _with_value(step, said) if said.is_passed else said


def _with_value(step: Step, said: Said) -> Said | Fault:
    value = said.value.strip()
    if not value:
        lacks = step.is_required and step.input != Input.NONE
        return Fault.VALUE_MISSING if lacks else Said(said.state)
    if step.input == Input.CHOICE and value not in step.options:
        return Fault.NOT_AN_OPTION
    if step.input == Input.NUMBER:
        read = number(value)
        if read is None:
            return Fault.NUMBER
        if (step.least is not None and read < step.least) or (step.most is not None and read > step.most):
            return Said(State.REFUSED if step.is_approval else State.FAILED, value)
    return Said(said.state, value)


def may_end(steps: Sequence[Step], answers: Answers, outcome: Outcome) -> tuple[Fault, tuple[Step, ...]] | None:
    """None when it may end so, else why not and the steps that hinder it.

    It worked when every required step was done. It worked with deviations when every required step has an answer and
    no gate holds. It may fail or be abandoned at any time.
    """
    if outcome in (Outcome.FAILED, Outcome.ABANDONED):
        return None
    here = applying(steps, answers)
    left = tuple(step for step in here if (step.is_required or step.is_gate) and step.id not in answers)
    if left:
        return Fault.LEFT, left
    failed = tuple(step for step in here if step.id in answers and _failed(answers[step.id]))
    hindering = failed if outcome == Outcome.WORKED else tuple(step for step in failed if step.is_gate)
    return (Fault.FAILED_STEPS, hindering) if hindering else None
