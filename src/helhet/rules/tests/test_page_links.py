"""Links between pages of a set are found as the tools that show such sets find them."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.page_links import Known, PageSet, is_local, may_be_page, place_in

PATHS = (
    "README.md", "source/index.html.md.erb", "source/manual/a.html.md", "source/manual/b/index.md", "docs/c d.md",
    "docs/Åtgärd.md", "docs/deep/c d.md", "docs/deep/d.mdx", "wiki/Back-up.md", "wiki/x/Back-up.md",
)  # fmt: skip
SET = PageSet(Known(path, at, ("Titel ett", "Alias") if at == 9 else ()) for at, path in enumerate(PATHS))


def path_of(number: int | None) -> str | None:
    return None if number is None else PATHS[number]


@pytest.mark.parametrize(("of", "target", "path"), [
    ("docs/deep/d.mdx", "../Åtgärd.md", "docs/Åtgärd.md"),
    ("docs/deep/d.mdx", "../%C3%85tg%C3%A4rd.md#x", "docs/Åtgärd.md"),
    ("docs/deep/d.mdx", "c%20d.md", "docs/deep/c d.md"), ("docs/c d.md", "./deep/d", "docs/deep/d.mdx"),
    ("docs/c d.md", "deep/D.html?x=1", "docs/deep/d.mdx"), ("docs/c d.md", "../README.md", "README.md"),
    ("source/manual/a.html.md", "/manual/b.html", "source/manual/b/index.md"),
    ("source/manual/a.html.md", "/manual/b/", "source/manual/b/index.md"),
    ("source/manual/a.html.md", "/", "README.md"), ("docs/deep/d.mdx", "../../source/", "source/index.html.md.erb"),
    ("source/manual/b/index.md", "../a.html", "source/manual/a.html.md"),
    ("source/manual/a.html.md", "../b/", "source/manual/b/index.md"),
    ("docs/c d.md", "/sv/docs/deep/d", "docs/deep/d.mdx"), ("docs/deep/d.mdx", "..\\Åtgärd.md", "docs/Åtgärd.md"),
    ("docs/c d.md", "../../../README.md", None), ("docs/c d.md", "nowhere.md", None), ("docs/c d.md", "#here", None),
    ("docs/c d.md", "/manual/a", None),
])  # fmt: skip
def test_a_link_is_relative_or_from_the_root_with_or_without_endings(of: str, target: str, path: str | None) -> None:
    assert path_of(SET.find(of, target)) == path


@pytest.mark.parametrize(("of", "name", "path"), [
    ("docs/c d.md", "åtgärd", "docs/Åtgärd.md"), ("docs/c d.md", "deep/c d#Rubrik|visad", "docs/deep/c d.md"),
    ("docs/deep/d.mdx", "c d", "docs/deep/c d.md"), ("README.md", "c d", "docs/c d.md"),
    ("README.md", "back up", "wiki/Back-up.md"), ("wiki/x/Back-up.md", "Back-up", "wiki/x/Back-up.md"),
    ("README.md", "titel ETT", "wiki/x/Back-up.md"), ("README.md", "alias", "wiki/x/Back-up.md"),
    ("README.md", "nobody", None), ("README.md", "|x", None),
])  # fmt: skip
def test_a_name_in_double_brackets_is_a_file_a_path_a_title_or_an_alias(of: str, name: str, path: str | None) -> None:
    assert path_of(SET.named(of, name)) == path


def test_what_leads_out_of_the_set_is_no_link_within_it() -> None:
    assert not any(
        map(
            is_local,
            ("https://x", "mailto:a@b", "//x/y", "#x", "", "?x", "<%= x %>", "%25=%20x%20%25", "%7B%7Bx%7D%7D"),
        )
    )
    assert all(map(is_local, ("a.md", "../a", "/a/b.html", "./å.md")))
    assert [may_be_page(one) for one in ("a", "a.md#x", "/b.html", "c.png", "../d.sh?x", "v1.2/")] == [
        True, True, True, False, False, True,
    ]  # fmt: skip
    assert place_in("a.md#%C3%A5") == "å"


_PARTS = st.sampled_from(("a", "b", "Å", "c d"))
_FILES = st.lists(_PARTS, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".md")


@given(st.sets(_FILES, min_size=1, max_size=8), st.data())
def test_every_link_that_a_file_browser_would_follow_leads_there(paths: set[str], data: st.DataObject) -> None:
    listed = sorted(paths)
    found = PageSet(Known(path, at) for at, path in enumerate(listed))
    of, to = data.draw(st.sampled_from(listed)), data.draw(st.sampled_from(listed))
    relative = posixpath.relpath(to, posixpath.dirname(of) or ".")
    assert found.find(of, relative) == listed.index(to)
    assert found.find(of, f"/{to}#x") == listed.index(to)
