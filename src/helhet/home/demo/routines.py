"""The routines of Vinterhamn, and the runs of them over the last months."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from helhet.documents.actions import create_document, give_verdict, publish, submit_draft
from helhet.documents.models import Draft
from helhet.home.demo.routine_words import ROUTINES, Written
from helhet.kit.rights import Caller
from helhet.routines.actions import answer_step, begin_run, change_routine, end_run
from helhet.routines.finding import find_routine, find_run
from helhet.rules.steps import Said, State, Step, read_steps
from helhet.rules.walking import progress

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

VALUES = {"full": "96", "efter": "61", "ko": "14", "fel": "0", "dagar": "396", "foto": ""}


class Routines:
    """The steps, of which each routine and each run has its own."""

    def __init__(self, story: Story) -> None:
        """Of one organisation."""
        self.story = story
        self.addresses: dict[str, str] = {}

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then)."""
        for written in ROUTINES:
            yield written.ago, partial(self._write, written)
            for place, run in enumerate(written.runs):
                yield run[0], partial(self._run, written, place)

    def _write(self, written: Written) -> None:
        story = self.story
        writer, chair = self._by(written, 0), story.chair(written.group)
        with story.clock.believe(written.ago, 9):
            address = create_document(
                by=writer, sort="routine", title=written.title, text=written.text, fields={"steps": written.steps},
                about=[story.reference(name) for name in written.about], audiences=("operations",),
                group=story.groups[written.group].item.reference,
            ).address  # fmt: skip
            self.addresses[written.title] = address
            number = Draft.objects.get(document=find_routine(address, chair).document).version
            submit_draft(address, by=writer, version=number)
            give_verdict(address, by=chair, version=number, step="approval", is_yes=True)
            publish(address, by=chair, version=number)
            change_routine(
                address, by=chair, version=1, kind=written.kind, symptoms=written.symptoms,
                labels=list(written.labels), expected_minutes=written.minutes, prove_days=written.prove_days,
            )  # fmt: skip

    def _run(self, written: Written, place: int) -> None:
        ago, minutes, how, note = written.runs[place]
        by, other, clock = self._by(written, place), self.story.chair(written.group), self.story.clock
        hour, key = 8 + place % 6, f"demo-{self.addresses[written.title]}-{place}"
        with clock.believe(ago, hour, 5):
            routine = find_routine(self.addresses[written.title], by)
            run = begin_run(routine, by=by, key=key, is_exercise=how == "exercise")
            steps = read_steps(run.of_version.fields["steps"])
            answers: dict[str, Said] = {}
            while (now := progress(steps, answers).now) is not None:
                said = _said(now, how, is_second=len(answers) == 1)
                answers[now.id] = said
                answer_step(
                    run.pk, by=other if now.is_approval else by, key=f"{key}-{now.id}", step=now.id,
                    state=str(said.state), value=said.value,
                )  # fmt: skip
        outcome = how if how in ("deviations", "failed") else "worked"
        with clock.believe(ago, hour + (5 + minutes) // 60, (5 + minutes) % 60):
            end_run(find_run(run.pk, by).pk, by=by, outcome=outcome, note=note, minutes=minutes)

    def _by(self, written: Written, place: int) -> Caller:
        """Somebody of the group who is not its chair."""
        chair = self.story.chair(written.group).name
        names = [one.name for one in self.story.members if one.groups and one.groups[0][0] == written.group]
        others = [name for name in names if name != chair] or names
        return self.story.by(others[(len(written.title) + place) % len(others)])


def _said(step: Step, how: str, *, is_second: bool) -> Said:
    if step.is_approval:
        return Said(State.APPROVED)
    if how == "failed" and is_second:
        return Said(State.FAILED)
    if not step.is_required and (how == "skipped" or not VALUES.get(step.id)):
        return Said(State.SKIPPED)
    value = VALUES.get(step.id) or (step.options[0] if step.options else "ANV-1138" if step.input == "text" else "")
    return Said(State.DONE, value)
