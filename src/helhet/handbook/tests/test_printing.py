"""What is printed says what stands there, for those who may read it, and reads nothing that is written in it."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import stat
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.documents.models import Audience, Document
from helhet.handbook.command_print import PrintCommand
from helhet.handbook.printing import keeping
from helhet.handbook.printing.docx import docx_of
from helhet.handbook.printing.keeping import make_print, tidy_prints
from helhet.handbook.printing.making import print_file, wanted
from helhet.handbook.printing.pdf import pdf_of
from helhet.handbook.printing.printed import Printed
from helhet.handbook.printing.tree import tree_of
from helhet.handbook.tests.written import written
from helhet.kit.command import Output
from helhet.kit.errors import Clash, Invalid
from helhet.kit.jobs import Job
from tests.world import SYSTEM, as_caller, make_group, make_item, make_person, make_user

TEXT = """# Bakgrund

### Tre nivåer ned

Kör **genast** `systemctl restart samba` och se [vägledningen](https://example.org/x?a=1&b=2).

5. ring jouren
   - på ~~dagen~~ natten
   - [ ] bocka av

| Vem | Nummer |
|---|---|
| Jouren | 040-12 |
| Ingen |

> sagt av någon

```
rad ett
  rad två
```
"""
HOSTILE = (
    '#read("/etc/passwd")', '#eval("1+1")', "#let x = 1; #x", "$ x^2 $", "@label <label>", '#import "@preview/a:1.0.0"',
    "\\u{41}", "*a* _b_ `c` [d] #[e]", '#image("http://a.b/c.png")', "<script>alert(1)</script>", "&lt; &amp;", '"})',
)  # fmt: skip


MARKS = ("# ", "- ", "1. ", "> ", "|a|\n|-|\n|", "```\n", "![", "](", "\x00")


def printed(blocks: list[dict[str, Any]], title: str = "Rutin") -> Printed:
    return Printed(title, "RUT-1", "sv", ("Drift",), f"{title} · version 2", "RUT-1", blocks=blocks)


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def words_in(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(one.text for one in word.paragraphs), *cells]).split())


def test_a_pdf_is_tagged_named_and_spoken_and_holds_all_words() -> None:
    pdf = pdf_of(printed(tree_of(TEXT), title="Ätt & åter"))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "sv"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part>1<" in pdf
    assert (reader.metadata.title, reader.metadata.author) == ("Ätt & åter", "Drift")
    told = words_of(pdf)
    for words in (
        "Ätt & åter",
        "version 2",
        "systemctl restart samba",
        "5. ring jouren",
        "Jouren",
        "040-12",
        "rad två",
    ):
        assert words in told, words


def test_a_docx_has_headings_lists_tables_links_and_properties() -> None:
    word = docx.Document(io.BytesIO(docx_of(printed(tree_of(TEXT)))))
    heads = [(one.style.name, one.text) for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert heads == [("Heading 1", "Rutin"), ("Heading 2", "Bakgrund"), ("Heading 3", "Tre nivåer ned")]
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["Vem", "Nummer"]
    assert (word.core_properties.title, word.core_properties.language) == ("Rutin", "sv-SE")
    assert "version 2" in word.sections[0].header.paragraphs[0].text
    assert "https://example.org/x?a=1&b=2" in [one.address for line in word.paragraphs for one in line.hyperlinks]
    assert any(one.style.name == "List Bullet 2" and "[  ] bocka av" in one.text for one in word.paragraphs)
    assert any(one.text.startswith("5. ring jouren") for one in word.paragraphs)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_printed_as_they_stand(hostile: str) -> None:
    plain = printed([{"t": "p", "c": [{"t": "text", "v": hostile}]}, {"t": "code", "text": hostile}], title=hostile)
    tight = "".join(hostile.split())
    assert "".join(words_of(pdf_of(plain)).split()).count(tight) >= 3
    assert "".join(words_in(docx_of(plain)).split()).count(tight) >= 3


@settings(max_examples=12)
@given(st.text(max_size=60), st.lists(st.sampled_from(MARKS), max_size=8))
def test_any_text_can_be_printed_both_ways(text: str, marks: list[str]) -> None:
    blocks = tree_of("".join(f"{mark}{text}\n" for mark in (*marks, "")))
    assert pdf_of(printed(blocks)).startswith(b"%PDF")
    assert docx_of(printed(blocks)).startswith(b"PK")


@pytest.mark.django_db
def test_a_print_says_its_version_and_what_is_doubted_of_it() -> None:
    old = written("Starta om", "Gör så här.", due_on=dt.date(2026, 1, 1), is_doubtful=True)
    for form, read in (("pdf", words_of), ("docx", words_in)):
        file = print_file(wanted(old.address, "document", form, SYSTEM), SYSTEM)
        told = read(file.content)
        assert file.name == f"{old.address.lower()}.{form}"
        for words in ("Kontroll behövs", "2026-01-01", "Gör så här.", "Anna Berg"):
            assert words in told, (form, words)


@pytest.mark.django_db
def test_a_whole_service_is_printed_with_its_parts_and_those_that_are_not_written() -> None:
    service = make_item("Journal", kind="business_service")
    with pytest.raises(Clash):
        print_file(wanted(service.reference, "service", "pdf", SYSTEM), SYSTEM)
    rows = [{"who": "Jouren", "escalate_minutes": "37"}]
    written("Stödvägar", "Ring.", item=service, part="support", fields={"rows": rows})
    Audience.objects.create(key="security", name_sv="S", name_en="S")
    written("Beställningar", "kanarietext", item=service, part="orders", audience="security")
    told = words_of(print_file(wanted(service.reference, "service", "pdf", SYSTEM), SYSTEM).content)
    for words in ("Journal", "Jouren", "37", "kanarietext"):
        assert words in told, words
    client = Client()
    client.force_login(make_user("reader@x.example"))
    answer = client.get(f"/print/{service.reference}/service.pdf")
    assert "Jouren" in words_of(answer.content)
    assert "kanarietext" not in words_of(answer.content)
    assert f"/print/{service.reference}/service.pdf" in client.get(f"/services/{service.reference}/").content.decode()
    page = client.get(reverse("documents:document", args=[f"{service.reference}/support"])).content.decode()
    assert f"/print/{service.reference}/support.docx" in page
    assert client.get(f"/print/{service.reference}/orders.pdf").status_code == 404
    assert client.get(f"/print/{service.reference}/support.docx").status_code == 200
    assert client.get(f"/print/{service.reference}/support.odt").status_code == 404


@pytest.mark.django_db
def test_the_command_writes_a_file_by_its_ending(tmp_path: Path) -> None:
    document = written("Rutin", "text")
    parser = argparse.ArgumentParser()
    PrintCommand().add_arguments(parser)
    out = Output(as_json=True, stdout=io.StringIO(), stderr=io.StringIO())
    args = parser.parse_args([document.address, "--out", str(tmp_path / "a.pdf")])
    assert PrintCommand().run(args, out) == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(Invalid):
        PrintCommand().run(parser.parse_args([document.address, "--out", "a.odt"]), out)


@pytest.mark.django_db
def test_a_long_print_is_made_by_a_job_and_given_to_those_who_may_read_it(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(keeping, "AT_ONCE", 100)
    service = make_item("Journal", kind="business_service")
    user, other = make_user("a@x.example"), make_user("b@x.example")
    document = written("Del", "Lång text. " * 40, item=service, part="support", audience="operations")
    audience = Audience.objects.get(key="operations")
    group = make_group("Drift", members=(make_person("A", user=user),))
    client, url, api = (
        Client(),
        f"/print/{service.reference}/service.pdf",
        f"/api/v1/prints/{service.reference}/service",
    )
    client.force_login(user)
    assert client.get(url).headers["Content-Type"].startswith("text/html")
    assert client.get(api).status_code == 409
    assert Job.objects.count() == 0
    page = client.post(url).headers["Location"]
    told = client.post(api).json()
    assert (page, told["url"]) == (f"/jobs/{told['job']}/", api)
    assert (client.get(url).headers["Location"], client.get(api).status_code) == (page, 202)
    (job,) = Job.objects.all()
    done = make_print.now(caller=as_caller(user), **job.arguments)
    Job.objects.all().delete()
    assert done["url"] == url
    for address in (url, api):
        answer = client.get(address)
        assert (answer.status_code, len(answer.content)) == (200, done["bytes"])
        assert "Lång text" in words_of(answer.content)
    (kept,) = (tmp_path / "prints").iterdir()
    assert stat.S_IMODE((tmp_path / "prints").stat().st_mode) == 0o700
    # Whoever may not read it now gets nothing of it, though the file lies there.
    audience.is_open = False
    audience.save()
    audience.groups.add(group)
    stranger = Client()
    stranger.force_login(other)
    assert stranger.get(url).status_code == 409
    assert client.get(url).headers["Content-Type"] == "application/pdf"
    # What is doubted since is not given without saying so; it is to be made anew.
    Document.objects.filter(pk=document.pk).update(is_doubtful=True)
    assert client.get(api).status_code == 409
    assert tidy_prints.now(caller=SYSTEM) == 0
    os.utime(kept, (0, 0))
    assert tidy_prints.now(caller=SYSTEM) == 1
    assert not list((tmp_path / "prints").iterdir())
