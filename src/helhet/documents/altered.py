"""What was altered between two texts, as a page shows it: with a few lines around, the rest folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helhet.rules.comparing import Piece, compare

AROUND = 4
"""Lines that are shown before and after what was altered."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces to show; or, with `folded`, that many lines that stand in both and are shown when asked for."""

    pieces: list[Piece]
    folded: int = 0


def told(before: str, after: str) -> list[Stretch]:
    """What was altered, with a few lines around it; long stretches that stand in both are folded."""
    pieces = compare(before, after)
    if all(piece.kind == "same" for piece in pieces):
        return []
    return list(_folded(pieces))


def _folded(pieces: list[Piece]) -> Iterator[Stretch]:
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        lines = piece.text.split("\n")
        first, last = place == 0, place == len(pieces) - 1
        head, tail = (0 if first else AROUND), (0 if last else AROUND)
        if piece.kind != "same" or len(lines) <= head + tail + AROUND:
            shown.append(piece)
            continue
        if head:
            shown.append(Piece("same", "\n".join(lines[:head]) + "\n"))
        if shown:
            yield Stretch(shown)
        middle = lines[head : len(lines) - tail]
        yield Stretch([Piece("same", "\n".join(middle) + ("\n" if tail else ""))], folded=len(middle))
        shown = [Piece("same", "\n".join(lines[len(lines) - tail :]))] if tail else []
    if shown:
        yield Stretch(shown)
