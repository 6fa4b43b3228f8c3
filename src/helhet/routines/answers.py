"""The answers of a run: one for each step counts."""

from __future__ import annotations

from collections.abc import Mapping

from helhet.routines.models import Run, RunStep
from helhet.rules.steps import Said, State


def counting(run: Run) -> dict[str, RunStep]:
    """By the step's id, the row that counts."""
    return {row.step: row for row in RunStep.objects.filter(run=run, counts=True).order_by("pk")}


def answers_of(run: Run) -> dict[str, Said]:
    """By the step's id, as the rules read them."""
    return as_said(counting(run))


def as_said(rows: Mapping[str, RunStep]) -> dict[str, Said]:
    """The rows as the rules read them."""
    return {step: Said(State(row.state), row.value) for step, row in rows.items()}
