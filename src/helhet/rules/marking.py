"""Passages marked in finished HTML, without altering anything else of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import groupby
from typing import Final

from helhet.rules.passages import Passage, find_passage

MOST: Final = 300_000
"""Characters of HTML that are gone through; a longer text is shown without marks."""
OPEN, CLOSE = '<mark class="hh-marked">', "</mark>"
_PARTS = re.compile(r"""(<(?:[^<>"']|"[^"]*"|'[^']*')*>)""")
_UNITS = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,31});|.", re.DOTALL)
_TAG = re.compile(r"<(/?)(\w+)")
_INLINE = frozenset({"a", "strong", "em", "s", "code", "span", "sup", "mark", "b", "i"})
_CLOSED = frozenset({"a", "svg"})
"""Within which no link may stand."""


def marked(html: str, passages: Sequence[tuple[Passage, str]]) -> str:
    """The HTML, which is well formed and clean, with the words of each passage between OPEN and CLOSE wherever they
    are found, and behind them what goes with the passage: clean HTML too, such as a link.
    """
    if not passages or len(html) > MOST:
        return html
    parts = _PARTS.split(html)
    whole, places = _words(parts)
    covered: dict[int, set[int]] = {}
    behind: dict[tuple[int, int], str] = {}
    for passage, link in passages:
        found = find_passage(whole, passage)
        if found is None:
            continue
        own = [place for place in places[found[0] : found[1]] if place is not None]
        for at, start in own:
            covered.setdefault(at, set()).add(start)
        last = own[-1]
        behind[last] = behind.get(last, "") + link
    return "".join(_joined(parts, covered, behind)) if covered else html


def _words(parts: Sequence[str]) -> tuple[str, list[tuple[int, int] | None]]:
    """What is read in it, with one space wherever there are spaces or blocks end, and by character the part and the
    place in it; None for a space that no text has.
    """
    text: list[str] = []
    places: list[tuple[int, int] | None] = []
    for at, part in enumerate(parts):
        if at % 2:
            tag = _TAG.match(part)
            if tag and tag[2] not in _INLINE and text and text[-1] != " ":
                text.append(" ")
                places.append(None)
            continue
        for unit in _UNITS.finditer(part):
            for sign in unescape(unit[0]):
                if sign.isspace() and (not text or text[-1] == " "):
                    continue
                text.append(" " if sign.isspace() else sign)
                places.append((at, unit.start()))
    while text and text[-1] == " ":
        text.pop()
        places.pop()
    return "".join(text), places


def _joined(
    parts: Sequence[str], covered: dict[int, set[int]], behind: dict[tuple[int, int], str]
) -> Iterator[str]:  # fmt: skip
    depth, waiting = 0, ""
    for at, part in enumerate(parts):
        if at % 2:
            tag = _TAG.match(part)
            if tag and tag[2] in _CLOSED and not part.endswith("/>"):
                depth += -1 if tag[1] else 1
            yield part
        elif at not in covered:
            yield part
        else:
            for words, starts in _runs(part, covered[at]):
                yield f"{OPEN}{words}{CLOSE}" if starts else words
                waiting += "".join(behind.get((at, start), "") for start in starts)
                if depth == 0:
                    yield waiting
                    waiting = ""
        if waiting and depth == 0:
            yield waiting
            waiting = ""


def _runs(part: str, starts: set[int]) -> Iterator[tuple[str, list[int]]]:
    """A stretch of text in pieces, each with the places that are covered in it; none where nothing is. Spaces between
    covered words are covered with them.
    """
    units = list(_UNITS.finditer(part))
    flags = [unit.start() in starts for unit in units]
    follows = [False] * len(units)
    for number in range(len(units) - 1, -1, -1):
        is_next = number + 1 < len(units) and follows[number + 1]
        follows[number] = flags[number] or (is_next and units[number][0].isspace())
    for number in range(1, len(units)):
        flags[number] = flags[number] or (flags[number - 1] and follows[number])
    for is_covered, some in groupby(zip(units, flags, strict=True), key=lambda pair: pair[1]):
        run = [unit for unit, _flag in some]
        yield "".join(unit[0] for unit in run), [unit.start() for unit in run] if is_covered else []
