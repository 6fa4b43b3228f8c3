"""People's texts become safe HTML, and lead where they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.markdown import headings_of, html_of, links_in, plain_of
from helhet.kit.parts import Chip

TEXT = """# Restart [[srv-12]]

See SRV-7, UTF-8 and [[nobody]], `SRV-3`, [the page](/items/SRV-9/) and https://example.org/a.

- [ ] stop it
- [x] start it

| host | age |
|------|----:|
| web1 |  12 |
"""


def links(references: Collection[str]) -> Mapping[str, Chip | None]:
    """SRV-12 is a thing, everything else of that kind leads nowhere."""
    known = {"SRV-12": Chip(name="<b>Order & co</b>", url="/items/SRV-12/", reference="SRV-12")}
    return {text: known.get(text) for text in references if text.startswith("SRV-")}


def test_references_become_chips_and_unknown_ones_dead_links() -> None:
    html = html_of(TEXT, links=links)
    assert '<a class="hh-thing" href="/items/SRV-12/">' in html
    assert "&lt;b&gt;Order &amp; co&lt;/b&gt;" in html
    assert html.count("hh-dead") == 2
    assert "UTF-8" in html
    assert "<code>SRV-3</code>" in html


def test_all_references_are_asked_for_at_once_and_anew_each_time() -> None:
    asked: list[set[str]] = []

    def watched(references: Collection[str]) -> Mapping[str, Chip | None]:
        asked.append(set(references))
        return {text: Chip(name=f"name {len(asked)}") for text in references}

    assert "name 1" in html_of(TEXT, links=watched)
    assert "name 2" in html_of(TEXT, links=watched)
    assert asked == [{"SRV-12", "SRV-7", "UTF-8", "NOBODY"}] * 2


def test_without_anybody_to_ask_references_stay_words() -> None:
    html = html_of("SRV-1 and [[SRV-2]] and [[a < b]]")
    assert html.strip() == "<p>SRV-1 and SRV-2 and A &lt; B</p>"


def test_checklists_say_in_words_what_is_done() -> None:
    with override("en"):
        html = html_of(TEXT)
    assert html.index('aria-label="not done"') < html.index('aria-label="done"')
    assert "<input" not in html


def test_headings_stand_under_the_page_and_have_anchors_of_their_own() -> None:
    html = html_of("## Åtgärd\n\n### Del\n\n## Åtgärd\n\n[up](#åtgärd)", top=3, mark="orders")
    assert '<h3 id="orders-åtgärd">' in html
    assert '<h4 id="orders-del">' in html
    assert '<h3 id="orders-åtgärd-2">' in html
    assert 'href="#orders-åtgärd"' in html


def test_columns_of_numbers_keep_their_side_without_style() -> None:
    html = html_of(TEXT)
    assert '<td class="hh-num">12</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("![disk](/items/SRV-1/attachments/3/)", '<p><img src="/items/SRV-1/attachments/3/" alt="disk"></p>'),
        ("![disk](/logout/)", "<p>disk</p>"),
        ("![disk](//far.example/x.png)", "<p>disk</p>"),
    ],
)
def test_pictures_are_the_products_own_attachments_only(text: str, html: str) -> None:
    assert html_of(text).strip() == html


def test_a_picture_of_another_host_becomes_a_link() -> None:
    assert html_of("![disk](https://far.example/x.png)").startswith('<p><a href="https://far.example/x.png"')


def test_what_a_text_leads_to_is_told_and_code_leads_nowhere() -> None:
    assert links_in(TEXT) == ({"SRV-12", "NOBODY"}, {"SRV-7", "UTF-8"}, {"/items/SRV-9/"}, set())
    told = links_in("[a](../b.md#c) ![p](p.png) [d](#d) [e](mailto:x@y.example) [f]\n\n[f]: <g h.md>")
    assert told.relative == {"../b.md#c", "g%20h.md"}


def test_links_within_a_set_of_pages_lead_to_where_these_stand_here() -> None:
    text = "[*a*](../b.md) [c](/c/) [[Sida två|här]] [[Annat]] [ute](https://example.org/)"
    pages = {"../b.md": "/documents/DOC-1/?x=1&y=2", "/c/": None, "SIDA TVÅ|HÄR": "/documents/DOC-2/"}
    with override("en"):
        html = html_of(text, links=lambda _all: {}, pages=pages)
    assert '<a href="/documents/DOC-1/?x=1&amp;y=2"><em>a</em></a>' in html
    assert '<span class="hh-dead">c <span class="hh-second">(leads nowhere)</span></span>' in html
    assert '<a href="/documents/DOC-2/">här</a>' in html
    assert ">Annat <span" in html
    assert 'href="https://example.org/"' in html


def test_the_plain_words_of_a_text_are_its_lines() -> None:
    assert plain_of(TEXT).splitlines()[:3] == [
        "Restart srv-12",
        "See SRV-7, UTF-8 and nobody, SRV-3, the page and https://example.org/a.",
        "[ ] stop it",
    ]


def test_a_table_stands_in_a_frame_that_scrolls_and_words_that_look_like_one_do_not() -> None:
    table = "| A | B |\n|---|---|\n| 1 | 2 |"
    html = html_of(f"{table}\n\n> {table.replace(chr(10), chr(10) + '> ')}")
    assert (html.count('<div class="hh-scroll" tabindex="0"><table>'), html.count("</table>")) == (2, 2)
    assert html.count("</div>") == 2
    words = html_of('<table> [ord](/a "<table>") `<table>`\n\n<div class="hh-scroll">')
    assert "hh-scroll" not in words.replace("&quot;hh-scroll&quot;", "").replace('"hh-scroll"&gt;', "")


HEADINGS = st.lists(
    st.tuples(st.sampled_from(["#", "##", "###", "#####", "> #", "- ##"]), st.text("aåÅ <>&\"'`*[]/-_.2", max_size=12)),
    max_size=12,
)


@given(HEADINGS, st.integers(2, 3), st.sampled_from(["", "m1"]))
def test_headings_are_told_with_the_anchors_that_stand_in_the_page(
    lines: list[tuple[str, str]], top: int, mark: str
) -> None:
    text = "\n\n".join(f"{sign} {words}" for sign, words in lines)
    html, told = html_of(text, top=top, mark=mark), headings_of(text, top=top, mark=mark)
    standing = re.findall(r'<h([2-6]) id="([^"]*)">', html)
    assert len({anchor for _, anchor in standing}) == len(standing)
    mine = [(str(one.level), one.anchor) for one in told]
    assert mine == [one for one in standing if one in mine]
    assert all(re.fullmatch(r"[\w-]+", one.anchor) and one.words for one in told)


def test_a_heading_that_reads_like_the_anchor_of_another_has_one_of_its_own() -> None:
    assert [one.anchor for one in headings_of("# A\n\n# A\n\n# A 2\n\n# A")] == ["s-a", "s-a-2", "s-a-2-2", "s-a-3"]


def test_headings_of_quotes_and_lists_are_no_chapters_and_a_name_in_brackets_loses_them() -> None:
    text = "# One [[SRV-1]]\n\n> # Quoted\n\n- # Listed\n\n## `Two` *b*\n\n#\n\n# One SRV-1"
    assert headings_of(text) == (
        (2, "One SRV-1", "s-one-srv-1"), (3, "Two b", "s-two-b"), (2, "One SRV-1", "s-one-srv-1-2"),
    )  # fmt: skip
