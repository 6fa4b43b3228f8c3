"""References in texts are the things that the reader may see, by the names that they have today."""

from __future__ import annotations

from typing import Any

from helhet.estate.references import links_for
from helhet.items.models import Presence
from helhet.kit.markdown import html_of
from tests.world import SYSTEM, Cast, make_item


def test_a_text_names_things_as_they_are_called_today(cast: Cast, django_assert_max_num_queries: Any) -> None:
    del cast
    first, second, old = make_item("web1"), make_item("web2"), make_item("web0")
    old.presence, old.merged_into = Presence.MERGED, second
    old.save()
    text = f"{first.reference}, [[{second.reference.lower()}]], {old.reference}, {first.prefix}-99999, UTF-8"
    with django_assert_max_num_queries(3):
        html = html_of(text, links=links_for(SYSTEM))
    assert (html.count("web1"), html.count("web2"), html.count("web0"), html.count("hh-dead")) == (1, 2, 0, 1)
    first.name = "front1"
    first.save()
    assert "front1" in html_of(text, links=links_for(SYSTEM))
