"""Dependencies that stand in rows of their own: in the house's types, confirmations left alone, sets of what replaces
what.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from helhet.estate.models import Dependency, Redundancy, Standing
from helhet.estate.redundancy import clear_small
from helhet.estate.types import type_words
from helhet.importers.also_stated import speaks_for
from helhet.importers.apply_relations import Relations, held_between, insert_rows, look_up, tell_new
from helhet.importers.models import Statement, Verdict
from helhet.importers.spool import Taken
from helhet.importers.work import CHUNK, Importing
from helhet.items.touching import touch
from helhet.journal.actions import make, record_many
from helhet.journal.models import Event
from helhet.kit.engines import save

Triple = tuple[int, int, str]
WRITTEN = [
    "type", "criticality", "note", "not_seen_since", "redundancy", "standing", "standing_by", "standing_at",
    "standing_words", "version", "source", "batch_id",
]  # fmt: skip
FIELDS = (
    "id", "from_item", "to_item", "type", "criticality", "note", "source", "batch_id", "at", "is_from_provider",
    "is_by_hand", "standing", "standing_by", "standing_words", "version",
)  # fmt: skip
SHARE = re.compile(r"(\d{1,3})\s*%\Z")


@dataclass(slots=True)
class _Tie:
    """One row with its ends the right way round, its type, and the dependency that it is or becomes."""

    taken: Taken
    statement: Statement
    triple: Triple
    row: Dependency | None = None


@dataclass(slots=True)
class _Doing:
    """What a portion writes."""

    work: Importing
    found: Relations
    new: list[Dependency] = field(default_factory=list)
    changed: list[Dependency] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def take_dependencies(work: Importing, rows: Sequence[Taken]) -> None:
    """Dependencies, new and known."""
    doing = _Doing(work, look_up(work, "dependencies", rows, ("from_", "to")))
    ties = _ties(doing.found)
    held = _held(doing.found, ties)
    for tie in ties:
        tie.row = _standing_row(doing.found, tie, held)
        if tie.row is None:
            _make(doing, tie, held)
        elif tie.row._state.adding:
            work.open("duplicate", "dependencies", tie.taken.row, "to", tie.taken.row.to, item_id=tie.triple[0])
        else:
            _alter(doing, tie, held)
    if not work.is_trial:
        insert_rows(Dependency, FIELDS, doing.new)
        left = _put_in_sets(doing, ties)
        save(Dependency, list({row.pk: row for row in doing.changed}.values()), WRITTEN)
        clear_small(left)
        touch(row.from_item_id for row in (*doing.new, *doing.changed))
        record_many(doing.events)
        for tie in ties:
            tie.statement.object_id = tie.row.pk if tie.row else None
        work.state(doing.found.made, doing.found.known)
    work.settle_findings("dependencies", [one.row.key for one in rows], are_new=False)


def _ties(found: Relations) -> list[_Tie]:
    words = type_words()
    ties = []
    for one, statement, a, b in found.whole:
        meaning = words.meaning(one.row.type)
        ends = (b, a) if meaning.is_turned else (a, b)
        ties.append(_Tie(one, statement, (*ends, meaning.type)))
    return ties


def _standing_row(found: Relations, tie: _Tie, held: dict[Triple | int, Dependency]) -> Dependency | None:
    """What the row became before, though somebody gave it another type since; else what has its ends and type."""
    known = found.known.get(tie.taken.row.key)
    before = held.get(known.object_id) if known and known.object_id else None
    if before is not None and (before.from_item_id, before.to_item_id) == tie.triple[:2]:
        return before
    return held.get(tie.triple)


def _held(found: Relations, ties: Sequence[_Tie]) -> dict[Triple | int, Dependency]:
    """The dependencies that stand already: by their ends and type, and by number where a row was tied before."""
    triples = held_between(Dependency, {tie.triple for tie in ties})
    held: dict[Triple | int, Dependency] = {}
    held.update(triples.items())
    numbers = [one.object_id for one in found.known.values() if one.object_id]
    for start in range(0, len(numbers), CHUNK):
        for row in Dependency.objects.filter(pk__in=numbers[start : start + CHUNK]).select_related("redundancy"):
            held[row.pk] = triples.get((row.from_item_id, row.to_item_id, row.type), row)
    return held


def _make(doing: _Doing, tie: _Tie, held: dict[Triple | int, Dependency]) -> None:
    row, (a, b, type_) = tie.taken.row, tie.triple
    tie.row = held[tie.triple] = Dependency(
        from_item_id=a, to_item_id=b, type=type_, criticality=row.criticality, note=row.note or "",
        source=doing.work.source, batch_id=doing.work.batch_id,
    )  # fmt: skip
    doing.new.append(tie.row)
    tell_new(doing.work, doing.found, tie.taken, a)


def _alter(doing: _Doing, tie: _Tie, held: dict[Triple | int, Dependency]) -> None:
    """What a person set stays, and so does what the other end said, unless the link itself becomes another."""
    row, before = tie.taken.row, tie.row
    assert before is not None
    asked: dict[str, Any] = {}
    if not before.is_by_hand and speaks_for(before, doing.work.source_id):
        asked = {"criticality": row.criticality, "note": row.note or ""}
        if tie.triple not in held:
            asked["type"] = tie.triple[2]
    told = {name: [getattr(before, name), value] for name, value in asked.items() if getattr(before, name) != value}
    if told:
        doing.work.tell(Verdict.CHANGED, "dependencies", row, item_id=tie.triple[0], changes=told)
        doing.events.append(
            make("estate.dependency.changed", "item", tie.triple[0], by=doing.work.by, batch=doing.work.batch,
                 before={"dependency": before.pk, **{name: pair[0] for name, pair in told.items()}},
                 after={"dependency": before.pk, **{name: pair[1] for name, pair in told.items()}})
        )  # fmt: skip
    if told.keys() - {"note"} and before.standing == Standing.CONFIRMED:
        before.standing, before.standing_by, before.standing_at = Standing.STATED, "", None
    if told or before.not_seen_since:
        for name, pair in told.items():
            setattr(before, name, pair[1])
        if before.not_seen_since and before.source_id is not None:
            before.source, before.batch_id = doing.work.source, doing.work.batch_id
        before.not_seen_since = None
        before.version += 1
        doing.changed.append(before)


def _put_in_sets(doing: _Doing, ties: Sequence[_Tie]) -> set[int]:
    """Rows of one item with the same `set` replace one another; at least `least` of them must hold. Returns the sets
    that something has left.
    """
    left: set[int] = set()
    sets = _sets_of(ties)
    for tie in ties:
        name, row = tie.taken.row.set or "", tie.row
        assert row is not None
        if not speaks_for(row, doing.work.source_id):
            continue
        said = row.redundancy
        if not name:
            if said is not None and said.name and not row.is_by_hand:
                left.add(said.pk)
                row.redundancy = None
                doing.changed.append(row)
            continue
        least, is_share = least_of(tie.taken.row.least)
        found = sets.get((row.from_item_id, name))
        if found is None:
            found = sets[row.from_item_id, name] = Redundancy.objects.create(name=name, least=least, is_share=is_share)
        elif (found.least, found.is_share) != (least, is_share):
            found.least, found.is_share = least, is_share
            found.save(update_fields=["least", "is_share"])
            doing.changed.append(row)
        if row.redundancy_id != found.pk:
            left |= {row.redundancy_id} if row.redundancy_id else set()
            row.redundancy = found
            doing.changed.append(row)
    return left


def _sets_of(ties: Sequence[_Tie]) -> dict[tuple[int, str], Redundancy]:
    """The sets that stand already, by item and name."""
    items = sorted({tie.row.from_item_id for tie in ties if tie.row is not None and tie.taken.row.set})
    found: dict[tuple[int, str], Redundancy] = {}
    for start in range(0, len(items), CHUNK):
        rows = Dependency.objects.filter(from_item_id__in=items[start : start + CHUNK], redundancy__isnull=False)
        for row in rows.select_related("redundancy").order_by("redundancy_id"):
            if row.redundancy is not None:
                found.setdefault((row.from_item_id, row.redundancy.name), row.redundancy)
    return found


def least_of(text: str | None) -> tuple[int, bool]:
    """How many of a set must hold, or with a percent sign which share; 1 where nothing is said."""
    share = SHARE.match(text or "")
    if share:
        return int(share[1]), True
    return int(text) if text else 1, False
