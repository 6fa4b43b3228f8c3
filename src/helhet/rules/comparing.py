"""What was altered between two texts, told by words and not by lines.

Lines that stand once in both texts are the fixed points (patience diff), between them lines and then words are held
against each other. The work grows almost linearly with the texts: where two long stretches have nothing unique in
common they are told as taken away and put in, whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Kind = Literal["same", "gone", "new"]
Block = tuple[int, int, int]
"""(place in the first, place in the second, how many alike)."""

PAIRS: Final = 60_000
"""The most pairs of tokens that are held against each other one by one."""
DEPTH: Final = 24

_WORD = re.compile(r"[^\W_]+|\n|[^\S\n]+|_|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: in both (`same`), only in the former (`gone`) or only in the latter (`new`). Never empty."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: those that are not `new` give `before`, those that are not `gone` `after`."""
    pieces: list[Piece] = []
    first, second = lines_of(before), lines_of(after)
    for is_same, old, new in stretches(first, second):
        if is_same:
            pieces.append(Piece("same", "".join(old)))
        else:
            pieces += _by_words("".join(old), "".join(new))
    return list(_tidy(pieces))


def altered_words(before: str, after: str) -> int:
    """How many words were taken away or put in; one that was put in another's place counts once."""
    gone = new = 0
    for piece in compare(before, after):
        count = sum(word.isalnum() for word in words_of(piece.text))
        gone, new = gone + count * (piece.kind == "gone"), new + count * (piece.kind == "new")
    return max(gone, new)


def lines_of(text: str) -> list[str]:
    """Lines with their ends; together they are the text."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def words_of(text: str) -> list[str]:
    """Words, runs of spaces, line ends and signs; together they are the text."""
    return _WORD.findall(text)


def stretches(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """(alike, stretch of the first, stretch of the second) in order; stretches that are alike are equal."""
    i = j = 0
    for here, there, count in (*alike(first, second), (len(first), len(second), 0)):
        if here > i or there > j:
            yield False, first[i:here], second[j:there]
        if count:
            yield True, first[here : here + count], second[there : there + count]
        i, j = here + count, there + count


def alike(first: Sequence[str], second: Sequence[str]) -> list[Block]:
    """Blocks that both have in the same order; of equal sequences the one block that is all."""
    found: list[Block] = []
    waiting = [(0, len(first), 0, len(second), 0)]
    while waiting:
        i, i_end, j, j_end, depth = waiting.pop()
        head = 0
        while i + head < i_end and j + head < j_end and first[i + head] == second[j + head]:
            head += 1
        tail = 0
        while (
            i_end - tail > i + head and j_end - tail > j + head and first[i_end - tail - 1] == second[j_end - tail - 1]
        ):
            tail += 1
        if head:
            found.append((i, j, head))
        if tail:
            found.append((i_end - tail, j_end - tail, tail))
        i, j, i_end, j_end = i + head, j + head, i_end - tail, j_end - tail
        if i == i_end or j == j_end:
            continue
        points = _fixed(first, second, (i, i_end, j, j_end)) if depth < DEPTH else []
        if points:
            ends = [(i, j), *((a + 1, b + 1) for a, b in points)]
            waiting += [
                (*_span(end, point), depth + 1) for end, point in zip(ends, [*points, (i_end, j_end)], strict=True)
            ]
            found += [(a, b, 1) for a, b in points]
        elif (i_end - i) * (j_end - j) <= PAIRS:
            matcher = SequenceMatcher(None, first[i:i_end], second[j:j_end], autojunk=False)
            found += [(i + one.a, j + one.b, one.size) for one in matcher.get_matching_blocks() if one.size]
    return _joined(sorted(found))


def _span(start: tuple[int, int], end: tuple[int, int]) -> tuple[int, int, int, int]:
    return start[0], end[0], start[1], end[1]


def _fixed(
    first: Sequence[str], second: Sequence[str], span: tuple[int, int, int, int]
) -> list[tuple[int, int]]:  # fmt: skip
    """Pairs of tokens that stand once in each stretch, the longest row of them that is in order in both."""
    i, i_end, j, j_end = span
    once = Counter(first[i:i_end])
    places = {token: place for place, token in enumerate(second[j:j_end], j)}
    twice = Counter(second[j:j_end])
    pairs = [
        (place, places[token])
        for place, token in enumerate(first[i:i_end], i)
        if once[token] == 1 and twice.get(token) == 1
    ]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_place, other) in enumerate(pairs):
        at = bisect_left(ends, other)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [other], [number]
    row: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for i, j, count in blocks:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            joined[-1] = (*joined[-1][:2], joined[-1][2] + count)
        else:
            joined.append((i, j, count))
    return joined


def _by_words(old: str, new: str) -> list[Piece]:
    pieces: list[Piece] = []
    for is_same, some, other in stretches(words_of(old), words_of(new)):
        if is_same:
            pieces.append(Piece("same", "".join(some)))
            continue
        pieces += [Piece("gone", "".join(some))] if some else []
        pieces += [Piece("new", "".join(other))] if other else []
    return pieces


def _tidy(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; a space between two altered words is altered with them, so that a phrase is told
    as a phrase.
    """
    gone = new = same = ""
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            new += piece.text
        elif (gone or new) and place < last and piece.text.isspace() and "\n" not in piece.text:
            gone, new = gone + piece.text, new + piece.text
        else:
            if gone or new:
                yield from _told(same, gone, new)
                gone = new = same = ""
            same += piece.text
    yield from _told(same, gone, new)


def _told(same: str, gone: str, new: str) -> Iterator[Piece]:
    for kind, text in (("same", same), ("gone", gone), ("new", new)):
        if text:
            yield Piece(kind, text)  # type: ignore[arg-type]
