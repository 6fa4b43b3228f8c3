"""Changes that another tool ran, as history: new ones and those that differ, and the items that they altered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from helhet.changes.models import Change, ChangeItem, ChangeState, Outcome
from helhet.changes.writing import NewChange, add_changes, change_changes
from helhet.groups.models import Person
from helhet.importers.apply_relations import look_up
from helhet.importers.models import Statement, Verdict
from helhet.importers.resolving import CHANGE, GROUP, ITEM
from helhet.importers.rows import ChangeRow
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import KeySort, Presence, SourceKey
from helhet.items.writing import NewKey
from helhet.kit.engines import save

INSTANTS = {
    "submitted": "submitted_at", "starts": "starts_at", "ends": "ends_at", "began": "began_at",
    "finished": "finished_at", "closed": "closed_at",
}  # fmt: skip
TEXTS = {"description": "purpose", "plan": "plan", "test": "test", "way_back": "way_back", "learnt": "learnt"}
TICKETS = "tickets"
"""The attribute that holds what other tools call what a change belongs to."""


@dataclass(slots=True)
class Known:
    """One portion: what the source gave before, and the changes and persons that it is about."""

    keys: dict[str, SourceKey]
    changes: dict[int, Change]
    persons: dict[str, int]


def take_changes(work: Importing, rows: Sequence[Taken]) -> None:
    """Write changes whose keys are new, and hold the others against what stands there."""
    known = _known(work, rows)
    work.resolver.learn(GROUP, {one.row.group for one in rows})
    work.resolver.learn(ITEM, {item for one in rows for item in one.row.items or ()})
    _take_new(work, known, [one for one in rows if one.row.key not in known.keys])
    work.resolver.learn(CHANGE, {one.row.reverts for one in rows})
    _take_differing(work, known, [one for one in rows if one.row.key in known.keys])
    keys = [one.row.key for one in rows]
    work.settle_findings("changes", keys, are_new=False)


def _known(work: Importing, rows: Sequence[Taken]) -> Known:
    keys: dict[str, SourceKey] = {}
    listed = [one.row.key for one in rows]
    for start in range(0, len(listed), CHUNK):
        part = listed[start : start + CHUNK]
        found = SourceKey.objects.filter(source_id=work.source_id, sort=KeySort.CHANGE, key__in=part)
        keys |= {key.key: key for key in found}
    ids = [key.item_id for key in keys.values()]
    changes = {
        change.pk: change
        for start in range(0, len(ids), CHUNK)
        for change in Change.objects.filter(pk__in=ids[start : start + CHUNK]).select_related("item__kind")
    }
    return Known(keys, changes, _persons(work, {one.row.owner for one in rows if one.row.owner}))


def _persons(work: Importing, texts: set[str]) -> dict[str, int]:
    """Persons by the source's key, else by address, else by a name that only one has."""
    found = {key: one.object_id for key, one in work.statements("persons", texts).items() if one.object_id}
    named: dict[str, set[int]] = {}
    missing = sorted(texts - found.keys())
    for start in range(0, len(missing), CHUNK):
        part = missing[start : start + CHUNK]
        by_address = {text.lower(): text for text in part if "@" in text}
        for pk, email in Person.objects.filter(email__in=by_address).values_list("pk", "email"):
            found[by_address[email]] = pk
        for pk, name in Person.objects.filter(name__in=part).values_list("pk", "name"):
            named.setdefault(name, set()).add(pk)
    planned = work.plan.numbers.get("persons", {}) if work.is_trial else {}
    found = {text: -1 - planned[text] for text in texts if text in planned} | found
    return {name: ids.pop() for name, ids in named.items() if len(ids) == 1} | found


def _take_new(work: Importing, known: Known, rows: Sequence[Taken]) -> None:
    drafts: list[NewChange] = []
    ids: list[int] = []
    ends: list[dict[str, Any]] = [_ends(work, known, one.row) for one in rows]
    for one, found in zip(rows, ends, strict=True):
        asked = _asked(work, one.row)
        draft = NewChange(
            one.row.title, **{name: value for name, value in asked.items() if name != "name"}, is_history=True,
            group_id=found["group_id"], owner_id=found["owner_id"], items=found["items"],
            key=NewKey(work.source_id, one.row.key, KeySort.CHANGE, one.digest),
        )  # fmt: skip
        drafts.append(draft)
    if not work.is_trial:
        ids = add_changes(drafts, by=work.by, on=work.on, batch=work.batch)
        work.resolver.remember(CHANGE, (one.row.key for one in rows), ids)
    # Only now, since a change may take back another of this very portion.
    work.resolver.learn(CHANGE, {one.row.reverts for one in rows})
    wanted = {pk: _reverts(work, one.row, pk) for pk, one in zip(ids or [0] * len(rows), rows, strict=True)}
    if ids:
        taken_back = [Change(pk=pk, reverts_id=other) for pk, other in wanted.items() if other]
        save(Change, taken_back, ["reverts"])
    by_key = dict(zip((one.row.key for one in rows), ids, strict=False))
    work.opened = [
        opened if opened.item_id else opened._replace(item_id=by_key.get(opened.key)) for opened in work.opened
    ]
    listed = min(len(rows), work.report.room(Verdict.CREATED))
    for at, one in enumerate(rows[:listed]):
        work.tell(Verdict.CREATED, "changes", one.row, name=one.row.title, item_id=ids[at] if ids else None)
    work.report.count(Verdict.CREATED, "changes", len(rows) - listed)


