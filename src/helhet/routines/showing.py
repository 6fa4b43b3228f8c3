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
from helhet.routines.finding import find_routine
from helhet.routines.models import Routine
from helhet.routines.permissions import RoutinePermission
from helhet.routines.reading import run_words, steps_shown
from helhet.rules.steps import read_steps

RUNS = 10
LONGEST = 50_000
"""Characters of a text whose page is kept; longer ones would fill the memory that all pages share."""
TEMPLATE = "routines/_routine.html"


@dataclass(frozen=True, slots=True)
class Shown:
    """A routine, the part of its page below the heading, and what its runs show."""

    routine: Routine
    content: SafeString
    evidence: Evidence


def routine_shown(reference: str, caller: Caller, mark: str) -> Shown:
    """The routine of that name with its steps, text, when it is used, and its runs, as callers of this level in these
    groups see them at `mark`. Raises NotFound, also for one that is not his to read.
    """
    caller.require(RoutinePermission.VIEW)
    groups = ",".join(map(str, sorted(caller.member_of)))
    name = f"routine {caller.level} {groups} {get_language()} {reference}"
    return while_standing(name, mark, lambda: _draw(find_routine(reference, caller), caller), worth=_is_short)


def _is_short(shown: Shown) -> bool:
    version = shown.routine.document.published
    return version is None or len(version.text) <= LONGEST


def _draw(routine: Routine, caller: Caller) -> Shown:
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
    return Shown(routine, render_to_string(TEMPLATE, context), evidence)
