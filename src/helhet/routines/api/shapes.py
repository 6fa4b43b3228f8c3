"""Shapes of the API of routines and runs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from helhet.documents.models import Document
from helhet.kit.api import Strict
from helhet.kit.api_examples import example, example_of
from helhet.routines.actions.routine import labels_of
from helhet.routines.answers import counting
from helhet.routines.listing import proof_of
from helhet.routines.models import Routine, Run, RunStep
from helhet.rules.steps import as_data, read_steps

STEP = {"id": "s1", "title": "Stoppa inflödet", "required": True}


class RoutineOut(Schema):
    """A routine. `proof` is proven, doubtful, never, or empty where it was used and nobody asks for a proof."""

    model_config = example(
        reference="RUT-3", name="Omstart av integrationsmotor", kind="incident", published="6", uses=14,
        last_proven_on="2026-11-03", proven_to="2027-05-02", proof="proven", doubtful=False, version=2,
    )  # fmt: skip

    reference: str
    name: str
    kind: str
    published: str | None
    uses: int
    last_proven_on: dt.date | None
    proven_to: dt.date | None
    proof: str
    doubtful: bool
    version: int


class RoutineWholeOut(RoutineOut):
    """A routine with its text and steps as published."""

    model_config = example(
        **example_of(RoutineOut), text="Så här gör du.", steps=[STEP], symptoms=["Journalen är seg"],
        labels=["alertname=KoFull"], expected_minutes=25, prove_days=180, about=["SRV-4"],
    )  # fmt: skip

    text: str
    steps: list[dict[str, Any]]
    symptoms: list[str]
    labels: list[str]
    expected_minutes: int | None
    prove_days: int | None
    about: list[str]


class RoutinePatch(Strict):
    """What is to be changed beside the text. `labels` as `name=value`, or `name` for any value."""

    model_config = example(kind="incident", symptoms="Journalen är seg", labels=["alertname=KoFull"], prove_days=180)

    kind: str = ""
    symptoms: str = ""
    labels: list[str] = []
    expected_minutes: int | None = None
    prove_days: int | None = None


class RoutineReportIn(Strict):
    """What is wrong, and in which step (its title)."""

    model_config = example(text="Kommandot finns inte längre", step="Stoppa inflödet")

    text: str
    step: str = ""


class RoutineReportOut(Schema):
    """The task that it became; null when there is neither a group nor a management team."""

    model_config = example(task=812)

    task: int | None


class RunIn(Strict):
    """Begin a run. The sender makes `key`: the same key is the same run. `item` (reference) is what it is done on."""

    model_config = example(key="b1c7a0e2-8d1f", item="SRV-4", exercise=False)

    key: str
    item: str = ""
    exercise: bool = False


class StepAnswerIn(Strict):
    """An answer to a step. `key` is made by the sender: the same key is the same answer.

    `state` is done, skipped or failed; approved or refused for an approval. `said_at` is when the sender ticked it.
    Where the step has an answer already, this one takes its place when `instead_of` is its id; else it waits.
    """

    model_config = example(
        key="a-0001-77f3", step="s1", state="done", value="", note="",
        said_at="2026-11-17T13:41:00Z", instead_of=None,
    )  # fmt: skip

    key: str
    step: str
    state: str
    value: str = ""
    note: str = ""
    said_at: dt.datetime | None = None
    instead_of: int | None = Field(None, ge=1, le=2**62)


class StepChoiceIn(Strict):
    """Which of two answers counts: the one that waited (`take`), or still `standing` (id), which counts until then."""

    model_config = example(take=True, standing=410)

    take: bool
    standing: int = Field(ge=1, le=2**62)


class StepAnswerOut(Schema):
    """An answer as it was taken: a number outside the limits of its step has failed.

    One answer of a step `counts`. One that came to a step that had another `waits` until somebody chooses.
    """

    model_config = example(
        id=412, step="s1", state="done", value="", note="", by="Oskar Wallin", photo=None,
        said_at="2026-11-17T13:41:00Z", at="2026-11-17T13:44:00Z", counts=True, waits=False,
    )  # fmt: skip

    id: int
    step: str
    state: str
    value: str
    note: str
    by: str
    photo: int | None
    said_at: dt.datetime | None
    at: dt.datetime
    counts: bool
    waits: bool


class EndIn(Strict):
    """How it went: worked, deviations or failed. `minutes` spent, else from beginning to now; `cost` in kronor."""

    model_config = example(outcome="worked", note="", minutes=22, cost=None, tickets=["INC-10042"])

    outcome: str
    note: str = ""
    minutes: int | None = None
    cost: Decimal | None = None
    tickets: list[str] = []


class RunNoteIn(Strict):
    """Why."""

    model_config = example(note="Larmet gick över")

    note: str = ""


class RoutineRunOut(Schema):
    """A run. `outcome` is empty while it is under way."""

    model_config = example(
        id=81, routine="RUT-3", ran="6", item="SRV-4", group="GRP-3", by="Oskar Wallin", origin="routine",
        exercise=False, begun_at="2026-11-17T13:30:00Z", ended_at=None, outcome="", note="",
        minutes=None, cost=None, tickets=[], task=None, version=1,
    )  # fmt: skip

    id: int
    routine: str
    ran: str
    item: str | None
    group: str | None
    by: str
    origin: str
    exercise: bool
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str
    note: str
    minutes: int | None
    cost: Decimal | None
    tickets: list[str]
    task: int | None
    version: int


class RunWholeOut(RoutineRunOut):
    """A run with its steps as they were, the answer that counts for each, and those that wait for a choice."""

    model_config = example(**example_of(RoutineRunOut), steps=[STEP], answers=[example_of(StepAnswerOut)], waiting=[])

    steps: list[dict[str, Any]]
    answers: list[StepAnswerOut]
    waiting: list[StepAnswerOut]


class EvidenceOut(Schema):
    """What the runs of a routine show (`helhet.routines.evidence.Evidence`). Minutes: the mean of what came through."""

    model_config = example(
        uses=14, worked=11, deviations=2, failed=1, abandoned=0, exercises=3, minutes=22, expected=25,
        people=[["Oskar Wallin", 6]], items=[["Vårdjournal", "SRV-4", 9]], skipped=[["Fotografera", 2]],
        stopped_at=[["Starta om motorn", 1]], last_proven_on="2026-11-03", proven_by_exercise=False,
        proven_to="2027-05-02",
    )  # fmt: skip

    uses: int
    worked: int
    deviations: int
    failed: int
    abandoned: int
    exercises: int
    minutes: int | None
    expected: int | None
    people: list[tuple[str, int]]
    items: list[tuple[str, str, int]]
    skipped: list[tuple[str, int]]
    stopped_at: list[tuple[str, int]]
    last_proven_on: dt.date | None
    proven_by_exercise: bool
    proven_to: dt.date | None


class MonthOut(Schema):
    """A month of a group's routines, each with its figures, and their sums."""

    model_config = example(
        month="2026-11", group="GRP-3", sums={"routines": 12, "uses": 31, "failed": 1, "never_used": 2},
        routines=[{"routine": "RUT-3", "name": "Omstart av integrationsmotor", "uses": 4, "failed": 1}],
    )  # fmt: skip

    month: str
    group: str | None
    sums: dict[str, int]
    routines: list[dict[str, Any]]


