"""Passages are marked where they stand, and nothing else of the HTML is altered."""

from __future__ import annotations

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.marking import CLOSE, OPEN, marked
from helhet.rules.passages import Passage, squeezed

LINK = '<a class="hh-remarked" href="#r"></a>'
WORDS = st.lists(st.sampled_from(("a", "<b", "å & ö", '"', "c  d", "\n")), min_size=1, max_size=5).map(" ".join)
BLOCKS = st.lists(st.tuples(st.sampled_from(("p", "em", "a", "td")), WORDS), min_size=1, max_size=5)


def read(html: str) -> str:
    """The words of HTML by the plainest means."""
    spaced = re.sub(r"</?(?:p|td)[^>]*>", " ", html)
    return squeezed(unescape(re.sub(r"<[^>]*>", "", spaced)))


@given(BLOCKS, st.integers(0, 30), st.integers(1, 12))
def test_what_is_marked_are_the_words_and_without_the_marks_all_is_as_before(
    blocks: list[tuple[str, str]], start: int, length: int
) -> None:
    html = "".join(f'<{tag} title="x > y">{escape(words)}</{tag}>' for tag, words in blocks)
    whole = read(html.replace(' title="x > y"', ""))
    quote = squeezed(whole[start : start + length])
    done = marked(html, [(Passage(quote, whole[:start], whole[start + length :]), LINK)])
    assert done.replace(OPEN, "").replace(CLOSE, "").replace(LINK, "") == html
    if not quote:
        assert done == html
        return
    assert done.count(LINK) == 1
    between = "".join(re.findall(f"{OPEN}(.*?){CLOSE}", done, re.DOTALL))
    assert re.sub(r"\s", "", unescape(between)) == re.sub(r"\s", "", quote)
    depth = [0]
    for tag in re.findall(r"</?a\b", done):
        depth.append(depth[-1] + (-1 if "/" in tag else 1))
    assert max(depth) == 1, "no link within a link"


def test_a_passage_that_is_gone_marks_nothing() -> None:
    assert marked("<p>a</p>", [(Passage("b"), LINK)]) == "<p>a</p>"
