"""Several sets of pages in one folder, and newer editions of a set."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from helhet.documents.figures import figures, found
from helhet.documents.models import Document
from helhet.importers import keeping, portions
from helhet.importers.mapping import Column, find_mapping
from helhet.importers.models import Finding, RunRow
from helhet.importers.problems import FileRefused
from helhet.importers.reading.pages_within import PATHS, pages_within
from helhet.importers.tests.rig import SYSTEM, take, totals

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def lines(path: Path, **pages: str) -> Path:
    """A set in JSON lines: for each page, named without its ending, what its front matter says."""
    rows = [{"path": f"{name}.md", "text": f"---\n{said}\n---\n\n# {name}\n"} for name, said in pages.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def dues() -> dict[str, str]:
    """The due day of each document that stands, by its path; empty where it has none."""
    standing = Document.objects.filter(not_seen_since__isnull=True)
    return {path: str(due or "") for path, due in standing.values_list("path", "due_on")}


def test_sets_in_one_folder_that_have_a_path_in_common_lose_no_page(tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    lines(folder / "a.jsonl", index="review_by: 2026-01-31", only="review_by: 2026-02-28")
    lines(folder / "more" / "b.v2.jsonl", index="review_by: 2026-03-31")
    with (folder / "more" / "b.v2.jsonl").open("a") as file:
        file.write(json.dumps({"path": "index.md", "text": "the same path in the same set"}))
    expected = {"index.md": "2026-01-31", "only.md": "2026-02-28", "b.v2/index.md": "2026-03-31"}
    assert totals(take(folder, mapping="pages")) == (3, 0, 0, 1, 0)
    assert dues() == expected
    assert totals(take(folder, mapping="pages")) == (0, 0, 3, 1, 0)
    assert dues() == expected


@pytest.mark.parametrize("is_packed", [False, True])
def test_sets_of_one_name_in_several_folders_lose_no_page(tmp_path: Path, is_packed: bool) -> None:
    folder = tmp_path / "sets"
    for at, where in enumerate(("a", "b", "b/c", "d", "."), start=1):
        lines(folder / where / "pages.jsonl", index=f"review_by: 2026-0{at}-01")
    lines(folder / "z.jsonl", **{"pages/index": "review_by: 2026-06-01"})
    given = Path(shutil.make_archive(str(tmp_path / "sets"), "zip", folder)) if is_packed else folder
    assert totals(take(given, mapping="pages")) == (6, 0, 0, 0, 0)
    there = dues()
    assert sorted(there.values()) == [f"2026-0{at}-01" for at in range(1, 7)]
    assert there.keys() == {
        "index.md", "pages/index.md", "b/pages/index.md", "d/pages/index.md", "pages.jsonl/index.md",
        "z/pages/index.md",
    }  # fmt: skip
    assert totals(take(given, mapping="pages")) == (0, 0, 6, 0, 0)


@pytest.mark.parametrize(
    "record",
    [
        {"path": None, "front_matter": {"title": "t"}, "related": [{"path": "x.md"}], "text": "t"},
        {"path": "", "text": "t", "related": [{"path": "x.md"}]},
        {"id": 1, "text": "x", "attachments": [{"filename": "p.pdf"}]},
        {"slug": "/a", "content": "x", "images": [{"file": "p.png"}]},
        {"name": "a.md", "front_matter": {"title": "t", "file": "b.md"}},
    ],
)
def test_what_a_record_without_a_path_leads_to_is_no_page_in_its_place(record: dict[str, object]) -> None:
    assert pages_within(record) is None
    assert pages_within({"source": "wiki", "content": [{"path": "a.md", "text": "A"}]}) is not None


@pytest.mark.parametrize(("newer", "due"), [
    ("last_reviewed_on: 2024-01-31\nreview_in: 6 months", "2024-07-31"), ("last_reviewed_on: 2025-01-31", ""),
    ("last_reviewed_on: 2025-01-31\nreview_in: never", ""), ("review_in: 6 months", ""), ("title: A", ""),
    ("review_by: 2024-05-05", "2024-05-05"), ("last_reviewed_on: soon\nreview_in: 6 months", ""),
    ("draft: true\nlast_reviewed_on: 2025-02-28\nreview_in: 1 year", "2026-02-28"),
])  # fmt: skip
def test_what_a_newer_edition_says_is_counted_where_nobody_reviewed_here(tmp_path: Path, newer: str, due: str) -> None:
    path, older = tmp_path / "set.jsonl", "last_reviewed_on: 2025-01-31\nreview_in: 6 months"
    for said, expected in ((older, "2025-07-31"), (newer, due), (newer, due), (older, "2025-07-31")):
        take(lines(path, a=said), mapping="pages")
        assert dues() == {"a.md": expected}


def test_pages_that_are_gone_moved_changed_places_or_came_are_counted_as_the_newer_edition_has_them(
    tmp_path: Path,
) -> None:
    path, said = tmp_path / "set.jsonl", "title: {}\nlast_reviewed_on: 2025-01-31\nreview_in: {} months".format
    take(lines(path, gone=said("G", 1), moves=said("M", 2), x=said("X", 3), y=said("Y", 4)), mapping="pages")
    newer = {"new": said("N", 5), "there/moves": said("M", 2), "x": said("Y", 4), "y": said("X", 3)}
    for _time in range(2):
        take(lines(path, **newer), mapping="pages")
        assert dues() == {"new.md": "2025-06-30", "there/moves.md": "2025-03-31", "x.md": "2025-05-31",
                          "y.md": "2025-04-30"}  # fmt: skip
        told = figures(found(SYSTEM, ""), dt.date(2025, 5, 31))
        assert (told.documents, told.with_review_date, told.overdue, told.check_needed) == (4, 4, 2, 2)


def test_a_review_that_is_not_taken_is_told_until_the_page_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    pages = {
        "table.md": "# A\n\n| Senast granskad | 2024-01-31 |\n|---|---|\n| Granskas | var sjätte månad |\n\nText.\n",
        "below.md": "# A\n\nText.\n\nNext review: 2024-07-31\n", "name.md": "---\npage_review: 2024-07-31\n---\n",
        "alone.md": "---\nreview_in: 6 months\nlastmod: 2024-01-31\n---\n",
    }  # fmt: skip
    for name, text in pages.items():
        (folder / name).write_text(text)
    for _time in range(2):
        take(folder, mapping="pages")
        assert dues() == {"table.md": "2024-07-31", "below.md": "", "name.md": "", "alone.md": ""}
        told = Finding.objects.filter(closed_at__isnull=True).values_list("key", "field", "details__code")
        assert sorted(told) == [
            ("alone.md", "review_in", "interval_alone"), ("below.md", "next_review", "review_in_text"),
            ("name.md", "page_review", "review_name"),
        ]  # fmt: skip
    for name in pages:
        (folder / name).write_text("---\nreview_by: 2024-07-31\n---\n")
    take(folder, mapping="pages")
    assert set(dues().values()) == {"2024-07-31"}
    assert not Finding.objects.filter(closed_at__isnull=True)


@pytest.mark.parametrize(("told", "day"), [
    ("2024-01-31", "2024-01-31"), ("2024-01-31T23:30:00-05:00", "2024-01-31"), (1706659200, "2024-01-31"),
    ("1706659200", "2024-01-31"), (1706659200000, "2024-01-31"), (None, "None"), ("", "None"), ("lately", "None"),
    (True, "None"), (17066592, "None"), ({"date": 1}, "None"), (1706659200.5, "None"),
])  # fmt: skip
def test_the_day_of_a_commit_is_read_as_programs_tell_it(tmp_path: Path, told: object, day: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({"path": "a.md", "text": "x", "last_commit": told}))
    take(path, mapping="pages")
    one = Document.objects.get()
    assert (str(one.edited_on), one.reviewed_on) == (day, None), "an edit is no review"


PAGE = {"text": "---\nlast_reviewed_on: 2025-01-31\nreview_in: 1 month\n---\n"}


@pytest.mark.parametrize("document", [
    {"pages": [{"path": "a.md", **PAGE}, {"file": "b.md", **PAGE}], "count": 2, "tags": ["x"], "next": None},
    {"a.md": PAGE, "b.md": PAGE["text"]},
    {"data": {"total": 2, "pages": [{"relativePath": "a.md", **PAGE}, {"source_path": "b.md", "raw": PAGE["text"]}]}},
    {"result": [{"filename": "a.md", "content": PAGE["text"]}, {"path": "b.md", "review_by": "2025-02-28"}]},
])  # fmt: skip
@pytest.mark.parametrize("ending", ["json", "jsonl", "yaml"])
def test_pages_within_one_document_are_each_a_page(tmp_path: Path, document: dict[str, object], ending: str) -> None:
    path = tmp_path / f"set.{ending}"
    path.write_text(json.dumps(document))
    assert totals(take(path, mapping="pages")) == (2, 0, 0, 0, 0)
    assert dues() == {"a.md": "2025-02-28", "b.md": "2025-02-28"}


@pytest.mark.parametrize("name", ["repo", "repository", "repository_name"])
def test_pages_of_several_repositories_that_have_a_path_in_common_are_each_a_page(tmp_path: Path, name: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps({"path": "a.md", name: one, **PAGE}) + "\n" for one in ("o/x", "o/y", "o/y")))
    assert totals(take(path, mapping="pages")) == (2, 0, 0, 1, 0)
    assert dues() == {"a.md": "2025-02-28", "o/y/a.md": "2025-02-28"}


PRETTY = [json.dumps({"path": path, **PAGE}, indent=1) for path in ("a.md", "b.md")]
FLAT = [json.dumps({"path": path, **PAGE}) for path in ("a.md", "b.md")]


@pytest.mark.parametrize("written", [
    "\n".join(PRETTY), f"[{','.join(FLAT)}]", f"\n[\n{', '.join(PRETTY)}\n]\n", ",\n".join(FLAT),
    "".join(f'{{"_index": "x", "_source": {line}}}\n' for line in FLAT),
])  # fmt: skip
def test_json_that_is_only_called_lines_and_lines_with_a_page_within_are_read(tmp_path: Path, written: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(f"\ufeff{written}")
    assert totals(take(path, mapping="pages")) == (2, 0, 0, 0, 0)
    assert dues() == {"a.md": "2025-02-28", "b.md": "2025-02-28"}


@pytest.mark.parametrize("document", [
    {"one": [{"path": "a.md"}], "two": [{"path": "b.md"}]}, {"pages": [{"path": "a.md"}, {"name": "b.md"}]},
    {"a.md": 1}, {"one": {"path": "a.md"}, "two": {"path": "b.md"}}, {"pages": []}, {"path": "", "pages": ["a.md"]}, {},
])  # fmt: skip
def test_a_document_that_may_hold_other_things_than_pages_says_what_to_do(
    tmp_path: Path, document: dict[str, object]
) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps([document, {"path": "c.md", "pages": [{"path": "d.md"}]}]))
    done = take(path, mapping="pages")
    assert [one.code for one, _told in done.refused()] == ["page_no_path"]
    assert dues() == {"c.md": ""}, "what has a path is a page, whatever else stands in it"


def test_a_path_that_is_too_long_is_refused_with_what_to_do_and_taken_from_within(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    page = folder / "/".join(["forty-signs" * 4] * 7) / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE["text"])
    (folder / "a.md").write_text(PAGE["text"])
    assert [one.code for one, _told in take(folder, mapping="pages").refused()] == ["path_long"]
    assert totals(take(folder / ("forty-signs" * 4), source="within", mapping="pages")) == (1, 0, 0, 0, 0)


def test_records_beside_pages_are_told_as_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.md").write_text(PAGE["text"])
    lines(folder / "more.jsonl", b="review_by: 2026-01-31")
    (folder / "x.png").write_bytes(b"x")
    done = take(folder, mapping="pages")
    assert (dues(), done.plan.notices, done.plan.skipped) == (
        {"a.md": "2025-02-28"}, [("more.jsonl", "beside_pages")], ["more.jsonl", "x.png"],
    )  # fmt: skip
    told = RunRow.objects.get(run=done.run, verdict="noted")
    assert (told.key, told.place) == ("more.jsonl", "more.jsonl")
    assert told.reason


def test_a_page_within_a_document_has_its_path_under_the_names_of_the_mapping() -> None:
    (rule,) = find_mapping("pages").rules
    path = rule.fields["path"]
    assert isinstance(path, Column)
    assert {name.lower() for name in path.names} == {name.lower() for name in PATHS}


@pytest.mark.parametrize(("told", "code"), [
    ("2024-05", "day_partial"), ("maj 2024", "day_partial"), ("2024-06-31", "day_impossible"),
    ("02/06/2024", "day_ambiguous"), ("soon", "page_day_unreadable"),
])  # fmt: skip
def test_a_day_that_cannot_be_read_says_why(tmp_path: Path, told: str, code: str) -> None:
    take(lines(tmp_path / "set.jsonl", a=f"review_by: {told}"), mapping="pages")
    assert Finding.objects.get().details["code"] == code


@pytest.mark.parametrize(("name", "said", "is_told"), [
    ("docs/.meta.yml", "owner: ops\nreview_in: 6 months\n", True),
    ("mkdocs.yml", "site_name: x\nnav:\n- a.md\n", False),
    ("_config.yml", "defaults:\n- scope: {path: ''}\n  values:\n    review_in: 6 months\n", True),
    ("hugo.toml", "[params]\nreview_interval = '1 year'\n", True), ("other.yml", "review_in: 6 months\n", False),
    ("docfx.json", '{"build": {\n"globalMetadata": {"review_interval": "6 months",\n"x": 1}}}', True),
])  # fmt: skip
@pytest.mark.parametrize("is_packed", [False, True])
def test_what_a_site_says_of_many_pages_at_once_is_told_as_not_taken(
    tmp_path: Path, name: str, said: str, is_told: bool, is_packed: bool
) -> None:
    folder = tmp_path / "set"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "a.md").write_text("---\nlast_reviewed_on: 2024-01-31\n---\n")
    (folder / name).write_text(said)
    given = Path(shutil.make_archive(str(tmp_path / "set"), "zip", folder)) if is_packed else folder
    assert take(given, mapping="pages").plan.notices == ([(name, "defaults_beside")] if is_told else [])


def test_texts_that_are_no_markdown_are_told_once_for_each_sort(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    for name in ("a.rst", "b.rst", "c.docx", "d.html", "e.png"):
        (folder / name).write_bytes(b"x")
    (folder / "a.csv").write_text("path,review_by\na.md,2026-01-31\n")
    for path in (folder, folder / "a.csv"):
        with pytest.raises(FileRefused) as refused:
            take(path, mapping="pages")
        assert refused.value.code == "no_pages"
    (folder / "a.md").write_text(PAGE["text"])
    assert take(folder, mapping="pages").plan.notices == [("c.docx", "other_texts"), ("a.rst", "other_texts")]


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_a_checkout_without_the_beginning_of_its_history_says_why_no_edits_are_known(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    git = ["git", "-C", str(whole), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for name in ("a.md", "b.md"):
        (whole / name).write_text(PAGE["text"])
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", "x"], check=True)
    subprocess.run(["git", "clone", "-q", "--depth", "1", whole.as_uri(), str(cut)], check=True)
    done = take(cut, mapping="pages")
    assert (done.plan.notices, set(Document.objects.values_list("edited_on"))) == ([("cut", "history_cut")], {(None,)})
    assert RunRow.objects.get(run=done.run, verdict="noted").key == "cut"
    assert take(whole, mapping="pages").plan.notices == []
    assert not Document.objects.filter(edited_on=None)


def test_a_folder_with_links_round_in_a_circle_a_pipe_and_names_that_are_no_utf8_loses_no_page(tmp_path: Path) -> None:
    folder, away = tmp_path / "set", tmp_path / "away"
    for path in (folder / "a.md", away / "secret.md"):
        path.parent.mkdir()
        path.write_text("---\nlast_reviewed_on: 2025-01-31\nreview_in: 1 month\n---\n")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "away").symlink_to(away, target_is_directory=True)
    (folder / "nowhere.md").symlink_to(folder / "gone.md")
    os.mkfifo(folder / "pipe.md")
    for name in (b"r\xe4ksm\xf6rg\xe5s.md", b"\x81\xff.md"):
        (folder / os.fsdecode(name)).write_bytes((folder / "a.md").read_bytes())
    done = take(folder, mapping="pages")
    assert dues() == dict.fromkeys(("a.md", "räksmörgås.md", "\ufffd\ufffd.md"), "2025-02-28")
    assert done.plan.skipped == ["away", "nowhere.md", "round"]
    copied = list(keeping.kept(keeping.keep(folder)).rglob("*"))
    assert len(copied) == len(dues()), "what is not read is not copied either"
    assert totals(take(folder, mapping="pages")) == (0, 0, 3, 0, 0), "told as the same folder, and taken as such"


def test_links_in_a_forges_archive_are_passed_over_and_its_pages_taken(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "handbook-main.zip", "w") as archive:
        archive.writestr("handbook-main/docs/index.md", "---\nlast_reviewed_on: 2025-01-31\nreview_in: 1 month\n---\n")
        for name, end in (("README.md", "docs/index.md"), ("away.md", "../../../etc/passwd"), ("set.jsonl", "x")):
            link = zipfile.ZipInfo(f"handbook-main/{name}")
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, end)
    done = take(tmp_path / "handbook-main.zip", mapping="pages")
    assert dues() == {"docs/index.md": "2025-02-28"}
    assert done.plan.skipped == [f"handbook-main/{name}" for name in ("README.md", "away.md", "set.jsonl")]
    with pytest.raises(FileRefused) as refused:
        take(tmp_path / "handbook-main.zip")
    assert refused.value.code == "member_link", "where it could be meant as a table, it is said"
