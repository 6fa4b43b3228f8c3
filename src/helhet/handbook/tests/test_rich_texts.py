"""One text with everything that Markdown has comes out whole as a page of a copy, as PDF and as DOCX."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.handbook.bundle.bodies import offline
from helhet.handbook.printing.docx import docx_of
from helhet.handbook.printing.making import print_file, wanted
from helhet.handbook.printing.pdf import pdf_of
from helhet.handbook.printing.tree import tree_of
from helhet.handbook.tests.test_printing import printed, words_in, words_of
from helhet.handbook.tests.walking import Addresses, faults_in, made
from helhet.handbook.tests.written import written
from helhet.kit.markdown import html_of, plain_of
from tests.world import SYSTEM

LONG = "strömförsörjningsövervakning" * 9
RICH = f"""# Bakgrund

Se [[RUT-3]] och SRV-12, enligt noten[^ett], och [längre ned](#åtgärder). [Dött](#finns-inte).

- [ ] stäng av
- [x] ring
    1. jouren
        - på natten

| Tom | Tabell |
|---|--:|

| Vad | {LONG} |
|:-:|---|
| {LONG} | `a\\|b` |

## Åtgärder

{LONG}

> ### Sagt
> av någon[^två]

```
{LONG}
```

שלום עולם مرحبا ![Kopplingsskåpet](/items/RUT-3/attachments/7/) ![ute](https://a.example/b.png)

[^ett]: Första **noten**
[^två]: Andra
"""
HOSTILE = (
    "[^a]: <script>alert(1)</script>\n\nx[^a]", "[x](javascript:alert(1))", '[[RUT-3"><img src=x onerror=alert(1)>]]',
    "- [ ] <b onclick=x>", "|a|\n|-|\n|<i>|", "[^]: x", "[^a][^a][^a]\n\n[^a]: [^a]", "# #{[^b]}\n\n[^b]: # x",
    "#let x = 1\n\n#x $y$ @z", "a\u202eb\u2066c", "[[", "- [x]", "1. \n2. \n", "||\n|-|", "> > > - 1. # x",
)  # fmt: skip
WORDS = ("Bakgrund", "RUT-3", "SRV-12", "stäng av", "jouren", "på natten", "Tom", "a|b", "Sagt", "Första noten",
         "Andra", "Kopplingsskåpet", "ute", "längre ned")  # fmt: skip


def tight(text: str) -> str:
    return "".join(text.split())


def test_a_rich_text_is_whole_in_pdf_and_docx() -> None:
    pdf, word = pdf_of(printed(tree_of(RICH))), docx_of(printed(tree_of(RICH)))
    assert b"pdfuaid:part>1<" in pdf
    for told in (words_of(pdf), words_in(word)):
        for words in WORDS:
            assert tight(words) in tight(told), words
        assert tight(told).count(LONG) == 4
        assert "[^" not in told
        assert "[[" not in told
        assert "[ ] stäng av" in " ".join(told.split())
        assert "[×] ring" in told
        assert "\u200b" not in told
    # Numbers of notes stand beside their words, and the notes at the end in their order.
    assert tight(words_of(pdf)).endswith("1.Förstanoten2.AndraRUT-11/1")


def glyphs(pdf: bytes) -> Iterator[tuple[float, float]]:
    """Where each piece of text begins, and how wide the paper is."""
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        found: list[float] = []
        page.extract_text(visitor_text=lambda _text, _cm, tm, _font, _size, found=found: found.append(tm[4]))
        yield from ((at, float(page.mediabox.width)) for at in found)


def test_nothing_runs_off_the_paper() -> None:
    pdf = pdf_of(printed([{"t": "code", "text": "x" * 400}, *tree_of("y" * 400)]))
    rows = [line for line in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines() if "xx" in line]
    assert max(map(len, rows)) < 100
    assert sum(map(len, rows)) == 400
    assert all(at < width for at, width in glyphs(pdf))


def test_a_docx_has_notes_raised_and_a_table_without_rows() -> None:
    word = docx.Document(io.BytesIO(docx_of(printed(tree_of(RICH)))))
    raised = [run.text for line in word.paragraphs for run in line.runs if run.font.superscript]
    assert raised == ["1", "2"]
    assert [len(table.rows) for table in word.tables] == [1, 2]


@pytest.mark.django_db
def test_a_rich_text_and_its_steps_have_no_dead_anchor_in_a_copy(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    steps = [{"id": one, "title": f"Steg {one}", "text": "# Rubrik\n\nnot[^a] [upp](#rubrik)\n\n[^a]: i steget"}
             for one in "ab"]  # fmt: skip
    document = written("Rutin", RICH, routine="incident", fields={"steps": steps})
    made(tmp_path / "out")
    assert faults_in(tmp_path / "out") == []
    page = (tmp_path / "out" / f"documents/{document.address.lower()}.html").read_text()
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    # Two notes of the text and one of each step, each with its way back; and each way within the text that is not dead.
    assert page.count("footnote-backref") == 4
    assert page.count('href="#') == 2 * 4 + 1 + 2
    assert "Dött" in page
    assert print_file(wanted(document.address, "document", "pdf", SYSTEM), SYSTEM).content.startswith(b"%PDF")


@settings(max_examples=6)
@given(st.lists(st.sampled_from((*HOSTILE, RICH)) | st.text(max_size=30), min_size=1, max_size=5))
def test_whatever_is_written_comes_out_in_all_three_and_runs_in_none(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    page = Addresses(offline(html_of(text), {"RUT-3": "documents/rut-3.html"}))
    assert not page.scripts
    assert not page.loaded
    assert not page.tags & {"script", "img", "iframe"}
    assert all(link.startswith(("#", "../documents/", "mailto:")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.marks
    blocks = tree_of(text)
    pdf, word = pdf_of(printed(blocks)), docx_of(printed(blocks))
    letters = {one for one in plain_of(text).upper() if one.isascii() and one.isalnum()}
    assert letters <= set(words_of(pdf).upper())
    assert letters <= set(words_in(word).upper())


@pytest.mark.django_db
def test_a_long_text_in_a_copy_begins_with_what_it_holds(tmp_path: Path) -> None:
    written("Lång", "# Ett & två\n\n## Inne\n\n# Samma\n\n# Samma\n\n> # Citat\n\nSlut.")
    written("Kort", "# Ett\n\n# Två\n\n# Tre")
    made(tmp_path / "out")
    assert faults_in(tmp_path / "out") == []
    pages = {path: path.read_text() for path in (tmp_path / "out" / "documents").glob("*.html")}
    (long,) = [text for text in pages.values() if "Lång</h1>" in text]
    (short,) = [text for text in pages.values() if "Kort</h1>" in text]
    contents = long.partition('<details class="contents">')[2].partition("</details>")[0]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents) == [
        (mark, words) for mark, words in re.findall(r'<h\d id="([^"]+)">([^<]+)</h\d>', long) if words != "Citat"
    ]
    assert [words for _mark, words in re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents)] == [
        "Ett &amp; två", "Inne", "Samma", "Samma",
    ]  # fmt: skip
    assert "contents" not in short.partition("<main")[2]
