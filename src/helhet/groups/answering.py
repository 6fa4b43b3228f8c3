"""Writing answers: by hand, or as decided by rules in the room above. The one place where `Answer` rows change.

What is to be written stands in the temporary table `decided` (item, group, ground, contested). An answer that began
on the same day is replaced in place; an older one is closed on the day and followed by a new row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.models import Answer, Ground, GroundSort, Group, GroupState
from helhet.groups.permissions import GroupPermission
from helhet.items.models import Item
from helhet.items.touching import touch
from helhet.journal.actions import make, record_many
from helhet.journal.models import Batch
from helhet.kit.engines import engine, table_of
from helhet.kit.errors import Clash, Forbidden
from helhet.kit.ports import Port
from helhet.kit.rights import Caller, Level
from helhet.kit.scratch import Scratch

ANSWER = table_of(Answer)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a writing of answers altered: how many items got another group, and how many kept theirs on another ground,
    or became contested or ceased to be.
    """

    groups: int = 0
    grounds: int = 0

    def __add__(self, other: Moved) -> Moved:
        """Both together."""
        return Moved(self.groups + other.groups, self.grounds + other.grounds)


@dataclass(frozen=True, slots=True)
class Day:
    """When an answer holds from, and to which batch it belongs."""

    on: dt.date
    batch_id: int | None = None


redecide: Port[Callable[[Sequence[int], Day], Moved]] = Port("groups.redecide")
redecide_parts: Port[Callable[[Day], Moved]] = Port("groups.redecide_parts")

DECIDED = Scratch("decided", "item_id bigint PRIMARY KEY, group_id bigint, ground_id bigint, contested boolean")
MOVING = Scratch("moving", f"{DECIDED.columns}, open_id bigint, is_new_day boolean, is_new_group boolean")
REJOINED = Scratch("rejoined", "open_id bigint PRIMARY KEY, earlier_id bigint")


def ground_of(sort: GroundSort, *, rule_id: int = 0, number: int = 0, text: str = "") -> Ground:
    """The row of this ground, made when it is new."""
    return Ground.objects.get_or_create(sort=sort, rule_id=rule_id, number=number, text=text[:2_000])[0]


def begin() -> None:
    """Empty the temporary tables that `write_decided` works with."""
    DECIDED.clear()
    MOVING.clear()


def write_first(day: Day) -> Moved:
    """Write what stands in `decided` for items that have no answer yet. Must run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ANSWER} (item_id, group_id, from_on, to_on, ground_id, is_contested, recorded_at, batch_id) "  # noqa: S608 - own names only
            f"SELECT item_id, group_id, %s, NULL, ground_id, contested, %s, %s FROM decided ORDER BY item_id",
            [day.on, timezone.now(), day.batch_id],
        )
        cursor.execute("SELECT count(*), count(group_id) FROM decided")
        total, groups = cursor.fetchone()
    return Moved(int(groups), int(total) - int(groups))


def write_decided(day: Day) -> Moved:
    """Write what stands in `decided`; afterwards `moving` holds what was altered. Must run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO moving SELECT d.item_id, d.group_id, d.ground_id, d.contested, a.id, "  # noqa: S608 - own names only
            f"a.id IS NULL OR a.from_on < %s, a.group_id IS DISTINCT FROM d.group_id "
            f"FROM decided d LEFT JOIN {ANSWER} a ON a.item_id = d.item_id AND a.to_on IS NULL "
            f"WHERE {engine().few('d.item_id')} "
            f"AND (a.id IS NULL OR a.group_id IS DISTINCT FROM d.group_id OR a.ground_id <> d.ground_id "
            f"OR a.is_contested <> d.contested)",
            [day.on],
        )
        cursor.execute(
            "SELECT count(*), count(CASE WHEN is_new_group THEN 1 END), count(CASE WHEN NOT is_new_day THEN 1 END), "
            "count(CASE WHEN is_new_day AND open_id IS NOT NULL THEN 1 END) FROM moving"
        )
        total, groups, replaced, followed = cursor.fetchone()
        _touch_moved(cursor)
        now = timezone.now()
        if followed:
            cursor.execute(
                f"UPDATE {ANSWER} SET to_on = %s WHERE id IN (SELECT open_id FROM moving WHERE is_new_day)",  # noqa: S608
                [day.on],
            )
        if replaced:
            cursor.execute(
                f"UPDATE {ANSWER} SET group_id = m.group_id, ground_id = m.ground_id, is_contested = m.contested, "  # noqa: S608
                f"recorded_at = %s, batch_id = %s FROM moving m WHERE {ANSWER}.id = m.open_id AND NOT m.is_new_day",
                [now, day.batch_id],
            )
        cursor.execute(
            f"INSERT INTO {ANSWER} (item_id, group_id, from_on, to_on, ground_id, is_contested, recorded_at, batch_id) "  # noqa: S608
            f"SELECT m.item_id, m.group_id, %s, NULL, m.ground_id, m.contested, %s, %s FROM moving m "
            f"WHERE m.is_new_day",
            [day.on, now, day.batch_id],
        )
        if replaced:
            _join_again(cursor)
    return Moved(int(groups), int(total) - int(groups))


