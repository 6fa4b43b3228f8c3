"""What several tests of the toolkit share."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest

from helhet.kit import words
from helhet.kit.web import Entry, Frame, frames


def bare_frame(_request: HttpRequest) -> Frame:
    """A frame that asks no database."""
    menu = (Entry("/", "Overview", "overview"), Entry("/items/", "Estate", "estate", 14, is_current=True, gap=True))
    return Frame(
        menu=menu,
        bottom=menu,
        scope=(Entry("/?scope=all", "All", is_current=True),),
        waits=Entry("/tasks/", "", count=5),
        person=Entry("/me/", "Maja Lindqvist"),
        initials="ML",
        language_url="/language/",
        theme_url="/theme/",
        installation="Norrvik",
        fresh="Today",
        fresh_url="/imports/",
        help_url="/help/",
        search_url="/search/",
        palette_url="/palette",
        sign_out_url="/out/",
    )


@pytest.fixture
def kit_alone() -> Iterator[None]:
    """The toolkit without the rooms above it: a bare frame, and no local names."""
    before = frames._paths, words.overrides._paths
    frames.fill([f"{__name__}.bare_frame"])
    frames._loaded = (bare_frame,)
    words.overrides.fill([])
    words.forget()
    yield
    frames.fill(list(before[0]))
    words.overrides.fill(list(before[1]))
    words.forget()
