"""Whether everybody can read a text: what a writer is told before he asks for approval."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _
from markdown_it.token import Token

from helhet.kit.markdown import tokens_of

MOST = 12
"""Hints that are shown at once."""

_SAYS_NOTHING = frozenset(
    {"here", "this", "link", "click here", "read more", "här", "länk", "klicka här", "läs mer", "denna länk"}
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)\Z", re.IGNORECASE)


def hints_for(text: str) -> list[str]:
    """Sentences, in the reader's language; none when nothing stands out."""
    tokens = tokens_of(text)
    found = [*_headings(tokens), *_tables(tokens)]
    for token in tokens:
        if token.type == "inline":
            found += _links_and_pictures(token.children or [])
    return list(dict.fromkeys(found))[:MOST]


def _headings(tokens: list[Token]) -> Iterator[str]:
    last = 0
    for token, content in pairwise(tokens):
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        if not content.content.strip():
            yield _("A heading is empty.")
        elif last and level > last + 1:
            yield _("The heading “%(heading)s” skips a level: #%(last)s is followed by #%(level)s.") % {
                "heading": content.content[:80], "last": last, "level": level,
            }  # fmt: skip
        last = level


def _tables(tokens: list[Token]) -> Iterator[str]:
    for token, content in pairwise(tokens):
        if token.type == "th_open" and not content.content.strip():
            yield _("A column of a table has no heading.")


def _links_and_pictures(children: list[Token]) -> Iterator[str]:
    for place, token in enumerate(children):
        if token.type == "image":
            words = token.content.strip()
            if not words:
                yield _("A picture has no words that say what it shows.")
            elif _PICTURE.search(words):
                yield _("“%(words)s” is a picture's file name, not what it shows.") % {"words": words[:80]}
        elif token.type == "link_open":
            words = "".join(one.content for one in _until_close(children[place + 1 :])).strip()
            if not words:
                yield _("A link has no words.")
            elif words.casefold().strip(".!: ") in _SAYS_NOTHING:
                yield _("The link “%(words)s” does not say where it leads.") % {"words": words[:80]}


def _until_close(children: list[Token]) -> Iterator[Token]:
    for token in children:
        if token.type == "link_close":
            return
        yield token
