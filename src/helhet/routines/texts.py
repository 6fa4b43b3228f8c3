"""The steps of a version as plain text."""

from __future__ import annotations

from collections.abc import Iterable

from helhet.rules.steps import Step


def plain_steps(steps: Iterable[Step]) -> str:
    """Titles, texts and options, for search and export."""
    return "\n".join(
        part for step in steps for part in (step.title, step.text, " ".join(step.options), step.role) if part
    )
