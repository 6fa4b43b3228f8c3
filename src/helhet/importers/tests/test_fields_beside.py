"""What a page has structured beside its text and cannot be taken is told, and the rest of the page is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helhet.documents.models import Document
from helhet.documents.taking import NewPage, add_pages
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, elsewhere, take, totals
from helhet.importers.tests.rig_home import STEPS, bring, edited, file_of, routine, written_to, wrong
from helhet.importers.tests.test_service_parts import a_part, page_of
from tests.world import make_item

pytestmark = pytest.mark.django_db
LEVEL = {"measure": "Svarstid", "target": "1 s", "hours": ""}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def plain() -> Document:
    """A document of a sort that has nothing beside its text."""
    return add_pages([NewPage(make_item("Om oss", kind="document").pk, "Om oss", "Text.\n")], by=SYSTEM, note="")[0]


def test_what_is_structured_and_not_taken_is_told(tmp_path: Path) -> None:
    kept = {"steps": STEPS}
    cases: list[tuple[Document, Any, dict[str, Any], dict[str, Any]]] = [
        (plain(), kept, {}, {}),
        (routine("Stoppa"), [{"title": "Stoppa"}], kept, {}),
        (routine("Starta"), {"steps": "Stoppa"}, kept, {}),
        (a_part("description", []), {"rows": [LEVEL]}, {}, {}),
        (a_part("levels", [LEVEL], service=make_item("Lön", kind="supporting_service")),
         {"rows": [LEVEL], "cells": 1}, {"rows": [LEVEL]}, {"rows": [LEVEL]}),
    ]  # fmt: skip
    folder = written_to(tmp_path / "ut")
    for one, fields, _here, _there in cases:

        def edit(facts: dict[str, Any], text: str, fields: Any = fields) -> str:
            facts["helhet"]["fields"] = fields
            return f"{text.rstrip()} Mer.\n"

        edited(file_of(folder, one), edit)
    for changed in (len(cases), 0):
        assert totals(bring(folder))[1] == changed
        assert [field for field, _words in wrong()] == ["fields"] * len(cases)
    assert [Document.objects.get(pk=one.pk).published.fields for one, *_rest in cases] == [case[2] for case in cases]
    assert {one.published.text[-5:].strip() for one in Document.objects.select_related("published")} == {"Mer."}
    take(elsewhere(folder), source="annan", mapping="pages")
    there = Document.objects.exclude(pk__in=[one.pk for one, *_rest in cases]).select_related("published")
    assert [one.published.fields for one in there] == [case[3] for case in cases if not case[0].part]
    assert [field for field, _words in wrong()] == ["fields"] * (2 * len(cases)), "of both sources"


def test_a_page_whose_readers_stand_in_another_form_than_a_list_is_not_for_everybody(tmp_path: Path) -> None:
    plain()
    folder = written_to(tmp_path / "ut")
    for said, readers, told in (("operations", ["operations"], []), (3, [], ["audiences"])):
        edited(page_of(folder), lambda facts, _text, said=said: facts["helhet"].update(audiences=said))  # type: ignore[misc] # is one
        source = f"annan {said}"
        take(elsewhere(folder), source=source, mapping="pages")
        one = Document.objects.get(item__source_keys__source__name=source)
        assert sorted(one.audiences.values_list("key", flat=True)) == readers
        assert [field for field, _words in wrong()] == told
