"""Steps where documents ask for them: checked, edited by plain forms, shown and searched."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from helhet.documents.actions import save_draft
from helhet.documents.models import Draft
from helhet.documents.ports import cleaned_fields, plain_fields, shown_fields
from helhet.kit.errors import Invalid
from helhet.routines.joining import StepsForm, steps_form
from helhet.routines.tests.written import STEPS, make_routine
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def sent_back(context: dict[str, Any]) -> dict[str, str]:
    """What a browser sends of the form when nobody alters anything."""
    sent: dict[str, str] = {}
    for row in context["rows"]:
        for name, value in row.items():
            if name in ("required", "stop", "approval"):
                sent |= {f"steps-{row['number']}-{name}": "1"} if value else {}
            elif name not in ("number", "is_new"):
                sent[f"steps-{row['number']}-{name}"] = str(value)
    return sent


def test_the_form_gives_back_the_steps_that_it_was_given() -> None:
    document = make_routine().document
    kept = cleaned_fields("routine", "", {"steps": STEPS})
    form = steps_form(document, kept)
    assert form is not None
    assert cleaned_fields("routine", "", form.read(sent_back(form.context))) == kept


def test_the_form_folds_each_step_to_a_line_and_opens_what_is_new_or_wrong() -> None:
    document = make_routine().document
    kept = cleaned_fields("routine", "", {"steps": STEPS})
    form = steps_form(document, kept)
    assert form is not None
    folds = folds_of(form)
    assert [is_open for is_open, _line in folds] == [False] * len(STEPS) + [True, False, False]
    assert [line.split()[0] for _is_open, line in folds[: len(STEPS)]] == list("12345")
    assert all(step["title"] in line for step, (_is_open, line) in zip(STEPS, folds, strict=False))
    wrong = steps_form(document, {"steps": [STEPS[0], {**STEPS[1], "title": ""}, *STEPS[2:]]})
    assert wrong is not None
    assert [place for place, (is_open, _line) in enumerate(folds_of(wrong)) if is_open] == [1, len(STEPS)]
    assert "säger inte vad som ska göras" in folds_of(wrong)[1][1]


def folds_of(form: StepsForm) -> list[tuple[bool, str]]:
    """Of each step whether it is open, and its first line."""
    html = render_to_string(form.template, form.context)
    found = re.findall(r'<details class="hh-stepfold"( open)?><summary>(.*?)</summary>', html, re.DOTALL)
    return [(bool(opened), re.sub(r"<[^>]*>", "", line)) for opened, line in found]


def test_steps_are_added_moved_and_taken_away_by_plain_fields() -> None:
    document = make_routine().document
    form = steps_form(document, cleaned_fields("routine", "", {"steps": STEPS}))
    assert form is not None
    sent = sent_back(form.context) | {"steps-4-place": "0,5", "steps-2-remove": "1", "steps-5-title": "Nytt"}
    posted = QueryDict(mutable=True)
    posted.update(sent)
    kept = cleaned_fields("routine", "", form.read(posted))["steps"]
    assert [one["title"] for one in kept] == [
        "Meddela servicedesk", "Kontrollera larmet", "Läs köns längd", "Skriv vad du såg", "Nytt"
    ]  # fmt: skip


def test_a_draft_with_wrong_steps_is_refused_with_the_place_of_the_step() -> None:
    document = make_routine().document
    with pytest.raises(Invalid) as told:
        save_draft(document.address, by=SYSTEM, version=None, fields={"steps": [{"title": "A"}, {"title": ""}]})
    assert told.value.where in ("Steg 2:", "Step 2:")
    assert told.value.field == "structured.steps.1.title"
    save_draft(document.address, by=SYSTEM, version=None, fields={"steps": [{"title": "A"}]})
    assert Draft.objects.get().fields == {"steps": [{"id": "s1", "title": "A", "required": True}]}


def test_steps_are_shown_and_are_words_of_the_text() -> None:
    version = make_routine().document.published
    assert version is not None
    assert "Meddela servicedesk" in shown_fields(version, SYSTEM)
    assert "Läs köns längd" in plain_fields(version)