def _take_differing(work: Importing, known: Known, rows: Sequence[Taken]) -> None:
    wanted: list[tuple[Change, dict[str, Any]]] = []
    held = _held(known)
    for one in rows:
        row: ChangeRow = one.row
        key = known.keys[row.key]
        change = known.changes[key.item_id]
        ends = _ends(work, known, row, change.pk)
        asked = _asked(work, row, change)
        asked |= {name: ends[name] for name in ("group_id", "owner_id") if ends[name]}
        asked["reverts_id"] = _reverts(work, row, change.pk)
        told = {name: [_plain(change, name), value] for name, value in asked.items() if _plain(change, name) != value}
        comes_back = change.item.presence == Presence.WITHDRAWN
        altered = [] if row.items is None else _set_items(work, change.pk, held.get(change.pk, set()), ends["items"])
        if altered:
            told["items"] = altered
        if comes_back:
            asked["presence"] = int(Presence.HERE)
        if told or comes_back or key.not_seen_since:
            verdict = Verdict.CREATED if comes_back or key.not_seen_since else Verdict.CHANGED
            shown = {name.removesuffix("_id"): [_shown(pair[0]), _shown(pair[1])] for name, pair in told.items()}
            work.tell(verdict, "changes", row, name=row.title, item_id=change.pk, changes=shown or None)
        wanted.append((change, asked))
        key.digest, key.not_seen_since = one.digest, None
    if not work.is_trial:
        change_changes(wanted, by=work.by, on=work.on, batch=work.batch, reason=work.source.name)
        mine = [known.keys[one.row.key] for one in rows]
        save(SourceKey, mine, ["digest", "not_seen_since"])


def _asked(work: Importing, row: ChangeRow, change: Change | None = None) -> dict[str, Any]:
    """What the row says of the change itself. Not said is: left as it is, and for a new one closed and done."""
    told: dict[str, Any] = {"name": row.title}
    told |= {column: at for name, column in INSTANTS.items() if (at := instant(getattr(row, name))) is not None}
    told |= {column: text for name, column in TEXTS.items() if (text := getattr(row, name)) is not None}
    if row.type is not None:
        told["type"] = row.type
    state = row.state or (change.state if change else str(ChangeState.CLOSED))
    outcome = row.outcome or (change.outcome if change else "")
    told["state"] = state
    told["outcome"] = (outcome or str(Outcome.DONE)) if state == ChangeState.CLOSED else ""
    kept = {} if change is None else change.item.attributes
    more = {} if row.tickets is None else {TICKETS: list(row.tickets)}
    told["attributes"] = {name: value for name, value in {**kept, **row.attributes, **more}.items() if value != []}
    first = (told.get(name) for name in ("began_at", "starts_at", "finished_at", "closed_at"))
    if change is None and "submitted_at" not in told:
        told["submitted_at"] = next((at for at in first if at), timezone.now())
    _contradictions(work, row, told)
    return told


def _contradictions(work: Importing, row: ChangeRow, told: dict[str, Any]) -> None:
    """Times that cannot both be true are kept as told, and are findings."""
    finished = told.get("finished_at") or told.get("closed_at")
    pairs = (
        ("submitted", told.get("submitted_at") if row.submitted else None, finished),
        ("ends", told.get("starts_at"), told.get("ends_at")),
        ("finished", told.get("began_at"), finished),
    )
    for name, first, last in pairs:
        if first and last and last < first:
            told_by = {"first": timezone.localtime(first), "last": timezone.localtime(last)}
            details = {key: at.isoformat(" ", "minutes") for key, at in told_by.items()}
            work.open("times", "changes", row, name, details["last"], details=details)


def instant(text: str | None) -> dt.datetime | None:
    """A row's instant; without an offset it is in the installation's time zone."""
    if text is None:
        return None
    at = dt.datetime.fromisoformat(text)
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def _ends(work: Importing, known: Known, row: ChangeRow, change_id: int | None = None) -> dict[str, Any]:
    """The ids of what the row refers to; what is unknown becomes a finding."""
    group_id = work.resolver.id_of(GROUP, row.group)
    if row.group and group_id is None:
        work.open("unknown_group", "changes", row, "group", row.group, item_id=change_id)
    owner_id = known.persons.get(row.owner or "")
    if row.owner and owner_id is None:
        work.open("unknown_person", "changes", row, "owner", row.owner, item_id=change_id)
    items = []
    for text in row.items or ():
        found = work.resolver.id_of(ITEM, text)
        if found is None:
            work.open("unknown_end", "changes", row, "items", text, item_id=change_id)
        else:
            items.append(found)
    return {"group_id": group_id, "owner_id": owner_id, "items": items}


