"""What pages and panels show of routines and runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.documents.models import Document
from helhet.documents.rendering import html_of_texts
from helhet.groups.models import Answer
from helhet.items.models import Item
from helhet.kit import spoken
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller
from helhet.routines.answers import as_said
from helhet.routines.listing import Proof, every_routine, narrowed, proof_of, routines_of
from helhet.routines.models import Routine, RoutineKind, Run, RunOutcome, RunStep, StepState
from helhet.routines.running import may_answer
from helhet.rules.steps import Progress, Step, as_data, read_steps
from helhet.rules.walking import gate_before, progress

IN_PANEL = 8
MARKS = {Proof.PROVEN: "good", Proof.DOUBTFUL: "due", Proof.NEVER: "unknown"}
OUTCOME_MARKS = {
    RunOutcome.WORKED: "good", RunOutcome.DEVIATIONS: "due", RunOutcome.FAILED: "over", RunOutcome.ABANDONED: "none"
}  # fmt: skip
STEP_MARKS = {
    StepState.DONE: "good", StepState.APPROVED: "good", StepState.SKIPPED: "none", StepState.FAILED: "over",
    StepState.REFUSED: "over",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoutineRow:
    """One line of the library."""

    document: Document
    kind: str
    group: str
    mark: str
    words: str
    uses: int
    proven_on: dt.date | None


def proof_words(document: Document) -> tuple[str, str]:
    """(mark, words) of how far one can trust it."""
    proof = proof_of(document)
    if proof is None and document.published_id is None:
        return "draft", pgettext("routine", "not published")
    if proof is None:
        return "unknown", _("used, never proven")
    told = {Proof.PROVEN: _("proven"), Proof.DOUBTFUL: _("doubtful"), Proof.NEVER: _("never used")}
    return MARKS[proof], told[proof]


def rows_of(documents: Sequence[Document]) -> list[RoutineRow]:
    """The lines of a page of routines, with one more question."""
    answers = Answer.objects.open().filter(item_id__in=[one.item_id for one in documents], group__isnull=False)
    groups = dict(answers.values_list("item_id", "group__item__name"))
    return [_row(one, groups.get(one.item_id, "")) for one in documents]


def _row(document: Document, group: str) -> RoutineRow:
    routine: Routine | None = getattr(document, "routine", None)
    mark, words = proof_words(document)
    return RoutineRow(
        document, str(RoutineKind(routine.kind).label) if routine else "–", group, mark, words,
        routine.uses if routine else 0, routine.last_proven_on if routine else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One step on a page: the step, its text, its answer with its mark and words, and whether it is to be done now.

    `others` are answers to it that do not count, in words.
    """

    place: int
    step: Step
    html: SafeString
    said: RunStep | None
    mark: str
    words: str
    is_now: bool
    applies: bool
    condition: str
    others: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """A step with an answer that waits for a choice beside the one that counts. `may`: the reader may choose; `is_own`:
    the one that waits is his.
    """

    step: Step
    standing: RunStep
    standing_words: str
    waiting: RunStep
    waiting_words: str
    may: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run as its page shows it."""

    run: Run
    steps: list[Shown]
    progress: Progress
    minutes: int
    expected: int | None
    held_by: Step | None
    choices: list[TwoAnswers]
    data: dict[str, object]

    @property
    def done(self) -> list[Shown]:
        """Those with an answer."""
        return [one for one in self.steps if one.said is not None and one.applies]

    @property
    def bad(self) -> int:
        """How many of those did not work or were refused."""
        return sum(one.mark == "over" for one in self.done)

    @property
    def passed(self) -> int:
        """How many of those were done, approved or left out."""
        return len(self.done) - self.bad

    @property
    def left(self) -> list[Shown]:
        """Those without one that may still be to do."""
        return [one for one in self.steps if one.said is None]

    @property
    def now_place(self) -> int:
        """The number of the step to do now, among those that apply; 0 when there is none."""
        now = self.progress.now
        return self.progress.applying.index(now) + 1 if now is not None else 0


def condition_words(step: Step, titles: dict[str, str]) -> str:
    """When the step applies, in words; empty when it always does."""
    if step.when is None:
        return ""
    words = {
        "is": _("only when the answer to “%(step)s” is %(value)s"),
        "not": _("only when the answer to “%(step)s” is not %(value)s"),
        "over": _("only when the answer to “%(step)s” is over %(value)s"),
        "under": _("only when the answer to “%(step)s” is under %(value)s"),
    }
    return words[step.when.sense] % {"step": titles.get(step.when.step, ""), "value": step.when.value}


def steps_shown(steps: Sequence[Step], caller: Caller) -> list[Shown]:
    """The steps of a routine that nobody runs."""
    titles = {step.id: step.title for step in steps}
    return [
        Shown(place, step, html, None, "", "", is_now=False, applies=True, condition=condition_words(step, titles))
        for place, (step, html) in enumerate(zip(steps, _texts(steps, caller), strict=True), 1)
    ]


def _texts(steps: Sequence[Step], caller: Caller) -> list[SafeString]:
    return html_of_texts([(step.text, step.id) for step in steps], caller, top=3)


def run_shown(run: Run, caller: Caller) -> RunShown:
    """Everything that its page needs."""
    steps = read_steps(run.of_version.fields.get("steps"))
    rows = list(run.steps.order_by("pk"))
    said = {row.step: row for row in rows if row.counts}
    answers = as_said(said)
    here = progress(steps, answers)
    titles = {step.id: step.title for step in steps}
    applying = {step.id for step in here.applying}
    shown = [
        Shown(
            place, step, html,
            said.get(step.id), _mark(said.get(step.id)), _words(said.get(step.id)),
            is_now=here.now is not None and here.now.id == step.id and not run.outcome, applies=step.id in applying,
            condition=condition_words(step, titles),
            others=[_told(row, step) for row in rows if row.step == step.id and not row.counts],
        )
        for place, (step, html) in enumerate(zip(steps, _texts(steps, caller), strict=True), 1)
    ]  # fmt: skip
    choices = _choices(steps, [row for row in rows if row.waits and not run.outcome], said, run, caller)
    gate = gate_before(steps, answers)
    return RunShown(
        run, shown, here, _minutes(run), run.routine.expected_minutes or here.minutes or None,
        gate if gate is not None and gate.id in answers else None, choices,
        {
            "run": run.pk, "url": run.get_absolute_url(), "ended": bool(run.outcome),
            "steps": [as_data(step) for step in steps],
            "answers": {key: {"state": one.state, "value": one.value} for key, one in answers.items()},
            "choices": [one.waiting.pk for one in choices],
        },
    )  # fmt: skip


def _choices(
    steps: Sequence[Step], waiting: Sequence[RunStep], said: Mapping[str, RunStep], run: Run, caller: Caller
) -> list[TwoAnswers]:
    """What is to be chosen about, in the order in which the answers came."""
    of_id = {step.id: step for step in steps}
    may = {name: may_answer(caller, run, of_id[name]) for name in {row.step for row in waiting}}
    return [_two(row, said[row.step], of_id[row.step], caller, may=may[row.step]) for row in waiting]


def _two(waiting: RunStep, standing: RunStep, step: Step, caller: Caller, *, may: bool) -> TwoAnswers:
    return TwoAnswers(
        step, standing, _told(standing, step), waiting, _told(waiting, step), may,
        is_own=caller.user_id is not None and waiting.user_id == caller.user_id,
    )  # fmt: skip


def _told(row: RunStep, step: Step) -> str:
    """An answer in one line: what, by whom, when."""
    value = f": {row.value}{f' {step.unit}' if step.unit else ''}" if row.value else ""
    return f"{StepState(row.state).label}{value}, {row.by} {_at(row)}"


def _minutes(run: Run) -> int:
    if run.minutes is not None:
        return run.minutes
    return round(((run.ended_at or timezone.now()) - run.begun_at).total_seconds() / 60)


def _mark(row: RunStep | None) -> str:
    return STEP_MARKS[StepState(row.state)] if row is not None else "todo"


def _words(row: RunStep | None) -> str:
    if row is None:
        return ""
    at = _at(row)
    return f"{StepState(row.state).label} {at}" if row.state != StepState.DONE else at


def _at(row: RunStep) -> str:
    """When it came, and when the phone says that it was given where that differs."""
    at = spoken.clock(row.at)
    if row.said_at is None:
        return at
    # A phone whose answer came on another day, or whose clock is wrong, says which day it means.
    is_same = timezone.localdate(row.said_at) == timezone.localdate(row.at)
    said = spoken.clock(row.said_at) if is_same else spoken.moment(row.said_at)
    return _("%(at)s, stated %(said)s") % {"at": at, "said": said} if said != at else at


def run_words(run: Run) -> tuple[str, str]:
    """(mark, words) of how a run stands."""
    if not run.outcome:
        return "none", _("under way")
    outcome = RunOutcome(run.outcome)
    return OUTCOME_MARKS[outcome], str(outcome.label)


def panels(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: the routines for the item and the runs on it; of a routine, the way to its page."""
    routines = routines_of(caller)
    own = every_routine(caller).filter(item=item).first()
    if own is not None:
        return (Panel("routines/_own_page.html", {"document": own}, "right", 8),)
    found = rows_of(list(narrowed(routines, item_id=item.pk).order_by("item__name_key", "pk")[:IN_PANEL]))
    runs = Run.objects.visible_to(caller).filter(item=item).select_related("routine__document__item")[:5]
    told = [(run, *run_words(run)) for run in runs]
    if not found and not told:
        return ()
    return (Panel("routines/_of_item.html", {"rows": found, "runs": told}, "right", 60),)
