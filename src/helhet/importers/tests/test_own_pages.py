"""Pages that this Helhet let out come back as the documents that they are, edited or not."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from helhet.documents.actions import edit_minor, mark_reviewed, publish, save_draft, withdraw
from helhet.documents.models import Audience, Document, Draft, TextLink
from helhet.documents.permissions import DocumentPermission
from helhet.importers import portions, runs
from helhet.importers.mapping import find_mapping
from helhet.importers.models import Run, Verdict
from helhet.importers.runs import resume
from helhet.importers.tests.rig import SYSTEM, elsewhere, take, totals
from helhet.importers.tests.rig_home import DAY, bring, edited, everything, file_of, routine, stands, written_to, wrong
from helhet.importers.undo import undo_run
from helhet.items.merging import merge_items
from helhet.items.models import Item, State
from helhet.kit.rights import Caller
from tests.world import make_group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def test_a_routine_is_edited_in_its_file_again_and_again_and_keeps_what_is_set_here(tmp_path: Path) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    file, beside = file_of(folder, one), everything()[1]

    def steps(facts: dict[str, Any], text: str) -> str:
        facts["title"] = "Starta om servern"
        facts["helhet"]["fields"]["steps"][0]["title"] = "Stoppa servern"
        return text + "Se upp.\n"

    edited(file, steps)
    assert [totals(bring(folder, trial=is_trial)) for is_trial in (True, False)] == [(0, 1, 0, 0, 0)] * 2
    one.refresh_from_db()
    assert stands(one) == ("2", "Gör så här.\nSe upp.", "")
    assert one.published is not None
    assert [step["title"] for step in one.published.fields["steps"]] == ["Stoppa servern", "Starta"]
    assert (one.item.name, one.reviewed_on, one.review_count) == ("Starta om servern", DAY, 6)
    assert everything()[1] == beside
    assert list(one.audiences.values_list("key", flat=True)) == ["operations"]
    # The file names the first edition still.
    edited(file, lambda _facts, text: text + "Igen.\n")
    assert totals(bring(folder)) == (0, 1, 0, 0, 0)
    assert stands(one)[:2] == ("3", "Gör så här.\nSe upp.\nIgen.")
    one.refresh_from_db()
    edit_minor(one.address, by=SYSTEM, version=one.version, text="Skriven här.\n")
    edited(file, lambda _facts, text: text + "Och igen.\n")
    assert totals(bring(folder)) == (0, 0, 1, 0, 0)
    assert (stands(one)[:2], len(wrong())) == (("3.1", "Skriven här."), 1)
    edited(file, lambda _facts, _text: "Skriven här.\n")
    bring(folder)
    assert (stands(one)[0], wrong()) == ("3.1", []), "both say the same"
    # Let out anew, it is made from what stands now.
    edited(file_of(written_to(folder), one), lambda _facts, text: text + "Ny.\n")
    done = bring(folder)
    assert stands(one)[:2] == ("4", "Skriven här.\nNy.")
    undo_run(done.run, by=SYSTEM)
    assert stands(one)[:2] == ("5", "Skriven här.")
    assert totals(bring(folder)) == (0, 1, 0, 0, 0)
    assert stands(one)[:2] == ("6", "Skriven här.\nNy.")
    assert Item.objects.filter(kind__key="routine").count() == 1


def test_owner_readers_and_what_is_said_of_a_routine_are_set_here_alone(tmp_path: Path) -> None:
    one = routine()
    make_group("Annan", chair=None)
    Audience.objects.create(key="few", name_sv="Få", name_en="Few")
    folder, before = written_to(tmp_path / "ut"), everything()

    def all_of_it(facts: dict[str, Any], _text: str) -> None:
        facts["owner"] = facts["helhet"]["owner"] = "Annan"
        facts["helhet"] |= {"audiences": ["few"], "routine": {"kind": "desk"}}

    edited(file_of(folder, one), all_of_it)
    bring(folder)
    assert [field for field, _words in wrong()] == ["audiences", "owner", "routine"]
    assert all(word in " ".join(words for _field, words in wrong()) for word in ("Annan", "few", "desk", one.address))
    assert (everything()[1], list(one.audiences.values_list("key", flat=True))) == (before[1], ["operations"])
    assert one.item.answers.get(to_on=None).group.name == "Drift av Starta om"
    written_to(folder)
    bring(folder)
    assert wrong() == []


def test_what_was_set_here_meanwhile_stands_and_an_older_page_takes_nothing_back(tmp_path: Path) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    mark_reviewed(one.address, by=SYSTEM, version=one.version, on=dt.date(2026, 11, 1))
    older = shutil.copytree(folder, tmp_path / "igen")
    edited(file_of(folder, one), lambda facts, text: [facts.update(review_in="1 year"), text + "Mer.\n"][1])
    bring(folder)
    one.refresh_from_db()
    assert (one.reviewed_on, one.review_count, one.review_unit) == (dt.date(2026, 11, 1), 6, "month")
    assert ([field for field, _words in wrong()], stands(one)[0]) == (["review_count"], "2"), "nobody knows who set it"
    assert totals(take(older, source="annan", mapping="pages")) == (0, 0, 1, 0, 0)
    edited(file_of(older, one), lambda facts, _text: facts.update(review_in="1 year"))
    assert totals(take(older, source="annan", mapping="pages")) == (0, 1, 0, 0, 0), "against what it said before"
    one.refresh_from_db()
    assert (one.reviewed_on, one.review_count, one.review_unit) == (dt.date(2026, 11, 1), 1, "year")


def test_a_draft_in_a_file_is_a_draft_beside_what_is_published(tmp_path: Path) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    file = file_of(folder, one)
    edited(file, lambda facts, text: [facts.update(draft=True), text + "Kanske.\n"][1])
    done = bring(folder)
    assert stands(one) == ("1", "Gör så här.", "Gör så här.\nKanske.")
    assert totals(bring(folder)) == (0, 0, 1, 0, 0)
    undo_run(done.run, by=SYSTEM)
    assert stands(one) == ("1", "Gör så här.", "")
    bring(folder)
    edited(file, lambda _facts, text: text + "Eller inte.\n")
    again = bring(folder)
    assert stands(one)[2] == "Gör så här.\nKanske.\nEller inte."
    undo_run(again.run, by=SYSTEM)
    assert stands(one) == ("1", "Gör så här.", "Gör så här.\nKanske.")
    bring(folder)
    one.refresh_from_db()
    publish(one.address, by=SYSTEM, version=one.draft.version)
    assert totals(bring(folder)) == (0, 0, 1, 0, 0), "it is published as it was"
    edited(file, lambda _facts, text: text + "Ett steg till.\n")
    bring(folder)
    assert stands(one)[0] == "2"
    assert stands(one)[2].endswith("Ett steg till.")
    one.refresh_from_db()
    save_draft(one.address, by=SYSTEM, version=Draft.objects.get().version, text="Skriven här.")
    edited(file, lambda facts, text: [facts.update(draft=False), text][1])
    bring(folder)
    assert (stands(one)[2], [field for field, _words in wrong()]) == ("Skriven här.", ["text"])


def test_a_draft_that_was_let_out_is_published_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.md").write_text("---\ndraft: true\n---\n# A\n\nUtkast.\n")
    take(tmp_path / "x", source="handbok", mapping="pages")
    one = Document.objects.get()
    folder = written_to(tmp_path / "ut")
    assert totals(bring(folder)) == (0, 0, 1, 0, 0)
    edited(folder / "a.md", lambda _facts, text: text + "Mer.\n")
    bring(folder)
    assert stands(one) == ("", "", "# A\n\nUtkast.\nMer.")
    edited(folder / "a.md", lambda facts, _text: facts.pop("draft") and None)
    bring(folder)
    assert stands(one) == ("1", "# A\n\nUtkast.\nMer.", "")
    assert Document.objects.get().item.state == State.LIVE
    assert totals(take(tmp_path / "x", source="handbok", mapping="pages")) == (0, 0, 1, 0, 0)
    assert stands(one)[0] == "1", "what its source gave stands against what it gives"


def test_a_page_whose_document_is_gone_or_another_or_forbidden_waits_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, merged, into, retired = (routine(name) for name in ("Borta", "Sammanslagen", "Kvar", "Indragen"))
    folder = written_to(tmp_path / "ut")
    for place in folder.rglob("*.md"):
        edited(place, lambda _facts, text: text + "Ändrad.\n")
    Item.objects.filter(pk=gone.item_id).update(presence=2)
    merge_items(into.address, merged.address, by=SYSTEM, version=into.item.version)
    withdraw(retired.address, by=SYSTEM, version=retired.version, reason="Används inte")
    items = Item.objects.count()
    forbidden = into.pk

    def may(caller: Caller, permission: str, thing: Any = None) -> bool:
        return permission != DocumentPermission.WRITE or getattr(thing, "pk", None) != forbidden

    monkeypatch.setattr(Caller, "may", may)
    for is_trial in (True, False, False):
        outcome = bring(folder, trial=is_trial)
        assert (totals(outcome), outcome.report.total(Verdict.WAITING), outcome.findings) == ((0, 0, 0, 0, 0), 4, 4)
    told = " ".join(words for _field, words in wrong())
    assert all(one.address in told for one in (gone, merged, into, retired))
    assert {stands(one)[0] for one in (merged, into, retired)} == {"1"}
    assert Item.objects.count() == items
    monkeypatch.undo()
    assert totals(bring(folder)) == (0, 1, 0, 0, 0)
    assert (stands(into)[0], len(wrong())) == ("2", 3)


def test_of_two_pages_of_one_document_the_one_where_it_was_let_out_counts(tmp_path: Path) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    copy = folder / f"A {file_of(folder, one).name}"
    shutil.copy(file_of(folder, one), copy)
    edited(copy, lambda _facts, text: text + "Avskrift.\n")
    outcome = bring(folder)
    assert (totals(outcome), outcome.report.total(Verdict.WAITING)) == ((0, 0, 1, 0, 0), 1)
    assert (stands(one)[0], copy.name in wrong()[0][1] or one.address in wrong()[0][1]) == ("1", True)
    edited(copy, lambda facts, _text: facts.pop("helhet") and None)
    assert totals(bring(folder))[0] == 1
    assert (Document.objects.count(), wrong()) == (2, [])


def test_elsewhere_the_same_pages_are_documents_of_their_own_once(tmp_path: Path) -> None:
    routine()
    folder = elsewhere(written_to(tmp_path / "ut"))
    assert totals(bring(folder))[0] == 1
    assert totals(bring(folder)) == (0, 0, 1, 0, 0)
    assert Item.objects.filter(kind__key="routine").count() == 2


def test_a_page_that_has_a_source_is_edited_here_as_by_anybody_and_its_source_goes_on(tmp_path: Path) -> None:
    origin = tmp_path / "x"
    for path, text in {"a/ett.md": "# Ett\n\n[två](../b.md)\n", "b.md": "# Två\n"}.items():
        (origin / path).parent.mkdir(parents=True, exist_ok=True)
        (origin / path).write_text(text)
    take(origin, source="handbok", mapping="pages")
    one, two = Document.objects.get(path="a/ett.md"), Document.objects.get(path="b.md")
    folder = written_to(tmp_path / "ut")
    edited(folder / "a/ett.md", lambda _facts, text: text + "Mer.\n")
    (folder / "b.md").unlink()
    assert totals(bring(folder)) == (0, 1, 0, 0, 0)
    assert stands(one)[:2] == ("2", "# Ett\n\n[två](../b.md)\nMer.")
    assert TextLink.objects.get(document=one).item_id == two.item_id, "within the set that it came with"
    assert Document.objects.filter(not_seen_since=None).count() == 2
    assert totals(take(origin, source="handbok", mapping="pages")) == (0, 0, 2, 0, 0)
    assert stands(one)[0] == "2"
    (origin / "a/ett.md").write_text("# Ett\n\nAnnat.\n")
    take(origin, source="handbok", mapping="pages")
    assert (stands(one)[0], [field for field, _words in wrong()]) == ("2", ["text"])


def test_an_export_that_is_given_as_its_own_source_is_an_edit_of_what_stands(tmp_path: Path) -> None:
    origin = tmp_path / "x"
    origin.mkdir()
    (origin / "a.md").write_text("# A\n\nText ett.\n")
    (origin / "b.md").write_text("# B\n")
    take(origin, source="handbok", mapping="pages")
    one = Document.objects.get(path="a.md")
    edit_minor(one.address, by=SYSTEM, version=one.version, text="# A\n\nSkriven här.\n")
    mark_reviewed(one.address, by=SYSTEM, version=one.version + 1, on=DAY)
    folder = written_to(tmp_path / "ut")
    assert totals(take(folder, source="handbok", mapping="pages")) == (0, 0, 2, 0, 0)
    (folder / "c").mkdir()
    (folder / "a.md").rename(folder / "c" / "annat.md")
    edited(folder / "c" / "annat.md", lambda facts, _text: [facts.update(review_in="1 year"), "# Helt annat\n"][1])
    assert totals(take(folder, source="handbok", mapping="pages")) == (0, 1, 1, 0, 0)
    one.refresh_from_db()
    assert (stands(one)[:2], one.path) == (("2", "# Helt annat"), "c/annat.md")
    assert (one.review_count, one.reviewed_on, wrong()) == (1, DAY, [])
    assert Document.objects.count() == 2


@pytest.mark.parametrize("what", ["steps", "text", "nothing"])
def test_an_export_whose_steps_alone_are_edited_was_edited_that_day(tmp_path: Path, what: str) -> None:
    routine()
    Document.objects.update(edited_on="2026-01-01")
    take(elsewhere(written_to(tmp_path / "ut")), source="egen", mapping="pages")
    one = Document.objects.latest("pk")
    file = file_of(written_to(tmp_path / "igen"), one)

    def edit(facts: dict[str, Any], text: str) -> str:
        if what == "steps":
            facts["helhet"]["fields"]["steps"][0]["title"] = "Stoppa servern"
        return text + "Mer.\n" if what == "text" else text

    edited(file, edit)
    page = {"path": one.path, "text": file.read_text(), "last_commit": "2026-05-01"}
    lines = tmp_path / "sidor.jsonl"
    lines.write_text(json.dumps(page))
    take(lines, source="egen", mapping="pages")
    one.refresh_from_db()
    expected = ("1", dt.date(2026, 1, 1)) if what == "nothing" else ("2", dt.date(2026, 5, 1))
    assert (stands(one)[0], one.edited_on) == expected


def test_pages_that_became_items_before_give_way_to_the_documents_that_they_are(tmp_path: Path) -> None:
    one = routine()
    folder = written_to(tmp_path / "ut")
    bring(elsewhere(folder))
    twin = Document.objects.exclude(pk=one.pk).get()
    file = file_of(written_to(tmp_path / "igen"), one)
    edited(file, lambda _facts, text: text + "Mer.\n")
    for place in set(file.parent.iterdir()) - {file}:
        place.unlink()
    assert totals(bring(file.parent)) == (0, 1, 0, 0, 1)
    twin.refresh_from_db()
    assert (stands(one)[0], stands(twin)[0], twin.not_seen_since is None) == ("2", "1", False)


def test_an_import_that_was_broken_off_goes_on_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [routine(f"R{n}") for n in range(5)]
    folder = written_to(tmp_path / "ut")
    for place in folder.rglob("*.md"):
        edited(place, lambda _facts, text: text + "Ändrad.\n")
    monkeypatch.setattr(runs, "MOST_PAGES", 2)
    monkeypatch.setattr(portions, "others_wait", lambda: True)

    class Broken(Exception):
        pass

    def stop(_done: int, total: int | None) -> None:
        if total:
            raise Broken

    order = runs.Order(folder, "ut", find_mapping("pages"), "redigerare")
    with pytest.raises(Broken):
        runs.import_now(order, by=SYSTEM, progress=stop)
    assert 0 < sum(stands(one)[0] == "2" for one in every) < len(every)
    outcome = resume(Run.objects.get(), by=SYSTEM)
    assert outcome.report.counts["changed"] == {"own_pages": len(every)}
    assert [stands(one)[0] for one in every] == ["2"] * len(every)
