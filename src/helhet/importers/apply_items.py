"""Items: new ones with their responsibility and whole, and those that differ, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from helhet.groups.models import ItemRole
from helhet.importers.compare_items import CRITICALITIES, STATES, Compared, Says, compare, learn, refuse_loops, said
from helhet.importers.models import Verdict
from helhet.importers.resolving import ITEM
from helhet.importers.roles import end_roles
from helhet.importers.rows import ItemRow
from helhet.importers.spool import Taken
from helhet.importers.work import Importing
from helhet.items.models import SourceKey
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.journal.actions import make, record_many
from helhet.kit.engines import save
from helhet.responsibility.deciding import recompute


@dataclass(slots=True)
class New:
    """One portion of new items on its way: drafts and what they say, and links that cannot be made yet."""

    rows: Sequence[Taken]
    places: dict[str, int]
    drafts: list[NewItem] = field(default_factory=list)
    saying: list[Says] = field(default_factory=list)
    late: list[tuple[int, str, str]] = field(default_factory=list)


def take_new(work: Importing, numbers: Sequence[int], rows: Sequence[Taken]) -> None:
    """Write items whose keys the source has not given before."""
    learn(work, rows)
    new = New(rows, {one.row.key: at for at, one in enumerate(rows)})
    for at, number in enumerate(numbers):
        _draft(work, new, at, number)
    ids: list[int] = []
    if not work.is_trial:
        ids = add_items(new.drafts, by=work.by, on=work.on, batch=work.batch)
        work.resolver.remember(ITEM, (one.row.key for one in rows), ids)
        add_roles(work, ((item_id, says.roles) for item_id, says in zip(ids, new.saying, strict=True)))
    for at, sort, value in new.late:
        work.open(sort, "items", rows[at].row, "part_of", value)
    if work.opened and ids:
        by_key = {one.row.key[:700]: item_id for one, item_id in zip(rows, ids, strict=True)}
        work.opened = [one._replace(item_id=by_key.get(one.key)) for one in work.opened]
    listed = min(len(rows), work.report.room(Verdict.CREATED))
    for at, one in enumerate(rows[:listed]):
        work.tell(Verdict.CREATED, "items", one.row, name=one.row.name, item_id=ids[at] if ids else None)
    work.report.count(Verdict.CREATED, "items", len(rows) - listed)
    work.settle_findings("items", list(new.places), are_new=True)


def _draft(work: Importing, new: New, at: int, number: int) -> None:
    row: ItemRow = new.rows[at].row
    says = said(work, row)
    whole_id, whole_at = _whole(work, new, at, number)
    new.saying.append(says)
    key = NewKey(
        work.source_id, row.key, digest=new.rows[at].digest, says_group_id=says.group_id,
        claimants=says.claimants or None,
    )  # fmt: skip
    new.drafts.append(
        NewItem(
            kind=work.kinds[row.kind], name=row.name, state=STATES[row.state or "live"],
            criticality=CRITICALITIES[row.criticality or ""], description=row.description or "",
            attributes=dict(row.attributes), tags=list(row.tags or ()), part_of_id=whole_id, part_of_at=whole_at,
            key=key,
        )
    )  # fmt: skip


def _whole(work: Importing, new: New, at: int, number: int) -> tuple[int | None, int | None]:
    """The whole that a new row is part of: an item, or an earlier row of the same portion."""
    part_of = new.rows[at].row.part_of
    if not part_of:
        return None, None
    if number in work.plan.loops:
        new.late.append((at, "loop", part_of))
        return None, None
    if new.places.get(part_of, at) < at:
        return None, new.places[part_of]
    found = work.resolver.id_of(ITEM, part_of)
    if found is None:
        new.late.append((at, "unknown_whole", part_of))
    return found, None


def add_roles(work: Importing, given: Iterable[tuple[int, list[tuple[str, int]]]]) -> None:
    """Give groups further roles for items."""
    ItemRole.objects.bulk_create(
        (
            ItemRole(
                item_id=item_id, group_id=group_id, role=role, from_on=work.on, source_id=work.source_id,
                batch_id=work.batch_id,
            )
            for item_id, roles in given
            for role, group_id in roles
        ),
        batch_size=1_000,
        ignore_conflicts=True,
    )  # fmt: skip


def take_differing(work: Importing, rows: Sequence[Taken]) -> None:
    """Hold rows against their items and write what differs."""
    learn(work, rows)
    compared = compare(work, rows)
    refuse_loops(work, compared)
    if not work.is_trial:
        write_compared(work, compared)
    for one in compared:
        _tell(work, one)
    work.settle_findings("items", [one.row.key for one in rows], are_new=False)


def write_compared(work: Importing, compared: list[Compared]) -> None:
    """Write what was found to differ of items."""
    _write_events(work, compared)
    _write_keys(compared)
    _write_roles(work, compared)
    change_items([(one.item, one.wanted) for one in compared if one.wanted], by=work.by, on=work.on, batch=work.batch)
    again = {one.item.pk for one in compared if one.new_says}
    recompute(sorted(again), by=work.by, on=work.on, batch_id=work.batch_id)


def _write_keys(compared: list[Compared]) -> None:
    """After the events, which tell what the keys held before."""
    for one in compared:
        key = one.key
        if one.new_says:
            key.says_group_id, key.claimants = one.says.group_id, one.says.claimants or None
        key.digest, key.not_seen_since = one.taken.digest, None
    save(SourceKey, (one.key for one in compared), ["digest", "says_group", "claimants", "not_seen_since"])


def _write_events(work: Importing, compared: list[Compared]) -> None:
    events = []
    for one in compared:
        if one.key.not_seen_since is not None:
            before = {"not_seen_since": one.key.not_seen_since.isoformat()}
            events.append(_event(work, "importers.item.seen_again", one, before, {"not_seen_since": None}))
        if one.new_says:
            old = {"says_group": one.key.says_group_id, "claimants": one.key.claimants}
            new = {"says_group": one.says.group_id, "claimants": one.says.claimants or None}
            events.append(_event(work, "importers.item.said", one, {**old}, {**new}))
    record_many(events)


def _write_roles(work: Importing, compared: list[Compared]) -> None:
    end_roles(work, (role for one in compared for role in one.old_roles))
    add_roles(work, ((one.item.pk, one.new_roles) for one in compared))


def _event(work: Importing, verb: str, one: Compared, before: dict[str, Any], after: dict[str, Any]) -> Any:
    return make(
        verb, "item", one.item.pk, by=work.by, before=before, after=after, reason=work.source.name, batch=work.batch
    )


def _tell(work: Importing, one: Compared) -> None:
    verdict = Verdict.CREATED if one.comes_back else Verdict.CHANGED if one.changes else None
    if verdict:
        row = one.taken.row
        work.tell(verdict, "items", row, name=row.name, item_id=one.item.pk, changes=one.changes or None)
