"""A long text has a table of contents: where it leads, and when there is none."""

from __future__ import annotations

import pytest
from django.test import Client

from helhet.documents.actions import create_document, publish
from helhet.documents.contents import MOST, Chapter, contents_of
from tests.world import Cast, as_caller

THREE = "# Före\n\n# Under\n\n# Efter\n\n"


def shape(chapters: list[Chapter]) -> list[object]:
    return [(one.words, shape(one.within)) if one.within else one.words for one in chapters]


def test_what_stands_under_a_heading_is_within_it_also_where_a_level_is_skipped() -> None:
    text = "## A\n\n##### Djupt\n\n### B\n\n# C\n\n### D\n\n###### Djupast\n\n# E\n"
    assert shape(contents_of(text)) == [("A", ["B"]), ("C", ["D"]), "E"]


def test_a_short_text_has_none_and_a_very_long_one_shows_its_upper_levels() -> None:
    assert contents_of(THREE + "ord " * 500) == []
    long = "".join(f"# K{at}\n\n## U{at}\n\n" for at in range(MOST))
    assert shape(contents_of(long)) == [f"K{at}" for at in range(MOST)]


@pytest.mark.django_db
def test_the_page_of_a_long_document_leads_to_its_chapters_in_the_documents_language() -> None:
    cast = Cast()
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.reader)
    text = f"{THREE}## <b>Sist</b> & [[SRV-1]]\n\nord\n"
    made = create_document(by=as_caller(cast.member), sort="process", title="Lång", text=text, language="sv")
    publish(made.address, by=as_caller(cast.chair), version=1)
    for address in ("", "editions/1/"):
        told = client.get(f"/documents/{made.address}/{address}").content.decode()
        assert 'aria-label="Contents"><p class="hh-contents-h">Contents</p><div lang="sv"><ol>' in told
        assert '<a href="#s-b-sist-b-srv-1">&lt;b&gt;Sist&lt;/b&gt; &amp; SRV-1</a>' in told
        assert told.count('id="s-b-sist-b-srv-1"') == 1
        assert told.count('href="#s-under"') == 2
    short = create_document(by=as_caller(cast.member), sort="process", title="Kort", text=THREE)
    publish(short.address, by=as_caller(cast.chair), version=1)
    assert "hh-contents" not in client.get(f"/documents/{short.address}/").content.decode()


@pytest.mark.django_db
def test_a_draft_that_is_to_be_answered_has_one_too() -> None:
    cast = Cast()
    client = Client()
    client.force_login(cast.chair)
    made = create_document(by=as_caller(cast.member), sort="process", title="Lång", text=f"{THREE}# Sist\n")
    for address in ("", "draft/", "publishing/"):
        told = client.get(f"/documents/{made.address}/{address}").content.decode()
        assert told.count('href="#s-sist"') == 2, address
        assert told.count('id="s-sist"') == 1
