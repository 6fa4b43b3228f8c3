"""What the page of a routine shows to everybody who sees the same, kept while nothing happens."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from helhet.documents.rendering import html_of_text
from helhet.journal.lately import while_standing
from helhet.kit.rights import Caller
from helhet.routines.actions.routine import labels_of
from helhet.routines.evidence import Evidence, evidence_of
from helhet.routines.models import Routine
from helhet.routines.reading import run_words, steps_shown
from helhet.rules.steps import read_steps

RUNS = 10
LONGEST = 50_000
"""Characters of a text whose page is kept; longer ones would fill the memory that all pages share."""
TEMPLATE = "routines/_routine.html"


@dataclass(frozen=True, slots=True)
class Content:
    """The part of the page below its heading, and what its runs show."""

    html: SafeString
    evidence: Evidence


def content_of(routine: Routine, caller: Caller, mark: str) -> Content:
    """Steps, text, when it is used, and its runs, as callers of this level in these groups see them at `mark`."""
    version = routine.document.published
    if version is not None and len(version.text) > LONGEST:
        return _draw(routine, caller)
    groups = ",".join(map(str, sorted(caller.member_of)))
    name = f"routine {routine.document.pk} {get_language()} {caller.level} {groups}"
    return while_standing(name, mark, lambda: _draw(routine, caller))


def _draw(routine: Routine, caller: Caller) -> Content:
    document, version = routine.document, routine.document.published
    about = document.about.filter(item__presence=0).select_related("item__kind").order_by("item__name_key")
    runs = [] if routine._state.adding else list(routine.runs.select_related("item", "person")[:RUNS])
    evidence = evidence_of(routine)
    context = {
        "steps": steps_shown(read_steps(version.fields.get("steps")), caller) if version else [],
        "text": html_of_text(version.text, caller, of=document) if version else "",
        "labels": [] if routine._state.adding else labels_of(routine), "symptoms": routine.symptoms.splitlines(),
        "about": [one.item for one in about], "runs": [(run, *run_words(run)) for run in runs], "evidence": evidence,
    }  # fmt: skip
    return Content(render_to_string(TEMPLATE, context), evidence)
