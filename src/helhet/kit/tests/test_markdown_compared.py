"""Two texts are compared as they are read: what is put in and taken out is marked, and it is as safe as reading."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.kit.markdown import html_of, html_of_both

WORDS = st.lists(
    st.sampled_from(
        ["stop", "start", "web1", "*now*", "**then**", "`rm -r`", "å & ö", "<b>", "SRV-1", "[[SRV-2]]", "a<b", "&lt;",
         "[page](/items/SRV-1/)", "[up](#start)", "~~old~~", "![p](/items/SRV-1/attachments/3/)", "\\", "_", "|", "  "]
    ), min_size=1, max_size=6,
).map(" ".join)  # fmt: skip
ROWS = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3)
BLOCKS = st.one_of(
    WORDS,
    WORDS.map("## {}".format),
    st.lists(WORDS, min_size=1, max_size=4).map(lambda some: "\n".join(f"- {one}" for one in some)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda some: "\n".join(f"3. {one}\n   - [x] {one}" for one in some)),
    WORDS.map("> {}".format),
    WORDS.map("```\n{}\n```".format),
    ROWS.map(lambda rows: "\n".join(["| a | b |", "|---|--:|", *(f"| {' | '.join(row)} |" for row in rows)])),
    st.just("---"),
    WORDS.map("word[^1]\n\n[^1]: {}".format),
)
TEXTS = st.lists(BLOCKS, max_size=6).map("\n\n".join)
REL = 'rel="noopener noreferrer nofollow"'
MARKS = re.compile(r"<(?:ins|del)>|</(?:ins|del)>")


def words(html: str) -> list[str]:
    """The words of HTML, and its pictures, by the plainest means."""
    html = re.sub(r"<img[^>]*>", " PICTURE ", html)
    return re.findall(r"\w+|[^\w\s]", unescape(re.sub(r"<[^>]*>", " ", html)))


def without(html: str, tag: str) -> str:
    """The HTML without what stands between these tags."""
    return re.sub(rf"<{tag}>.*?</{tag}>", "", html, flags=re.DOTALL)


def both(before: str, after: str) -> str:
    """The comparison as one."""
    return "".join(part.html for part in html_of_both(before, after))


@given(TEXTS, TEXTS)
def test_without_what_is_put_in_it_is_the_former_and_without_what_is_gone_the_latter(before: str, after: str) -> None:
    html = both(before, after)
    assert words(without(html, "ins")) == words(html_of(before))
    assert words(without(html, "del")) == words(html_of(after))


@given(TEXTS, TEXTS)
def test_what_is_alike_has_no_marks_and_is_what_a_reader_sees(before: str, after: str) -> None:
    assert not MARKS.search(both(before, before))
    for part in html_of_both(before, after):
        is_marked = bool(MARKS.search(part.html) or "hh-gone" in part.html or "hh-new" in part.html)
        assert not (part.is_same and is_marked)
        if part.is_same:
            assert words(part.html) == [] or "".join(words(part.html)) in "".join(words(html_of(after)))


class Seen(HTMLParser):
    """What a page of HTML is made of, and whether each tag is closed in its order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.parts: set[tuple[str, str]] = set()
        self.ids: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts |= {(tag, ""), *((tag, name) for name, _value in attrs)}
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in {"br", "hr", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(TEXTS, TEXTS)
def test_it_is_well_formed_and_made_of_what_reading_is_made_of(before: str, after: str) -> None:
    seen = Seen(both(before, after))
    assert seen.open == []
    assert len(set(seen.ids)) == len(seen.ids)
    allowed = Seen(html_of(before)).parts | Seen(html_of(after)).parts | {("ins", ""), ("del", "")}
    assert {part for part in seen.parts - allowed if part[1] != "class"} == set()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "<ins><script>",
        '[a](https://x.example/"onmouseover="alert(1))', "</del></p><iframe src=//x.example>",
        "`</code><svg onload=a>`",
        "![a](https://x.example/p.png)", "| <td onclick=a> |\n|---|\n| </table><script> |", '<p class="hh-gone">',
        "&lt;script&gt;", "&#60;script&#62;", "<span data-to=SRV-1>",
    ],
)  # fmt: skip
def test_hostile_texts_stay_words_on_either_side(hostile: str) -> None:
    calm = "Stop it.\n\nThen start it."
    for before, after in ((calm, hostile), (hostile, calm), (hostile, f"{hostile} now"), (f"a {hostile}", hostile)):
        html = both(before, after)
        seen = Seen(html)
        tags = {tag for tag, _name in seen.parts}
        assert tags <= {"p", "ins", "del", "a", "code", "div", "table", "thead", "tbody", "tr", "th", "td"}
        assert {name for _tag, name in seen.parts} <= {"", "href", "rel", "class", "tabindex"}
        assert "javascript:" not in "".join(re.findall(r'href="[^"]*', html))
        assert words(without(html, "del")) == words(html_of(after))


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("Call the desk first.", "Call **the duty** first.",
         "<p>Call <del>the desk</del><ins><strong>the duty</strong></ins> first.</p>"),
        ("- stop\n- start", "- stop\n- wait\n- start",
         '<ul><li>stop</li><li class="hh-new"><ins>wait</ins></li><li>start</li></ul>'),
        ("Stop it now.", "- Stop it now.",
         '<p class="hh-gone"><del>Stop it now.</del></p><ul class="hh-new"><li><ins>Stop it now.</ins></li></ul>'),
        ("[the page](/a/)", "[the page](/b/)",
         f'<p><del><a href="/a/" {REL}>the page</a></del><ins><a href="/b/" {REL}>the page</a></ins></p>'),
        ("# Start", "# Start now", '<h2 id="s-start-now">Start<ins> now</ins></h2>'),
        ("*a* b", "_a_ b", "<p><em>a</em> b</p>"),
    ],
)  # fmt: skip
def test_what_was_altered_is_told_word_by_word_and_block_by_block(before: str, after: str, html: str) -> None:
    assert both(before, after) == html


def test_a_table_is_told_cell_by_cell_until_it_gets_another_column() -> None:
    table = "| host | age |\n|---|---|\n| web1 | 12 |\n"
    cells = both(table, table.replace("12", "13"))
    assert "<td>web1</td><td><del>12</del><ins>13</ins></td>" in cells
    wider = both(table, "| host | age | place |\n|---|---|---|\n| web1 | 12 | hall |\n")
    assert (wider.count("<table"), words(without(wider, "ins"))) == (2, ["host", "age", "web1", "12"])


def test_a_long_text_that_was_written_anew_is_told_whole() -> None:
    before = "\n\n".join(f"Paragraph {number} of the former text." for number in range(200))
    after = "\n\n".join(f"Stycke {number} i den nya texten." for number in range(200))
    html = both(before, after)
    assert html.count('<p class="hh-gone">') == html.count('<p class="hh-new">') == 200