def row_data(document: Document) -> dict[str, Any]:
    """A routine as lists tell it."""
    routine: Routine = getattr(document, "routine", None) or Routine(document=document)
    return {
        "reference": document.item.reference, "name": document.item.name, "kind": routine.kind,
        "published": document.published.number if document.published else None, "uses": routine.uses,
        "last_proven_on": routine.last_proven_on, "proven_to": routine.proven_to, "proof": proof_of(document) or "",
        "doubtful": document.is_doubtful, "version": routine.version,
    }  # fmt: skip


def routine_data(routine: Routine) -> dict[str, Any]:
    """A routine whole."""
    document = routine.document
    version = document.published
    return row_data(document) | {
        "text": version.text if version else "",
        "steps": [as_data(step) for step in read_steps(version.fields.get("steps"))] if version else [],
        "symptoms": routine.symptoms.splitlines(), "labels": [] if routine._state.adding else labels_of(routine),
        "expected_minutes": routine.expected_minutes, "prove_days": routine.prove_days,
        "about": [one.item.reference for one in document.about.select_related("item__kind").order_by("item_id")],
    }  # fmt: skip


def answer_data(row: RunStep) -> dict[str, Any]:
    """An answer."""
    names = ("step", "state", "value", "note", "by", "said_at", "at", "counts", "waits")
    return {name: getattr(row, name) for name in names} | {"id": row.pk, "photo": row.photo_id}


def run_data(run: Run) -> dict[str, Any]:
    """A run as lists tell it."""
    names = ("by", "origin", "begun_at", "ended_at", "outcome", "note", "minutes", "cost", "tickets", "version")
    return {name: getattr(run, name) for name in names} | {
        "id": run.pk, "routine": run.routine.document.item.reference, "ran": run.of_version.number,
        "item": run.item.reference if run.item else None, "group": run.group.item.reference if run.group else None,
        "exercise": run.is_exercise, "task": run.task_id,
    }  # fmt: skip


def whole_run_data(run: Run) -> dict[str, Any]:
    """A run with its steps and answers."""
    steps = read_steps(run.of_version.fields.get("steps"))
    return run_data(run) | {
        "steps": [as_data(step) for step in steps],
        "answers": [answer_data(row) for row in counting(run).values()],
        "waiting": [answer_data(row) for row in run.steps.filter(waits=True)],
    }