def _reverts(work: Importing, row: ChangeRow, change_id: int) -> int | None:
    if not row.reverts:
        return None
    found = work.resolver.id_of(CHANGE, row.reverts)
    if found is None:
        work.open("unknown_change", "changes", row, "reverts", row.reverts, item_id=change_id or None)
    elif row.reverts == row.key or found == change_id:
        work.open("self_link", "changes", row, "reverts", row.reverts, item_id=change_id or None)
        return None
    return found


def _held(known: Known) -> dict[int, set[int]]:
    """The items of the known changes."""
    held: dict[int, set[int]] = {}
    ids = list(known.changes)
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for change_id, item_id in ChangeItem.objects.filter(change_id__in=part).values_list("change_id", "item_id"):
            held.setdefault(change_id, set()).add(item_id)
    return held


def _set_items(work: Importing, change_id: int, held: set[int], wanted: Sequence[int]) -> list[Any]:
    """Let the change alter these items, and those that rows of their own tell of; how many before and after, when that
    is new.
    """
    more = [item for item in dict.fromkeys(wanted) if item not in held]
    own = Statement.objects.filter(noun="changed_items", item_id=change_id, not_seen_since__isnull=True)
    less = held - set(wanted)
    less -= set(own.values_list("group_id", flat=True)) if less else set()
    if not more and not less:
        return []
    if not work.is_trial:
        ChangeItem.objects.filter(change_id=change_id, item_id__in=less).delete()
        ChangeItem.objects.bulk_create([ChangeItem(change_id=change_id, item_id=item) for item in more])
    return [len(held), len(held) + len(more) - len(less)]


def take_changed_items(work: Importing, rows: Sequence[Taken]) -> None:
    """Rows that say which item a change altered."""
    found = look_up(work, "changed_items", rows, ("change", "item"), (CHANGE, ITEM))
    ids = sorted({a for _one, _statement, a, _b in found.whole if a > 0})
    held: dict[tuple[int, int], int] = {}
    for start in range(0, len(ids), CHUNK):
        there = ChangeItem.objects.filter(change_id__in=ids[start : start + CHUNK])
        held |= {(row[0], row[1]): row[2] for row in there.values_list("change_id", "item_id", "pk")}
    pairs = [(a, b) for _one, _statement, a, b in found.whole if a > 0 and b > 0 and (a, b) not in held]
    if not work.is_trial:
        new = [ChangeItem(change_id=a, item_id=b) for a, b in dict.fromkeys(pairs)]
        held |= {(one.change_id, one.item_id): one.pk for one in ChangeItem.objects.bulk_create(new, batch_size=500)}
    for one, statement, a, b in found.whole:
        statement.object_id, statement.group_id = held.get((a, b)), b if b > 0 else None
        if found.is_new(one):
            work.tell(Verdict.CREATED, "changed_items", one.row, item_id=a if a > 0 else None)
    if not work.is_trial:
        work.state(found.made, found.known)
    work.settle_findings("changed_items", [one.row.key for one in rows], are_new=False)


def _plain(change: Change, name: str) -> Any:
    return getattr(change.item if name in {"name", "attributes", "presence"} else change, name)


def _shown(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(" ", "minutes")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one}" for name, one in value.items())
    return value


def tie_changes(work: Importing, findings: Iterable[Any]) -> None:
    """Set what could not be set when the change was taken in, since its other end has come."""
    rows = [row for row in findings if row.item_id is not None]
    ids = {row.item_id for row in rows}
    changes = {one.pk: one for one in Change.objects.filter(pk__in=ids).select_related("item__kind")}
    persons = _persons(work, {row.value for row in rows if row.field == "owner"})
    wanted: dict[int, dict[str, Any]] = {}
    pairs = []
    for row in rows:
        if row.item_id not in changes:
            continue
        asked = wanted.setdefault(row.item_id, {})
        if row.field == "items":
            if (item_id := work.resolver.id_of(ITEM, row.value)) is not None:
                pairs.append(ChangeItem(change_id=row.item_id, item_id=item_id))
        elif row.field == "group":
            asked["group_id"] = work.resolver.id_of(GROUP, row.value)
        elif row.field == "owner":
            asked["owner_id"] = persons.get(row.value)
        elif row.field == "reverts" and work.resolver.id_of(CHANGE, row.value) != row.item_id:
            asked["reverts_id"] = work.resolver.id_of(CHANGE, row.value)
    ChangeItem.objects.bulk_create(pairs, batch_size=500, ignore_conflicts=True)
    change_changes(((changes[pk], asked) for pk, asked in wanted.items()), by=work.by, on=work.on, batch=work.batch)
