"""In which order new rows are written, so that what is part of something comes after it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

NONE = -1


def wholes_first(wholes: Sequence[int]) -> tuple[list[int], list[int]]:
    """The numbers of rows in file order, but each after the whole that it is part of; and those whose link is refused.

    `wholes[n]` is the number of the row that row n is part of, or NONE. In each circle the link of the row that stands
    last in the file is refused. Taking away a beginning of the order leaves the order of the rest as it was, which
    lets a broken import go on where it stopped.
    """
    refused = _closing(wholes)
    order: list[int] = []
    done = bytearray(len(wholes))
    for start in range(len(wholes)):
        chain = []
        at = start
        while at != NONE and not done[at]:
            chain.append(at)
            done[at] = 1
            at = NONE if at in refused else wholes[at]
        order.extend(reversed(chain))
    return order, sorted(refused)


def _closing(wholes: Sequence[int]) -> set[int]:
    """The last row of each circle."""
    found: set[int] = set()
    state = bytearray(len(wholes))
    for start in range(len(wholes)):
        path = []
        at = start
        while at != NONE and not state[at]:
            state[at] = 1
            path.append(at)
            at = wholes[at]
        if at != NONE and state[at] == 1:
            found.add(max(path[path.index(at) :]))
        for one in path:
            state[one] = 2
    return found
