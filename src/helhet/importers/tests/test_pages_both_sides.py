"""What was edited in a page and here as well stands here, and is told until both say the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from helhet.documents.actions import mark_reviewed
from helhet.documents.models import Document
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.tests.rig_home import bring, edited, file_of, routine, written_to, wrong
from helhet.importers.tests.test_service_parts import a_part, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def interval() -> tuple[int | None, str]:
    """How often the one document is to be reviewed."""
    count, unit = Document.objects.values_list("review_count", "review_unit").get()
    return count, unit


def set_here(count: int, unit: str = "month") -> None:
    """Somebody sets the interval here."""
    one = Document.objects.get()
    Document.objects.update(review_count=count, review_unit=unit, version=one.version + 1)


def test_what_a_source_says_of_a_fact_that_was_set_here_is_told_until_both_say_the_same(tmp_path: Path) -> None:
    page = tmp_path / "sidor" / "a.md"
    page.parent.mkdir()

    def bring_in(interval: str) -> None:
        page.write_text(f"---\nlast_reviewed_on: 2024-01-01\nreview_in: {interval}\n---\n# A\n\nText.\n")
        take(page.parent, source="handbok", mapping="pages")

    bring_in("6 months")
    set_here(3)
    for _time in range(3):
        bring_in("9 months")
        assert ([field for field, _words in wrong()], interval()) == (["review_count"], (3, "month"))
    bring_in("2 years")
    assert ("2 year" in wrong()[0][1], interval()) == (True, (3, "month"))
    bring_in("6 months")
    assert (wrong(), interval()) == ([], (3, "month")), "it says again what it said before"
    bring_in("9 months")
    set_here(9)
    bring_in("9 months")
    assert (wrong(), interval()) == ([], (9, "month"))
    bring_in("1 year")
    assert (wrong(), interval()) == ([], (1, "year")), "nobody has set it here since"


def test_what_a_page_from_here_says_of_a_fact_that_was_set_here_is_told_until_both_say_the_same(
    tmp_path: Path,
) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    set_here(3)
    edited(file_of(folder, one), lambda facts, _text: facts.update(review_in="1 year"))
    for changed in (1, 0, 0):
        assert totals(bring(folder)) == (0, changed, 1 - changed, 0, 0), "its front matter alone"
        assert ([field for field, _words in wrong()], interval()) == (["review_count"], (3, "month"))
    edited(file_of(folder, one), lambda facts, text: [facts.update(review_in="2 years"), text + "Mer.\n"][1])
    assert totals(bring(folder)) == (0, 1, 0, 0, 0)
    assert ([field for field, _words in wrong()], interval()) == (["review_count"], (3, "month"))
    set_here(2, "year")
    bring(folder)
    assert wrong() == []
    edited(file_of(folder, one), lambda facts, _text: facts.update(review_in="9 months"))
    bring(folder)
    assert (wrong(), interval()) == ([], (9, "month")), "nobody has set it here since"


def test_the_text_alone_of_a_part_is_edited_in_its_file_and_facts_alone_were_set_here(tmp_path: Path) -> None:
    part = a_part("levels", [{"measure": "Svarstid", "target": "1 s", "hours": ""}])
    Document.objects.update(edited_on="2026-01-01", review_count=6)
    folder = written_to(tmp_path / "ut")
    set_here(3)
    for text, changed in (("Ny text.\n", 1), ("Nyare text.\n", 1), ("Nyare text.\n", 0)):
        edited(page_of(folder), lambda _facts, _text, text=text: text)  # type: ignore[misc] # is one
        outcome = bring(folder)
        assert (totals(outcome)[1], outcome.findings, interval()) == (changed, 0, (3, "month"))
        part.refresh_from_db()
        assert part.published.text == text
    edited(page_of(folder), lambda facts, text: [facts.update(review_in="1 year"), text + "Mer.\n"][1])
    bring(folder)
    assert ([field for field, _words in wrong()], interval()) == (["review_count"], (3, "month"))


def test_a_review_that_the_text_states_is_held_as_one_in_front_is_on_both_sides(tmp_path: Path) -> None:
    page = tmp_path / "sidor" / "a.md"
    page.parent.mkdir()
    said = "# A\n\n| Senast granskad | {} |\n|---|---|\n| Granskas | {} |\n\nText.\n".format

    def bring_in(*stated: str) -> tuple[str, str]:
        page.write_text(said(*stated))
        take(page.parent, source="handbok", mapping="pages")
        one = Document.objects.get()
        return str(one.reviewed_on), str(one.due_on)

    assert bring_in("2024-01-31", "årligen") == ("2024-01-31", "2025-01-31")
    assert bring_in("2024-02-29", "årligen") == ("2024-02-29", "2025-02-28"), "the source altered it alone"
    one = Document.objects.get()
    mark_reviewed(one.address, by=SYSTEM, version=one.version, on=dt.date(2024, 6, 30))
    assert bring_in("2024-04-30", "årligen") == ("2024-06-30", "2025-06-30"), "the later of two reviews wins"
    assert bring_in("2024-07-31", "årligen") == ("2024-07-31", "2025-07-31")
    assert wrong() == []
    # Let out and edited in the table alone, which is the one place where it says so.
    folder = written_to(tmp_path / "ut")
    one.refresh_from_db()
    file = file_of(folder, one)
    assert "last_reviewed_on" not in file.read_text(encoding="utf-8")
    edited(file, lambda _facts, text: text.replace("2024-07-31", "2024-08-31").replace("årligen", "halvårsvis"))
    bring(folder)
    one.refresh_from_db()
    assert (str(one.reviewed_on), str(one.due_on), wrong()) == ("2024-08-31", "2025-02-28", [])
    edited(file, lambda _facts, text: text.replace("| Granskas | halvårsvis |\n", ""))
    bring(folder)
    one.refresh_from_db()
    assert (str(one.reviewed_on), one.review_count, one.due_on, wrong()) == ("2024-08-31", None, None, [])
