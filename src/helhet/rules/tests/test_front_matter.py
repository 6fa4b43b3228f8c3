"""Facts in front of a page: read robustly, told when broken, written so that nothing is lost."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from helhet.rules.front_matter import Flaw, Page, split, write
from helhet.rules.front_matter_forms import FORMS, without_none

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)
TRICKY = st.sampled_from((
    "no", "2017-5-02", "2017-05-02", "1.10", "0755", "12:30", "~", "null", "<<", "=", "- a", "a: b", "#chan", "'", '"',
    "---", "...", "{{ x }}", "<%= x %>", "a\n---\nb", " x ", "x\n", "\n", "1e3", ".inf", "0x1F", "@a", "å\u2028b",
    "\ufeff",
))  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | WORDS | TRICKY
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)
FACTS = st.dictionaries((WORDS | TRICKY).filter(lambda name: name != "<<"), VALUES, max_size=5)
BEGUN = st.sampled_from((
    "<!-- a -->\n---\na: 1\n---\n", "<!-- a -->\n\n+++\na = 1\n+++\n\nb", "----\ntitle: x\n----\n\nb", "<!---->\n{}",
    "<!-- a -->\n---\na: [\n---\nb",
))  # fmt: skip
TEXTS = (
    WORDS | BEGUN | st.from_regex(r"[ \n{}\"a:1+-]{0,12}(---|\+\+\+|\{)?[ \n{}\"a:1+-]{0,20}", fullmatch=True)
).map(lambda text: text.replace("\r", "").lstrip("\ufeff"))


@given(FACTS, TEXTS, st.sampled_from(FORMS))
def test_what_is_written_is_read_as_the_same_again(facts: dict[str, Any], text: str, form: str) -> None:
    again = split(write(facts, text, form))
    assert (again.facts, again.text) == (without_none(facts) if again.form == "toml" else facts, text)
    assert not facts or form == "yaml" or again.form in {form, "yaml"}


@given(TEXTS)
@example("{}")
@example("{}\n\nText")
@example("+++\n+++\nText")
@example("---\n---\n")
def test_a_page_without_facts_is_left_as_it_is_where_that_can_be_read(text: str) -> None:
    page = split(text)
    if not page.facts and not page.flaws:
        assert split(write(page.facts, page.text, page.form)) == page


@given(
    st.text(max_size=200)
    | st.text("-+{}[]&*!|>#%@'\": \n\tab1<.=", max_size=120).map(lambda text: "---\n" + text + "\n---\nx")
)
def test_no_page_breaks_the_reader_or_loses_its_text(written: str) -> None:
    page = split(written)
    if page.flaws and page.flaws[-1].sort in {"broken", "json", "open", "deep", "large"}:
        assert page.text.replace("\ufffd", "") == (
            written.removeprefix("\ufeff")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            .replace("\x00", "")
            .replace("\ufffd", "")
        )


def test_signs_that_nobody_sees_come_back() -> None:
    facts = {"a": "\x85", "\x85b": "x\u2028", "c": "\u00a0x", "d": "\ufeff", "e": "\t"}
    assert split(write(facts, "")).facts == facts


def test_days_and_unsure_words_stay_as_they_were_written() -> None:
    page = split("---\na: 2017-5-02\nb: no\nc: 1.10\nd: 0755\ne: 7\nf: true\ng:\n---\n")
    assert page.facts == {"a": "2017-5-02", "b": "no", "c": "1.10", "d": "0755", "e": 7, "f": True, "g": None}


def test_other_tools_read_what_is_written() -> None:
    written = write({"last_reviewed_on": "2017-06-02", "title": "Återläsning: steg 1", "tags": ["a", "b"]}, "Text")
    facts = yaml.safe_load(written.split("---\n")[1])
    assert facts["last_reviewed_on"].isoformat() == "2017-06-02"
    assert facts["title"] == "Återläsning: steg 1"
    assert "last_reviewed_on: 2017-06-02\n" in written, "as people would write it"


@pytest.mark.parametrize(("written", "facts", "text"), [
    ("\ufeff---\r\ntitle: Å\r\n---\r\n\r\nText\r\n", {"title": "Å"}, "Text\n"),
    ("\n---  \ntitle: x\n...\nText", {"title": "x"}, "Text"),
    ("+++\ntitle = 'x'\ndate = 2017-05-02\n[extra]\nin = 1.5\n+++\nText",
     {"title": "x", "date": "2017-05-02", "extra": {"in": "1.5"}}, "Text"),
    ('{"title": "x"}\n\nText', {"title": "x"}, "Text"),
    ("---\ntitle: <%= a: b %>\nowner: {{ page.owner }}\n---\nText",
     {"title": "<%= a: b %>", "owner": "{{ page.owner }}"}, "Text"),
    ("---\n---\nText", {}, "Text"), ("---\n# nothing\n---\n", {}, ""), ("", {}, ""),
    ("---\nSome words\n---\nmore", {}, "---\nSome words\n---\nmore"),
    ("---\n- a\n- b\n---\nmore", {}, "---\n- a\n- b\n---\nmore"),
    ("{% include x %}\nText", {}, "{% include x %}\nText"),
    ("----\ntitle: x\n-----\nText", {"title": "x"}, "Text"), ("---\na: 1\n----\nText\n---\n", {"a": 1}, "Text\n---\n"),
    ("----\nName: x\n----\nText", {}, "----\nName: x\n----\nText"), ("----\ntitle: x", {}, "----\ntitle: x"),
    ("----\ntitle: x\n- y\n----\nText", {}, "----\ntitle: x\n- y\n----\nText"),
    ("\n<!-- a\n-->\n <!-- b -->  \n\n---\ntitle: x\n---\nText", {"title": "x"}, "<!-- a\n-->\n <!-- b -->\n\nText"),
    ("<!-- a -->\n+++\ntitle = 'x'\n+++\n\nText", {"title": "x"}, "<!-- a -->\n\nText"),
    ("<!-- a -->\n---\nSome words\n---\n", {}, "<!-- a -->\n---\nSome words\n---\n"),
    ("<!-- a\n---\ntitle: x\n---\n", {}, "<!-- a\n---\ntitle: x\n---\n"),
    ("---\na: &x {b: 1}\nc: *x\nd: {<<: *x, e: !tag 2}\n1: one\n---\n",
     {"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 1, "e": "2"}, "1": "one"}, ""),
])  # fmt: skip
def test_each_way_of_writing_is_read(written: str, facts: dict[str, Any], text: str) -> None:
    form = "toml" if "+++" in written else "json" if written.startswith('{"') else "yaml"
    assert split(written) == Page(facts, text, form=form)


def test_broken_facts_are_told_with_their_line_and_read_line_by_line() -> None:
    written = "---\nlast_reviewed_on: 2017-05-02 # by hand\ntitle: Backups: how\nreview_in: '6 months'\n---\n\nText\n"
    page = split(written)
    assert [(flaw.sort, flaw.line) for flaw in page.flaws] == [("broken", 3)]
    assert page.facts == {"last_reviewed_on": "2017-05-02", "title": "Backups: how", "review_in": "6 months"}
    assert page.text == written


@pytest.mark.parametrize("block", [
    "title: x\nlast_reviewed_on:2017-05-02\nreview_in: 6 months",
    "title: x\n last_reviewed_on: 2017-05-02\nreview_in:6 months",
    "title: x\nrelated:\n    title: y\n  - z\nlast_reviewed_on: 2017-05-02\n\treview_in: '6 months'",
])  # fmt: skip
def test_a_review_fact_that_alone_makes_the_whole_unreadable_is_read(block: str) -> None:
    page = split(f"---\n{block}\n---\nText")
    assert [flaw.sort for flaw in page.flaws] == ["broken"]
    assert page.facts == {"title": "x", "last_reviewed_on": "2017-05-02", "review_in": "6 months"}


def test_of_broken_toml_each_line_that_stands_alone_is_read_below_its_own_heading() -> None:
    written = (
        "+++\ntitle = 'A'\ntitle = 'B'\nlast_reviewed = 2017-5-02 # by hand\ntags = [\n 'x',\n]\nbad = 'x\n[params]\n"
        "review_in = '6 months'\n[[cascade]]\ntitle = 'no'\n[menu.main]\ntitle = 'no'\n[title]\nx = 1\n+++\nText\n"
    )
    page = split(written)
    assert [(flaw.sort, flaw.line) for flaw in page.flaws] == [("broken", 3)]
    assert page.facts == {"title": "B", "last_reviewed": "2017-5-02", "params": {"review_in": "6 months"}}
    assert (page.text, page.body) == (written, "Text\n")


def test_a_broken_object_in_front_is_told_and_other_text_in_braces_is_not() -> None:
    written = '{\n "title": "x",\n}\nText'
    assert [(flaw.sort, flaw.line) for flaw in split(written).flaws] == [("json", 3)]
    assert (split(written).facts, split(written).text) == ({}, written)
    assert split("{{ x }}\nText").flaws == split("{ x }\nText").flaws == ()


def test_facts_without_an_end_are_told_and_a_line_across_the_page_is_not() -> None:
    assert split("---\ntitle: x\n\nText").flaws == (Flaw("open", 1),)
    assert split("---\nText without facts").flaws == ()


def test_broken_facts_below_a_remark_are_told_and_read_too() -> None:
    written = "<!-- by hand -->\n---\ntitle: a: b\nreview_in: 1 year\n---\nText"
    page = split(written)
    assert (page.facts, page.text, page.body) == ({"title": "a: b", "review_in": "1 year"}, written, "Text")
    assert [(flaw.sort, flaw.line) for flaw in page.flaws] == [("broken", 3)]
    assert split("<!-- by hand -->\n---\ntitle: x\n").flaws == (Flaw("open", 2),)


def test_a_name_that_stands_twice_and_a_value_that_is_a_comment_are_told() -> None:
    page = split("---\na: 1\nowner_slack: #team\na: 2\n---\n")
    assert page.facts == {"a": 2, "owner_slack": None}
    assert page.flaws == (Flaw("comment", 3, "#team"), Flaw("twice", 4, "a"))


def test_a_line_for_a_tool_is_passed_over_and_kept_in_the_text() -> None:
    written = "---\ntitle: x\n<% if old %>\nreview_in: 1 year\n---\nText"
    assert split(written) == Page(
        {"title": "x", "review_in": "1 year"}, written, (Flaw("template", 3, "<% if old %>"),), 5
    )


def test_references_that_grow_and_nesting_without_end_are_refused() -> None:
    growing = "---\na0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)) + "---\n"
    assert [flaw.sort for flaw in split(growing).flaws] == ["large"]
    assert [flaw.sort for flaw in split("---\na: " + "[" * 5000 + "\n---\nText").flaws] == ["deep"]
    assert [flaw.sort for flaw in split("---\na: &a [*a]\n---\nText").flaws] == ["broken"]


def test_hard_spaces_are_kept_where_they_are_lawful() -> None:
    facts = {"a:\N{NO-BREAK SPACE}b": "x:\N{NO-BREAK SPACE}y\nz:\N{NO-BREAK SPACE}w"}
    assert split(write(facts, "Text\n")) == Page(facts, "Text\n")
    broken = split("---\na:\N{NO-BREAK SPACE}1\nb: [\n---\n")
    assert [flaw.sort for flaw in broken.flaws] == ["broken"]
