"""Two texts that were made from one, put together: by lines, and by words where both altered the same lines.

What only one altered stands as he has it. What both altered alike stands once. Where they altered the same words
otherwise, both are kept in a `Conflict`; nothing that either of them wrote is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helhet.rules.comparing import alike, lines_of, words_of

BEGINS, ENDS = ">>>>>>>", "<<<<<<<"
"""Signs that begin the words of one, with a name, and, alone on a line, end a place where both altered the same."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stood, and what each made of it; whole lines."""

    base: str
    mine: str
    theirs: str


Merged = list[str | Conflict]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """The pieces of the text that both meant, in order; no piece is empty."""
    merged: Merged = []
    for old, some, other in _regions(lines_of(base), lines_of(mine), lines_of(theirs)):
        settled = _settled("".join(old), "".join(some), "".join(other))
        piece = settled if settled is not None else _of_words("".join(old), "".join(some), "".join(other))
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        elif piece:
            merged.append(piece)
    return merged


def _of_words(base: str, mine: str, theirs: str) -> str | Conflict:
    whole = ""
    for old, some, other in _regions(words_of(base), words_of(mine), words_of(theirs)):
        settled = _settled("".join(old), "".join(some), "".join(other))
        if settled is None:
            return Conflict(base, mine, theirs)
        whole += settled
    return whole


def _settled(base: str, mine: str, theirs: str) -> str | None:
    """What stands when at most one side altered it, or both alike; None in a conflict."""
    if mine in {base, theirs}:
        return theirs
    return mine if theirs == base else None


def _regions(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """The three texts in step: what all have alike, token by token, and what stands between."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    i = j = k = 0
    for place, token in enumerate(base):
        if place not in in_mine or place not in in_theirs:
            continue
        here, there = in_mine[place], in_theirs[place]
        if place > i or here > j or there > k:
            yield base[i:place], mine[j:here], theirs[k:there]
        yield (token,), (token,), (token,)
        i, j, k = place + 1, here + 1, there + 1
    if i < len(base) or j < len(mine) or k < len(theirs):
        yield base[i:], mine[j:], theirs[k:]


def _places(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    return {i + step: j + step for i, j, count in alike(base, other) for step in range(count)}


def text_of(merged: Merged, *, mine: str, theirs: str) -> str:
    """One text to go on from, each conflict between two lines that say whose words follow (`mine`, `theirs`)."""
    whole = ""
    for piece in merged:
        if isinstance(piece, str):
            whole += piece
            continue
        for name, words in ((theirs, piece.theirs), (mine, piece.mine)):
            start = "" if not whole or whole.endswith("\n") else "\n"
            whole += f"{start}{BEGINS} {name}\n{words}"
        whole += ("" if whole.endswith("\n") else "\n") + f"{ENDS}\n"
    return whole


def conflicts_left(text: str) -> int:
    """How many places of `text_of` are still to be chosen in: lines that end one, after lines that begin it."""
    left = 0
    is_open = False
    for line in text.splitlines():
        is_open = is_open or line.startswith(f"{BEGINS} ")
        if is_open and line.rstrip() == ENDS:
            left, is_open = left + 1, False
    return left


def readable(text: str) -> str:
    """The text with what frames the places that `conflicts_left` counts as lines of their own in Markdown: whose words
    they are in bold, and a rule after them. As they are written they would be quotes within quotes.
    """
    if not conflicts_left(text):
        return text
    told = []
    is_open = False
    for line in text.splitlines(keepends=True):
        if line.startswith(f"{BEGINS} "):
            is_open = True
            told.append(f"\n**{line[len(BEGINS) :].strip()}:**\n\n")
        elif is_open and line.rstrip() == ENDS:
            is_open = False
            told.append("\n***\n\n")
        else:
            told.append(line)
    return "".join(told)
