"""Documents as Markdown: their readers' alone, under usable paths, with what stands now in front."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from helhet.documents.actions import withdraw
from helhet.documents.exporting import as_zip, pages, path_of, write_folder
from helhet.documents.figures import figures, found
from helhet.documents.models import Audience, Document, DocumentAudience
from helhet.documents.taking import NewPage, add_pages
from helhet.kit.errors import Invalid
from helhet.rules.front_matter import split
from tests.world import SYSTEM, as_caller, make_item, make_user

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 12, 31)


def made(title: str, text: str = "Text", **more: Any) -> Document:
    page = NewPage(make_item(title, kind="document").pk, title, text, **more)
    return add_pages([page], by=SYSTEM, note="")[0]


def names(caller: Any) -> list[str]:
    with as_zip(caller) as file, zipfile.ZipFile(file) as archive:
        return sorted(archive.namelist())


def test_a_page_says_what_stands_now_and_keeps_what_it_said() -> None:
    one = made(
        "Återläs", path="drift/a.md", front_matter={"tags": ["x"], "last_reviewed_on": "2020-01-01"},
        reviewed_on=dt.date(2026, 1, 31), review_count=1, review_unit="month",
    )  # fmt: skip
    (page,) = pages(Document.objects.all(), DAY)
    assert page.path == "drift/a.md"
    facts = split(page.text).facts
    ours = facts.pop("helhet")
    assert facts == {
        "tags": ["x"], "title": "Återläs", "last_reviewed_on": "2026-01-31", "review_in": "1 month",
    }  # fmt: skip
    assert (ours["document"], ours["version"], ours["state"], ours["due_on"]) == (
        one.address, "1", "overdue", "2026-02-28",
    )  # fmt: skip
    assert (ours["check_needed"], ours["audiences"]) == (True, ["all"])


@pytest.mark.parametrize(
    "path", ["", "../../etc/x.md", "/etc/x.md", "a/../b.md", "C:\\x.md", "a\n.md", "x.exe", "å" * 200 + ".md"]
)
def test_a_path_that_could_do_harm_is_not_used(path: str) -> None:
    one = made("Återläs: en databas", path=path)
    assert path_of(one) == f"{one.address}-återläs-en-databas.md"


def test_two_with_one_path_and_a_page_that_is_anothers_folder_lie_beside_each_other() -> None:
    one, two, three = made("A", path="a.md"), made("B", path="A.md"), made("C", path="a.md/c.md")
    assert {page.path for page in pages(Document.objects.all())} == {
        "A.md", f"{one.address}-a.md", f"{three.address}-c.md",
    }  # fmt: skip
    assert two.path == "A.md"


def test_only_what_the_caller_may_read_goes_out() -> None:
    made("Öppen", path="open.md")
    narrow = Audience.objects.create(key="narrow", name_sv="Få", name_en="Few")
    closed = made("Stängd", path="closed.md", audiences=["narrow"])
    assert list(DocumentAudience.objects.filter(document=closed).values_list("audience", flat=True)) == [narrow.pk]
    reader = make_user("reader@example.org")
    assert names(as_caller(reader)) == ["open.md"]
    assert names(SYSTEM) == ["closed.md", "open.md"]
    client = Client()
    client.force_login(reader)
    answer = client.get("/documents/markdown.zip?filter=" + "Stängd")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == []
    told = client.get("/api/v1/document-figures?as_of=2026-12-31").json()
    assert told == {
        "as_of": "2026-12-31", "documents": 1, "with_review_date": 0, "overdue": 0, "check_needed": 0, "withdrawn": 0,
        "not_seen": 0,
    }  # fmt: skip
    withdraw(closed.address, by=SYSTEM, version=closed.version, reason="Nobody uses it")
    assert names(SYSTEM) == ["open.md"], "what is withdrawn is not let out as if it stood"
    counted = figures(found(SYSTEM))
    assert (counted.documents, counted.withdrawn) == (1, 1)


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Any) -> None:
    made("Återläs", path="å/ä.md")
    assert write_folder(tmp_path / "ut", SYSTEM) == 1
    assert (tmp_path / "ut" / "å" / "ä.md").read_text("utf-8").startswith("---\n")
    with pytest.raises(Invalid):
        write_folder(tmp_path / "ut", SYSTEM)
