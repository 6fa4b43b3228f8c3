"""Two editions are held against each other as they are read, and as they are written when that is asked for."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from helhet.documents import laid_out
from helhet.documents.actions import create_document, publish, save_draft
from helhet.documents.altered import told
from helhet.documents.models import Document
from helhet.rules.comparing_laid_out import Part
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db
TEXT = "# Omstart\n\nRing **driften** klockan åtta.\n\n- stanna\n- starta\n"
STEP = {"id": "s1", "title": "Stanna", "text": "Kör `stop` på **web1**."}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def document(cast: Cast) -> Document:
    made = create_document(
        by=as_caller(cast.member), sort="routine", title="Omstart", text=TEXT, fields={"steps": [STEP]}
    )
    publish(made.address, by=as_caller(cast.chair), version=1)
    made.refresh_from_db()
    return made


def page_of(cast: Cast, document: Document, query: str = "", path: str = "compare/", *, lang: str = "en") -> str:
    """A page as somebody who writes it sees it, with its lines apart from the screen reader's words."""
    client = Client(headers={"accept-language": lang})
    client.force_login(cast.member)
    answer = client.get(f"/documents/{document.address}/{path}{query}")
    assert answer.status_code == 200
    return re.sub(r'<span class="hh-vh">(?:\[taken away: |\[put in: |\])</span>', "", answer.content.decode())


def edited(cast: Cast, document: Document, text: str, title: str = "Omstart", step: str = STEP["text"]) -> int:
    """The draft's version with that text."""
    fields = {"steps": [{**STEP, "text": step}]}
    draft = save_draft(document.address, by=as_caller(cast.member), version=0, title=title, text=text, fields=fields)
    return draft.version


def test_any_two_editions_are_compared_as_they_are_read(cast: Cast, document: Document) -> None:
    version = edited(cast, document, TEXT.replace("åtta", "nio").replace("- starta", "- vänta\n- starta"))
    for query in ("", "?from=1&to=draft", "?from=draft&to=1"):
        page = page_of(cast, document, query)
        assert "<strong>driften</strong> klockan " in page
        assert "**driften**" not in page
    assert "klockan <del>åtta</del><ins>nio</ins>." in page_of(cast, document)
    assert '<li class="hh-new"><ins>vänta</ins></li>' in page_of(cast, document)
    publish(document.address, by=as_caller(cast.chair), version=version)
    assert "klockan <del>nio</del><ins>åtta</ins>." in page_of(cast, document, "?from=2&to=1")
    assert Client().get(f"/documents/{document.address}/compare/").status_code == 302


def test_an_edition_that_is_not_there_is_told(cast: Cast, document: Document) -> None:
    client = Client()
    client.force_login(cast.reader)
    assert client.get(f"/documents/{document.address}/compare/?from=9").status_code == 404


def test_as_they_are_written_is_one_link_away_and_back(cast: Cast, document: Document) -> None:
    edited(cast, document, TEXT.replace("åtta", "nio"))
    read, written = page_of(cast, document), page_of(cast, document, "?from=1&to=draft&as=text")
    assert 'href="?from=1&amp;to=draft&amp;as=text">As it is written<' in read
    assert 'href="?from=1&amp;to=draft">As it is read<' in written
    assert "Ring **driften** klockan <del>åtta</del><ins>nio</ins>." in written
    assert '<input type="hidden" name="as" value="text">' in written


def test_steps_are_compared_as_they_are_read_too(cast: Cast, document: Document) -> None:
    edited(cast, document, TEXT, step="Kör `stop` på **web2**.")
    page = page_of(cast, document)
    assert "<code>stop</code> på <del><strong>web1</strong></del><ins><strong>web2</strong></ins>." in page
    assert "What stands beside the text" in page
    assert page_of(cast, document, path="draft/").count('id="s1"') == 1


def test_whoever_answers_a_draft_sees_what_it_alters_as_it_is_read(cast: Cast, document: Document) -> None:
    edited(cast, document, TEXT.replace("åtta", "nio"), title="Omstart av web1")
    page = page_of(cast, document, path="draft/")
    assert "Omstart<ins> av web1</ins>" in page
    assert "<strong>driften</strong> klockan <del>åtta</del><ins>nio</ins>." in page
    assert f'href="/documents/{document.address}/compare/?as=text"' in page
    assert "**driften**" not in page


@pytest.mark.parametrize("path", ["compare/", "draft/"])
def test_what_is_only_written_in_another_way_is_told_as_that(cast: Cast, document: Document, path: str) -> None:
    edited(cast, document, TEXT.replace("**driften**", "__driften__"))
    page = page_of(cast, document, path=path)
    assert "read alike; only how" in page or "reads alike; only how" in page
    assert not re.search(r"<(?:ins|del)>(?!struck|underlined)", page)


def test_each_mark_is_told_in_words_to_who_listens(cast: Cast, document: Document) -> None:
    edited(cast, document, TEXT.replace("åtta", "nio"))
    client = Client(headers={"accept-language": "sv"})
    client.force_login(cast.member)
    page = client.get(f"/documents/{document.address}/compare/").content.decode()
    assert '<del><span class="hh-vh">[borttaget: </span>åtta<span class="hh-vh">]</span></del>' in page


def test_long_stretches_that_stand_in_both_are_folded_and_nothing_is_left_out() -> None:
    before = "".join(f"Rad {number}\n" for number in range(60))
    after = before.replace("Rad 30\n", "Rad trettio\n")
    lines = told(before, after)
    assert [bool(stretch.folded) for stretch in lines] == [True, False, True]
    assert "".join(piece.text for one in lines for piece in one.pieces if piece.kind != "new").split() == before.split()


def test_blocks_that_stand_in_both_are_folded_down_to_the_heading_above_and_nothing_is_left_out() -> None:
    parts = [Part(f"<p>{number}</p>", number not in {20, 40}, number in {3, 12, 35}) for number in range(50)]
    shown = list(laid_out._folded(parts))
    assert "".join(one.html for one in shown) == "".join(part.html for part in parts)
    seen = "".join(one.html for one in shown if not one.folded)
    assert re.findall(r"\d+", seen) == ["12", "19", "20", "21", "35", "39", "40", "41"]
    assert [one.folded for one in shown if one.folded] == [12, 6, 13, 3, 8]
