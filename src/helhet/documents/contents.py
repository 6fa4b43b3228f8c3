"""The table of contents of a long text, out of its headings."""

from __future__ import annotations

from dataclasses import dataclass, field

from helhet.kit.markdown import headings_of

LEAST = 4
"""Headings from which a text has one."""
DEEPEST, MOST = 3, 60
"""Levels that it shows, and lines: of a text with more headings only the upper levels are shown."""


@dataclass(slots=True)
class Chapter:
    """A line of it: the heading's words, its anchor on the page without `#`, and what stands under it."""

    words: str
    anchor: str
    within: list[Chapter] = field(default_factory=list)


def contents_of(text: str, *, top: int = 2) -> list[Chapter]:
    """The chapters of a text, for a page that shows it with its headings from level `top`; none of a short one."""
    headings = headings_of(text, top=top)
    if len(headings) < LEAST:
        return []
    levels = sorted({one.level for one in headings})[:DEEPEST]
    while len(levels) > 1 and sum(one.level in levels for one in headings) > MOST:
        levels.pop()
    chapters: list[Chapter] = []
    open_now: list[tuple[int, list[Chapter]]] = [(0, chapters)]
    for one in headings:
        if one.level not in levels:
            continue
        while open_now[-1][0] >= one.level:
            open_now.pop()
        made = Chapter(one.words, one.anchor)
        open_now[-1][1].append(made)
        open_now.append((one.level, made.within))
    return chapters
