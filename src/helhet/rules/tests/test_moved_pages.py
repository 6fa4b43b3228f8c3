"""A page that moved is told from one that is gone and another that is new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.moved_pages import Written, moved

LONG = "ett\ntvå\ntre\nfyra"


def test_the_same_words_elsewhere_are_a_page_that_moved() -> None:
    assert moved({"a.md": Written("A", LONG)}, {"b/c.md": Written("A", LONG)}) == {"b/c.md": "a.md"}


def test_one_that_was_edited_too_keeps_title_and_file_name_and_half_of_its_lines() -> None:
    gone = {"a.md": Written("A", LONG)}
    edited = Written("A", LONG.replace("ett", "noll"))
    assert moved(gone, {"b/a.md": edited}) == {"b/a.md": "a.md"}
    assert moved(gone, {"b/c.md": edited}) == {}
    assert moved(gone, {"b/a.md": Written("A", "helt\nannat\ntre")}) == {}


def test_pages_without_text_are_known_by_their_titles() -> None:
    assert moved({"a.md": Written("A", "")}, {"b.md": Written("A", " \n")}) == {"b.md": "a.md"}
    assert moved({"a.md": Written("A", "")}, {"b.md": Written("A", "Text")}) == {}


def test_where_two_could_be_meant_none_has_moved() -> None:
    assert moved({"a.md": Written("A", LONG), "b.md": Written("A", LONG)}, {"c.md": Written("A", LONG)}) == {}
    assert moved({"a.md": Written("A", LONG)}, {"b.md": Written("A", LONG), "c.md": Written("A", LONG)}) == {}


_PAGES = st.dictionaries(
    st.sampled_from(("a.md", "b.md", "x/a.md", "x/b.md")),
    st.builds(Written, st.sampled_from("AB"), st.sampled_from(("", LONG, LONG + "\nfem", "annat"))),
)


@given(_PAGES, _PAGES)
def test_no_page_comes_from_two_and_what_is_alone_in_what_it_says_is_always_found(
    gone: dict[str, Written], new: dict[str, Written]
) -> None:
    found = moved(gone, new)
    assert len(set(found.values())) == len(found)
    for path, page in new.items():
        former = [old for old, one in gone.items() if one == page]
        if page.text and len(former) == 1 and list(new.values()).count(page) == 1:
            assert found[path] == former[0]
    for path, old in found.items():
        assert new[path].title == gone[old].title
