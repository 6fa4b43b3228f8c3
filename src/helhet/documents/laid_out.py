"""What was altered between two versions, as they are read: with the blocks around it, the rest folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.documents.altered import Stretch, told
from helhet.documents.ports import Written, plain_fields, shown_fields
from helhet.documents.rendering import html_of_both_texts
from helhet.kit.rights import Caller
from helhet.rules.comparing_laid_out import Part, compare_laid_out, without_anchors

AROUND = 1
"""Blocks that are shown before and after what was altered, beside the heading that it stands under."""
FEW = 2
"""Blocks that are not worth folding."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Blocks to show; or, with `folded`, that many that stand in both and are shown when asked for."""

    html: SafeString
    folded: int = 0


@dataclass(frozen=True, slots=True)
class AsRead:
    """What was altered in title, text and what is structured beside it; each empty where it reads alike."""

    titles: list[Stretch]
    text: list[Shown]
    fields: list[Shown]
    only_written: bool
    """Whether all reads alike, though it is written in another way."""


def altered_as_read(before: Written, after: Written, caller: Caller) -> AsRead:
    """What a reader of these two would see altered."""
    text = _told(html_of_both_texts(before.text, after.text, caller, of=after.document))
    fields = _told(compare_laid_out(*(without_anchors(shown_fields(one, caller)) for one in (before, after))))
    is_alike = (before.text, plain_fields(before)) == (after.text, plain_fields(after))
    titles = told(before.title, after.title)
    return AsRead(titles, text, fields, only_written=not (is_alike or titles or text or fields))


def _told(parts: Sequence[Part]) -> list[Shown]:
    return [] if all(part.is_same for part in parts) else list(_folded(parts))


def _folded(parts: Sequence[Part]) -> Iterator[Shown]:
    at = 0
    for is_same, group in groupby(parts, key=lambda part: part.is_same):
        some = list(group)
        head = AROUND if at else 0
        at += len(some)
        is_last = at == len(parts)
        tail = len(some) if is_last else len(some) - AROUND
        if not is_same or tail - head <= FEW:
            yield _shown(some)
            continue
        over = [] if is_last else [place for place in range(head, tail) if some[place].is_heading]
        last = over[-1] if over else tail
        stretches = [some[:head], some[head:last], some[last : last + 1], some[last + 1 : tail], some[tail:]]
        for number, stretch in enumerate(stretches if over else [*stretches[:2], stretches[4]]):
            if stretch:
                yield _shown(stretch, folded=len(stretch) if number % 2 and len(stretch) > FEW else 0)


def _shown(parts: Sequence[Part], folded: int = 0) -> Shown:
    html = "".join(part.html for part in parts)
    for tag, words in (("del", _("[taken away:")), ("ins", _("[put in:"))):
        begin, end = format_html('<span class="hh-vh">{} </span>', words), '<span class="hh-vh">]</span>'
        html = html.replace(f"<{tag}>", f"<{tag}>{begin}").replace(f"</{tag}>", f"{end}</{tag}>")
    return Shown(mark_safe(html), folded)  # noqa: S308 - cleaned before, and nothing is added but what stands here
