"""What is done again and again, beside what the part of operational tasks says of it: both ways where they disagree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from helhet.groups.models import Group
from helhet.handbook.pointing import pointed_at
from helhet.handbook.shapes import ROUTINE
from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.rights import Caller
from helhet.routines.models import OperationalTask
from helhet.routines.operation_words import how
from helhet.routines.operations import groups_of, nexts_of, tasks_for
from helhet.rules.rows import Row

WHEN_ASKED = frozenset({"", "vid behov", "vid begäran", "as needed", "when needed", "on demand", "-", "–"})
"""What people write in the column of how often, folded, when it is not by the calendar."""


@dataclass(frozen=True, slots=True)
class Done:
    """An operational task of the service: how often it comes, who does it, when next, and whether the text names it."""

    task: OperationalTask
    how: str
    group: Group | None
    due_on: dt.date | None
    is_written: bool


@dataclass(slots=True)
class Doing:
    """The operational tasks of a service, and the names of those that the text has and nobody is reminded of."""

    tasks: list[Done] = field(default_factory=list)
    unminded: list[str] = field(default_factory=list)


def doing(item: Item, rows: Sequence[Row], caller: Caller) -> Doing:
    """What is done for the service, held against the rows of the part. A task and a row are one by their routine, or
    by their name.
    """
    tasks = list(tasks_for(caller).filter(item=item, ended_on=None))
    found = pointed_at(rows)
    written = [(_routine(found.item(str(row.get(ROUTINE) or ""))), fold(str(row.get("name") or ""))) for row in rows]
    minded = [(one.routine.document.item_id if one.routine else None, fold(one.title)) for one in tasks]
    groups, nexts = groups_of(tasks), nexts_of(tasks)
    told = []
    for one, sign in zip(tasks, minded, strict=True):
        following = nexts[one.pk]
        due_on = following.coming.due_on if following else None
        told.append(Done(one, how(one), groups.get(one.pk), due_on, _is_among(sign, written)))
    missing = [row for row, sign in zip(rows, written, strict=True) if _comes_back(row) and not _is_among(sign, minded)]
    return Doing(told, [str(row.get("name") or "") for row in missing])


def _comes_back(row: Row) -> bool:
    """Whether it is done by the calendar: what is done when it is asked for needs nobody to be reminded."""
    return fold(str(row.get("interval") or "")).strip() not in WHEN_ASKED


def _routine(item: Item | None) -> int | None:
    return item.pk if item is not None else None


Sign = tuple[int | None, str]
"""By what a task is known: its routine's item, and its name folded."""


def _is_among(one: Sign, others: Sequence[Sign]) -> bool:
    return any((one[0] is not None and one[0] == other[0]) or one[1] == other[1] for other in others)
