"""Sets of pages become published documents, and come again without losing what was done here."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from helhet.documents.actions import mark_reviewed
from helhet.documents.exporting import pages as exported
from helhet.documents.figures import figures, found
from helhet.documents.models import Document
from helhet.documents.taking import Edition, add_versions
from helhet.importers import portions
from helhet.importers.models import Finding
from helhet.importers.problems import FileRefused
from helhet.importers.reading.commits import keep_commits
from helhet.importers.tests.rig import SYSTEM, group_of, item, take, totals, write
from helhet.importers.undo import undo_run
from helhet.items.models import SourceKey
from helhet.routines.models import Routine

pytestmark = pytest.mark.django_db

DAY = dt.date(2027, 3, 1)
BACKUP = """---
title: Återläs en databas
owner: nat
last_reviewed_on: 2026-8-31
review_in: 6 months
---

# Återläs

Gör så här när en databas ska läsas tillbaka till en annan server och inte får störa de andra.
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def pages(folder: Path, **texts: str) -> Path:
    """A folder of pages; two underscores in a name are a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def bring(path: Path, **more: Any) -> Any:
    return take(path, source="handbok", mapping="pages", **more)


def document(path: str) -> Document:
    return Document.objects.select_related("published", "item__kind").get(path=path)


def counted() -> tuple[int, int]:
    """The documents that stand, and those that their source shows no more."""
    told = figures(found(SYSTEM), DAY)
    return told.documents, told.not_seen


def groups(tmp_path: Path) -> None:
    take(write(tmp_path / "g", groups=[{"key": "nat", "name": "Nät"}]), source="handbok")


def test_a_page_becomes_a_published_document_that_says_where_it_came_from(tmp_path: Path) -> None:
    groups(tmp_path)
    outcome = bring(pages(tmp_path / "x", drift__backup=BACKUP))
    assert totals(outcome) == (1, 0, 0, 0, 0)
    one = document("drift/backup.md")
    assert (one.item.kind.key, one.item.name, one.language) == ("document", "Återläs en databas", "sv")
    assert (str(one.reviewed_on), str(one.due_on), one.edited_on) == ("2026-08-31", "2027-02-28", None)
    assert one.front_matter["review_in"] == "6 months"
    assert one.published is not None
    assert (one.published.number, one.published.approved_by) == ("1", "")
    assert "handbok" in one.published.note
    assert one.published.text.startswith("# Återläs\n"), "the facts are no part of the text"
    assert group_of("drift/backup.md", "handbok") == "Nät"
    assert [audience.key for audience in one.audiences.all()] == ["all"]


def test_a_trial_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = pages(tmp_path / "x", a=BACKUP, b="# B\n", c="---\nreview_in: often\n---\n")
    tried = bring(path, trial=True)
    assert (totals(tried), Document.objects.count()) == ((3, 0, 0, 0, 0), 0)
    done = bring(path)
    assert (totals(done), done.findings) == (totals(tried), tried.findings)


def test_json_lines_may_have_the_facts_beside_the_text_or_no_text_at_all(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    rows = [
        {"path": "a.md", "front_matter": {"title": "A", "last_reviewed_on": "2017-5-02", "review_in": "191 days"}},
        {"path": "b.md", "text": "---\ntitle: B\n---\nx", "first_commit": "2020-01-02", "last_commit": "2021-03-04",
         "commits": 4},
        {"path": "a.md", "text": "once more"},
        {"text": "nameless"},
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)))
    assert totals(bring(path)) == (2, 0, 0, 2, 0)
    one, other = document("a.md"), document("b.md")
    assert (str(one.due_on), one.published and one.published.text) == ("2017-11-09", "")
    assert (str(other.edited_on), other.reviewed_on) == ("2021-03-04", None), "an edit is no review"
    assert other.item.attributes == {"first_commit": "2020-01-02", "last_commit": "2021-03-04", "commits": 4}
    rows = [{"path": "README.md", "repo": repo, "text": repo} for repo in ("o/one", "o/two", "o/two", "o/three")]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert totals(take(path, source="två", mapping="pages")) == (3, 0, 0, 1, 0), "no page is lost for another's path"
    assert {one.path: one.published.text for one in Document.objects.filter(path__endswith="README.md")} == {
        "README.md": "o/one", "o/two/README.md": "o/two", "o/three/README.md": "o/three"}  # fmt: skip
    assert totals(take(path, source="två", mapping="pages")) == (0, 0, 3, 1, 0)


def test_a_broken_line_is_refused_alone_and_nothing_counts_as_gone_for_it(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    rows = [json.dumps({"path": f"{name}.md", "text": f"# {name}"}) for name in "abc"]
    path.write_text("\n".join(rows))
    bring(path)
    path.write_text("\n".join([rows[0], rows[1][:-3], '{"path": "d.md", "x": ' + "[" * 60 + "]" * 60 + "}"]))
    done = bring(path)
    assert totals(done) == (0, 0, 1, 2, 1), "b is broken, c is gone, d is too deep"
    assert [(one.place.line, one.code, one.key) for one in done.plan.refused] == [
        (2, "json_broken", "b.md"), (3, "nesting", "d.md"),
    ]  # fmt: skip
    assert document("b.md").not_seen_since is None
    path.write_text("\n".join([rows[0], "{", rows[2]]))
    assert totals(bring(path)) == (0, 0, 2, 1, 0), "nobody knows which page the line was of"
    assert counted() == (3, 0)
    path.write_text("{\n[")
    with pytest.raises(FileRefused):
        bring(path)


def test_json_as_other_programs_write_it_is_read_for_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    said = '"last_reviewed_on": "2017-05-02", "review_in": "191 days"'
    path.write_text("\n".join([
        '{"path": "a.md", "front_matter": {"n": NaN, "i": -Infinity, ' + said + '}, "last_commit": NaN}',
        '{"path": "b.md", "front_matter": {"big": 1e999, ' + said + "}}",
        '{"path": "c.md", "text": "half \\ud83d of a pair", "front_matter": {"\\udc00": ["\\ud800"], ' + said + "}}",
        '{"path": "d.md", "text": "a\ttab", "front_matter": {"a\tb": 1, ' + said + "}}",
        '{"path": "e.md", "front_matter": {"a\tb": 1, "a\tb": 2}}',
    ]))  # fmt: skip
    assert totals(bring(path)) == (4, 0, 0, 1, 0), "of e a value would be lost"
    found = [document(f"{name}.md") for name in "abcd"]
    assert [str(one.due_on) for one in found] == ["2017-11-09"] * 4
    assert [one.published.text for one in found if one.published] == ["", "", "half \ufffd of a pair", "a\ttab"]
    assert found[0].front_matter["n"] is None
    assert found[1].front_matter["big"] is None
    assert (found[0].edited_on, found[2].front_matter["\ufffd"]) == (None, ["\ufffd"])
    assert totals(bring(path)) == (0, 0, 4, 1, 0)


def test_what_a_line_says_under_other_names_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    rows: list[dict[str, Any]] = [
        {"file": "a.md", "body": "# A", "frontmatter": {"last_reviewed_on": "2026-01-01"}},
        {"path": "b.md", "content": "x", "title": "B", "last_reviewed_on": "2026-01-01", "review_in": "1 month",
         "wiki": 7},
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, rows)))
    assert totals(bring(path)) == (2, 0, 0, 0, 0)
    one, other = document("a.md"), document("b.md")
    assert (str(one.reviewed_on), one.published and one.published.text) == ("2026-01-01", "# A")
    assert (other.item.name, str(other.due_on), other.front_matter["wiki"]) == ("B", "2026-02-01", 7)


def test_the_order_of_the_facts_is_kept_and_let_out(tmp_path: Path) -> None:
    facts = "weight: 2\ntitle: Å\nextra:\n  zz: 1\n  a: 2\nb: 3\n"
    bring(pages(tmp_path / "x", a=f"---\n{facts}---\n\nText\n"))
    assert (
        json.dumps(document("a.md").front_matter)
        == '{"weight": 2, "title": "\\u00c5", "extra": {"zz": 1, "a": 2}, "b": 3}'
    )
    toml = '+++\nweight = 2\ntitle = "Å"\ntags = ["b", "a"]\nextra = { zz = 1, a = 2 }\ndate = 2017-05-02\n'
    given = '{\n  "title": "Å",\n  "extra": {\n    "zz": null,\n    "a": [\n      1\n    ]\n  }'
    bring(pages(tmp_path / "x", a=f"---\n{facts}---\n\nText\n", b=f"{toml}+++\n\nText\n", c=f"{given}\n}}\n\nText\n"))
    told = {page.path: page.text for page in exported(Document.objects.all())}
    assert told["a.md"].startswith(f"---\n{facts}helhet:\n")
    assert told["a.md"].endswith("---\n\nText\n")
    assert told["b.md"].startswith(f"{toml}[helhet]\n"), "in the form that it came in"
    assert told["c.md"].startswith(given)


def test_links_and_hidden_pages_are_passed_over_and_told(tmp_path: Path) -> None:
    folder = pages(tmp_path / "x", a="# A", **{".github__b": "# B", "node_modules__c": "# C"})
    (folder / "wide.md").write_bytes("---\ntitle: Vid\n---\nå".encode("utf-16-le"))
    (folder / "link.md").symlink_to(folder / "a.md")
    done = bring(folder)
    assert totals(done) == (2, 0, 0, 0, 0)
    assert done.plan.skipped == [".github/b.md", "link.md", "node_modules/c.md"]
    assert document("wide.md").item.name == "Vid", "letters of two bytes, without the mark that says so"


def test_an_alerts_runbook_becomes_a_routine_that_its_alert_finds(tmp_path: Path) -> None:
    text = "# KubeDown\n\n## Meaning\n\nIt is down.\n\n## Mitigation\n\nStart it.\n"
    bring(pages(tmp_path / "x", alerts__KubeDown=text, other="---\ntype: Runbook\n---\n# Steps\n"))
    assert document("alerts/KubeDown.md").item.kind.key == "routine"
    assert list(Routine.objects.get(document__path="alerts/KubeDown.md").labels.values_list("name", "value")) == [
        ("alertname", "KubeDown")
    ]
    assert not Routine.objects.get(document__path="other.md").labels.exists()


def test_what_cannot_be_read_is_a_finding_and_the_page_is_taken(tmp_path: Path) -> None:
    bring(
        pages(tmp_path / "x", a="---\nowner: ingen\nlast_reviewed_on: 02/06/2017\nreview_in: 6\ntitle: A: b\n---\nText")
    )
    found = {(one.sort, one.field) for one in Finding.objects.filter(closed_at__isnull=True)}
    assert found == {
        ("unknown_group", "group"), ("unreadable", "last_reviewed_on"), ("unreadable", "review_in"),
        ("unreadable", "front_matter"),
    }  # fmt: skip
    one = document("a.md")
    assert (one.item.name, one.due_on) == ("A: b", None)
    assert one.published is not None
    assert one.published.text.endswith("---\nText"), "the text is kept whole"
    groups(tmp_path)
    take(write(tmp_path / "h", groups=[{"key": "ingen", "name": "Ingen"}]), source="handbok", partial=True)
    assert group_of("a.md", "handbok") == "Ingen", "tied by itself when the group comes"


def test_another_text_is_a_new_version_and_the_same_is_none(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP, b="# B\n"))
    assert totals(bring(pages(tmp_path / "x", a=BACKUP, b="# B\n"))) == (0, 0, 2, 0, 0)
    outcome = bring(pages(tmp_path / "x", a=BACKUP.replace("6 months", "1 year"), b="# B\n\nMer.\n"))
    assert totals(outcome) == (0, 2, 0, 0, 0)
    assert [str(one) for one in document("b.md").versions.all()] == ["2", "1"]
    assert [str(one) for one in document("a.md").versions.all()] == ["1"], "a fact beside the text is no new version"
    assert str(document("a.md").due_on) == "2027-08-31"


def test_what_was_edited_here_stands_and_the_source_waits(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP))
    one = document("a.md")
    add_versions([Edition(one, "Återläs", "Vår egen text.")], by=SYSTEM, note="")
    one.review_count = 3
    one.save()
    assert totals(bring(pages(tmp_path / "x", a=BACKUP))) == (0, 0, 1, 0, 0), "the source says what it said"
    bring(pages(tmp_path / "x", a=BACKUP.replace("Gör så här", "Gör noga så här").replace("6 months", "9 months")))
    one = document("a.md")
    assert one.published is not None
    assert (one.published.text, one.review_count) == ("Vår egen text.", 3)
    found = Finding.objects.filter(closed_at__isnull=True, sort="edited_here")
    assert sorted(found.values_list("field", flat=True)) == ["review_count", "text"]
    agreed = BACKUP.replace("Återläs en databas", "Återläs").replace("6 months", "3 months")
    head, _text = agreed.split("---\n\n")
    bring(pages(tmp_path / "x", a=f"{head}---\n\nVår egen text."))
    assert not Finding.objects.filter(closed_at__isnull=True, sort="edited_here").exists(), "now both say the same"


def test_steps_that_were_written_here_stand_beside_the_new_text_of_the_source(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP))
    one = document("a.md")
    assert one.published is not None
    steps = {"steps": [{"id": "a", "title": "Stoppa"}]}
    add_versions([Edition(one, one.published.title, one.published.text, steps)], by=SYSTEM, note="")
    assert totals(bring(pages(tmp_path / "x", a=BACKUP.replace("Gör så här", "Gör noga så här")))) == (0, 1, 0, 0, 0)
    now = document("a.md").published
    assert now is not None
    assert (now.number, "noga" in now.text, now.fields) == ("3", True, steps)
    assert not Finding.objects.filter(closed_at__isnull=True, sort="edited_here").exists()


def test_a_later_review_wins_wherever_it_was_made(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP))
    Document.objects.update(reviewed_on="2026-10-01")
    bring(pages(tmp_path / "x", a=BACKUP.replace("2026-8-31", "2026-9-15")))
    assert str(document("a.md").reviewed_on) == "2026-10-01"
    bring(pages(tmp_path / "x", a=BACKUP.replace("2026-8-31", "2026-11-15")))
    assert (str(document("a.md").reviewed_on), str(document("a.md").due_on)) == ("2026-11-15", "2027-05-15")


def test_the_day_of_editing_is_that_of_the_text_which_stands(tmp_path: Path) -> None:
    def dated(day: str, text: str) -> Path:
        path = tmp_path / "pages.jsonl"
        path.write_text(json.dumps({"path": "a.md", "text": text, "last_commit": day}))
        return path

    bring(dated("2026-01-01", "Ett"))
    one = document("a.md")
    add_versions([Edition(one, "A", "Vårt")], by=SYSTEM, note="")
    Document.objects.update(edited_on="2026-06-01")
    bring(dated("2026-03-01", "Två"))
    assert str(document("a.md").edited_on) == "2026-06-01"
    bring(dated("2026-07-01", "Tre"))
    assert str(document("a.md").edited_on) == "2026-07-01"


def test_a_page_that_is_gone_is_not_seen_and_comes_back(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP, b="# B\n"))
    assert totals(bring(pages(tmp_path / "x", a=BACKUP))) == (0, 0, 1, 0, 1)
    assert SourceKey.objects.get(key="b.md").not_seen_since is not None
    assert document("b.md").published is not None
    bring(pages(tmp_path / "x", a=BACKUP, b="# B\n"))
    assert SourceKey.objects.get(key="b.md").not_seen_since is None
    assert counted() == (2, 0)


def test_a_page_that_is_gone_is_not_counted_until_somebody_here_says_that_it_holds(tmp_path: Path) -> None:
    bring(pages(tmp_path / "x", a=BACKUP, b=BACKUP.replace("databas", "disk"), c="# C\n"))
    gone = bring(pages(tmp_path / "x", a=BACKUP))
    assert (counted(), figures(found(SYSTEM), DAY).overdue) == ((1, 2), 1)
    told = [page.path for page in exported(Document.objects.all())]
    assert told == ["a.md"], "what its source has dropped is not let out as if it stood"
    assert bring(pages(tmp_path / "x", a=BACKUP)).report.counts.get("changed") is None
    one = document("b.md")
    mark_reviewed(one.address, by=SYSTEM, version=one.version)
    assert counted() == (2, 1)
    undo_run(gone.run, by=SYSTEM)
    assert counted() == (3, 0), "an import undone takes nothing away"
    bring(pages(tmp_path / "x", a=BACKUP))
    assert counted() == (1, 2)


def test_pages_and_other_things_of_one_source_do_not_make_each_other_vanish(tmp_path: Path) -> None:
    things = write(
        tmp_path / "t",
        items=[{"key": "d", "kind": "document", "name": "D"}, {"key": "s", "kind": "server", "name": "S"}],
    )
    take(things, source="handbok")
    bring(pages(tmp_path / "x", a=BACKUP, p="---\nsort: process\n---\n# P\n"))
    assert totals(take(things, source="handbok"))[4] == 0
    assert totals(bring(pages(tmp_path / "x", a=BACKUP)))[4] == 1, "the only process is gone, and nothing else"
    assert list(SourceKey.objects.exclude(not_seen_since=None).values_list("key", flat=True)) == ["p.md"]


def test_what_is_structured_comes_in_through_the_room_whose_it_is(tmp_path: Path) -> None:
    text = "---\ntitle: A\nhelhet:\n  audiences: [operations, ghosts]\n  fields: {steps: [{x: 1}]}\n---\nText"
    bring(pages(tmp_path / "x", a=text))
    one = document("a.md")
    assert one.published is not None
    assert (one.published.fields, "helhet" in one.front_matter) == ({}, False)
    assert [audience.key for audience in one.audiences.all()] == ["operations"], "never more readers than were stated"
    assert Finding.objects.get(closed_at__isnull=True).field == "fields"


class Named(zipfile.ZipInfo):
    """A member whose name is written in some encoding, whatever its flag says of that."""

    def __init__(self, name: str, encoding: str, flag: int) -> None:
        super().__init__(name)
        self.data, self.flag = name.encode(encoding), flag

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's name
        return self.data, self.flag_bits | self.flag


def test_a_zip_holds_pages_as_a_folder_does_without_the_folder_around_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("wiki-main/docs/Säkerhet.md", BACKUP)
        archive.writestr("wiki-main/mkdocs.yml", "site_name: x")
        archive.writestr("wiki-main/docs/latin.md", "# Räksmörgås\n".encode("windows-1252"))
        for at, (encoding, flag) in enumerate((("cp437", 0), ("windows-1252", 0), ("utf-8", 0), ("utf-8", 0x800))):
            archive.writestr(Named(f"wiki-main/Åtgärd för {at}.md", encoding, flag), f"# {at}\n")
        archive.writestr(Named("wiki-main/straße.md", "cp437", 0), "# ß\n")
    assert totals(bring(tmp_path / "set.zip")) == (2 + 5, 0, 0, 0, 0)
    assert {f"Åtgärd för {at}.md" for at in range(4)} | {"straße.md"} <= {one.path for one in Document.objects.all()}
    assert document("docs/Säkerhet.md").item.name == "Återläs en databas"
    assert document("docs/latin.md").item.name == "Räksmörgås"
    assert Finding.objects.filter(field="text", key="docs/latin.md").exists(), "what it was read in is a guess"
    assert item("docs/latin.md", "handbok").kind.key == "document"


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_a_checkout_tells_when_its_pages_were_committed_and_a_folder_does_not(tmp_path: Path) -> None:
    folder = pages(tmp_path / "repo", docs__å=BACKUP)
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for day, text in (("2020-01-02", BACKUP), ("2021-03-04", BACKUP + "Mer.\n")):
        (folder / "docs" / "å.md").write_text(text)
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "."], check=True)
        stamp = f"{day}T12:00:00+00:00"
        subprocess.run(
            [*git, "commit", "-qm", "x"], check=True, env={"GIT_COMMITTER_DATE": stamp, "PATH": "/usr/bin:/bin"}
        )
    (folder / "docs" / "ny.md").write_text("# Ny\n")
    tried = bring(folder)
    assert str(document("docs/å.md").edited_on) == "2021-03-04"
    assert document("docs/å.md").item.attributes["first_commit"] == "2020-01-02"
    assert document("docs/ny.md").edited_on is None, "it was never committed"
    shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns(".*"))
    keep_commits(folder, tmp_path / "copy")
    assert totals(bring(tmp_path / "copy")) == (0, 0, sum(totals(tried)), 0, 0), "a kept copy tells the same"