def _touch_moved(cursor: Any) -> None:
    """The graph of the estate counts by group. New items have been touched when they were written."""
    cursor.execute("SELECT item_id FROM moving WHERE is_new_group")
    touch(item_id for (item_id,) in cursor.fetchall())


def _join_again(cursor: object) -> None:
    """Where a day's replacing ended at what held before the day, let the earlier row go on as if nothing was."""
    REJOINED.clear()
    execute = cursor.execute  # type: ignore[attr-defined]
    execute(
        f"INSERT INTO rejoined SELECT a.id, max(p.id) FROM moving m CROSS JOIN {ANSWER} a CROSS JOIN {ANSWER} p "  # noqa: S608 - own names only
        f"WHERE a.id = m.open_id AND p.item_id = a.item_id AND p.to_on = a.from_on AND p.id <> a.id "
        f"AND p.group_id IS NOT DISTINCT FROM a.group_id AND p.ground_id = a.ground_id "
        f"AND p.is_contested = a.is_contested AND NOT m.is_new_day AND {engine().few('m.item_id')} GROUP BY a.id"
    )
    execute(f"DELETE FROM {ANSWER} WHERE id IN (SELECT open_id FROM rejoined)")  # noqa: S608
    execute(f"UPDATE {ANSWER} SET to_on = NULL WHERE id IN (SELECT earlier_id FROM rejoined)")  # noqa: S608


def close_answers(ids: Sequence[int], on: dt.date) -> None:
    """Items that leave the register are answered for no longer."""
    Answer.objects.open().filter(item_id__in=ids, from_on__gte=on).delete()
    Answer.objects.open().filter(item_id__in=ids).update(to_on=on)
    touch(ids)


def assign_by_hand(
    ids: Iterable[int], group: Group, *, by: Caller, on: dt.date, batch: Batch | None = None, reason: str = ""
) -> Moved:
    """Let the group answer for the items, above all rules, until they are released. One event for each item.

    Rights: a member may take what nobody answers for to his own group; a chair or deputy may give away what his group
    answers for; coordinators may assign anything.
    """
    ids = sorted(set(ids))
    if group.state == GroupState.CLOSED:
        raise Clash(
            _("%(group)s is closed and can answer for nothing.") % {"group": group.name},
            todo=_("Choose another group."),
        )
    with transaction.atomic():
        _check_right(ids, group, by)
        before = dict(Answer.objects.open().filter(item_id__in=ids).values_list("item_id", "group__item__name"))
        text = ": ".join(part for part in (by.name, reason) if part)
        ground = ground_of(GroundSort.HAND, text=text)
        begin()
        engine().insert_rows(
            "decided", ("item_id", "group_id", "ground_id", "contested"),
            ((item_id, group.pk, ground.pk, False) for item_id in ids),
        )  # fmt: skip
        day = Day(on, batch.pk if batch else None)
        moved = write_decided(day)
        record_many(
            make(
                "groups.answer.assigned", "item", item_id, by=by, reason=reason, batch=batch,
                before={"group": before.get(item_id)}, after={"group": group.name},
            )
            for item_id in ids
        )  # fmt: skip
        for parts in redecide_parts:
            moved += parts(day)
    return moved


def _check_right(ids: Sequence[int], group: Group, by: Caller) -> None:
    if by.may(GroupPermission.ASSIGN) and by.level >= Level.COORDINATOR:
        return
    by.require(GroupPermission.TAKE)
    owners = set(Answer.objects.open().filter(item_id__in=ids).values_list("group_id", flat=True))
    allowed = {*by.leads, None} if by.may(GroupPermission.ASSIGN) else {None}
    if owners - allowed or (None in owners and group.pk not in by.member_of):
        raise Forbidden(
            _(
                "You may take what nobody answers for to a group of yours, "
                "and give away what a group that you lead answers for."
            ),
            todo=_("Ask the group that answers, or the management team."),
        )  # fmt: skip


def release(ids: Iterable[int], *, by: Caller, on: dt.date, batch: Batch | None = None, reason: str = "") -> Moved:
    """Let the rules decide again for items that were assigned by hand. One event for each that was."""
    with transaction.atomic():
        hand = Answer.objects.open().filter(item_id__in=sorted(set(ids)), ground__sort=GroundSort.HAND)
        rows = list(hand.values_list("item_id", "group_id", "group__item__name"))
        if any(group_id not in by.leads for _item, group_id, _name in rows) and by.level < Level.COORDINATOR:
            by.require(GroupPermission.ASSIGN, Item(pk=rows[0][0]))
            raise Forbidden(_("You may release what a group that you lead answers for."))
        record_many(
            make("groups.answer.released", "item", item_id, by=by, before={"group": name}, reason=reason, batch=batch)
            for item_id, _group, name in rows
        )
        moved = Moved()
        for decide in redecide:
            moved += decide([row[0] for row in rows], Day(on, batch.pk if batch else None))
    return moved
