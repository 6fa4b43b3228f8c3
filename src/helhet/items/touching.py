"""Saying that items were changed in a way that the graph of the estate must know.

Whoever writes what an item depends on (`estate.Dependency` or `estate.Redundancy`), what it is part of, whether it is
in the register, its kind or who answers for it calls `touch` in the transaction of that write. Then the walk over
arrays (`estate.graph`) reads these items anew, and its answer is never older than the last committed write.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from helhet.items.models import Touched
from helhet.kit.engines import engine, table_of

PORTION = 500
TOUCHED = table_of(Touched)


def touch(ids: Iterable[int]) -> None:
    """These items were changed: for a dependency the one that depends, for a redundancy its item. Must run inside the
    transaction that changes them, before or after; costs one row for each run of ids that follow one another.
    """
    runs = _runs(ids)
    stamp = engine().stamp()
    with connection.cursor() as cursor:
        for start in range(0, len(runs), PORTION):
            portion = runs[start : start + PORTION]
            cursor.execute(
                f"INSERT INTO {TOUCHED} (low, high, stamp) VALUES {', '.join([f'(%s, %s, {stamp})'] * len(portion))}",  # noqa: S608 - own names only
                [end for run in portion for end in run],
            )


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """The first and last of each run."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(ids)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
