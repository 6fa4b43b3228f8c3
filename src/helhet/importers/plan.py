"""Reading a file to its end before anything is written: which rows are new, which differ, which are missing."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any

from helhet.importers.at_home import AtHome
from helhet.importers.gathering import Gathered, Held
from helhet.importers.mapped import Batch, Mapped
from helhet.importers.mapping import Column, Mapping
from helhet.importers.order import NONE, wholes_first
from helhet.importers.problems import OF_ONE_LINE, Note, Place, RowRefused
from helhet.importers.reading import ColumnTable, Reading
from helhet.importers.rows import (
    COUNTED,
    OWN,
    PARTS,
    GroupRow,
    MemberRow,
    NormalRow,
    PageRow,
    PersonRow,
    digest,
    digest_of,
)
from helhet.importers.spool import Spool
from helhet.importers.stored import Stored

LISTED = 50_000
_ABSENT = object()
OF_PAGES = frozenset({"name", "group", "groups", "attributes"})
"""The fields of its item that a page speaks of."""
RECORD = re.compile(r"[0-9a-f]{32}\Z")
"""The number of a record in another system, which is no name for a group."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Work:
    """The rows of one noun that must be looked at: `new` and `differing` are numbers in the spool."""

    spool: Spool
    new: array[int] = field(default_factory=lambda: array("q"))
    differing: array[int] = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class Plan:
    """What a file asks for, compared by digests alone.

    `taken` counts the rows by noun that are usable, unchanged ones included, and the groups and persons that are made
    since other rows name them. `refused_keys` are those of refused rows that the source gave before. `left` has, for
    each noun that the file and the mapping speak of, the keys that the source gave before and that this file lacks.
    `spoken` gives, by table, the fields of items that it has at all. `numbers` gives each new key its number, `orders`
    by noun the order in which new rows are written. `claims` are, by item, the paths of the pages that say that they
    were let out of it, each with whether that is the path that it had then.
    """

    work: dict[str, Work] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    refused: list[RowRefused] = field(default_factory=list)
    refused_counts: Counter[str] = field(default_factory=Counter)
    refused_keys: dict[str, set[str]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    left: dict[str, dict[str, int | None]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    spoken: dict[str, frozenset[str]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    orders: dict[str, Sequence[int]] = field(default_factory=dict)
    loops: set[int] = field(default_factory=set)
    claims: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    untaken: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)

    def has(self, noun: str, key: str) -> bool:
        """Whether a usable row of this file has this key, which the source gave before."""
        return noun in self.left and key not in self.left[noun] and key not in self.refused_keys.get(noun, ())

    @property
    def to_do(self) -> int:
        """How many rows must be looked at."""
        return sum(len(one.spool) for one in self.work.values())

    def close(self) -> None:
        """Let the spools go."""
        for one in self.work.values():
            one.spool.close()


class Planner:
    """Makes a plan from a reading. Raises FileRefused when the file cannot be taken as a whole."""

    def __init__(
        self,
        reading: Reading,
        mapping: Mapping,
        kinds: Collection[str],
        stored: Stored,
        kind_names: MappingOf[str, str] | None = None,
        *,
        at_home: AtHome | None = None,
    ) -> None:
        """`kinds` are the keys of the kinds that items may have, `kind_names` what else they go by. `at_home` knows the
        pages that this place let out.
        """
        self._at_home = at_home
        self._mapping = mapping
        self._mapped = Mapped(mapping, reading, kinds, kind_names)
        self._stored = stored
        self._plan = Plan(skipped=list(reading.skipped), notices=list(reading.notices))
        self._unknown: set[str] = set()
        """Nouns of which a line could not be read at all: it may be of anything that the file otherwise lacks."""
        self._persons: set[str] = set()
        self._described: dict[str, MemberRow] = {}
        self._groups_named: dict[str, Place] = {}
        self._groups = Gathered()
        self._before: dict[str, dict[int, str]] = {"items": {}, "changes": {}}

    def read(self, progress: Progress | None = None) -> Plan:
        """Read everything. `progress` is told how many rows were read."""
        plan = self._plan
        for table in self._mapped.reading.tables:
            plan.spoken[table.where] = self._spoken(table)
        read = 0
        for batch in self._mapped.batches():
            self._one(batch)
            read += len(batch)
            if progress:
                progress(read)
            self._take_notes()
        self._settle_groups()
        self._add_persons()
        self._invent_groups()
        spoken = {noun for noun, count in self._mapped.counts.items() if count}
        spoken |= {"persons"} if self._described else set()
        spoken |= {PARTS, OWN} if "pages" in spoken else set()
        plan.left = {noun: self._stored.of(noun) for noun in COUNTED if noun in spoken}
        for noun in self._unknown & plan.left.keys():
            plan.left[noun] = {}
            plan.left |= {PARTS: {}, OWN: {}} if noun == "pages" else {}
        if "groups" in plan.left:
            made = _invented if self._mapping.invent_groups else further_key
            left = plan.left["groups"].items()
            plan.left["groups"] = {
                key: old for key, old in left if key not in self._groups and old not in {made(key), further_key(key)}
            }
        plan.kinds, plan.untaken = self._mapped.kinds, self._mapped.untaken
        self._put_in_order()
        return plan

    def _one(self, batch: Batch) -> None:
        plan, noun = self._plan, batch.noun
        known = self._stored.of(noun)
        marks = batch.digests
        old = [known.pop(key, _ABSENT) for key in batch.keys]
        build_all = noun in {"groups", "members", "persons"}
        wanted = range(len(batch)) if build_all else [at for at, mark in enumerate(marks) if old[at] != mark]
        plan.taken[noun] += len(batch)
        rows = batch.build(wanted)
        own = self._own(rows) if noun == "pages" else ()
        for at, row in zip(wanted, rows, strict=True):
            if isinstance(row, RowRefused):
                self._refuse(row, known)
                plan.taken[noun] -= 1
                continue
            if isinstance(row, GroupRow):
                self._groups.add(Held(row, marks[at], _stored(old[at]), old[at] is _ABSENT))
                continue
            if isinstance(row, PageRow) and (row.told_part is not None or row.key in own):
                # What was a page of its own before is gone as such.
                if old[at] is not _ABSENT:
                    known[row.key] = _stored(old[at])
                self._keep_document(PARTS if row.told_part is not None else OWN, row, marks[at])
                continue
            if build_all:
                self._meet(row)
            if old[at] != marks[at]:
                self._keep(noun, batch.keys[at], row, marks[at], is_new=old[at] is _ABSENT)
        # Only now, since a row may be refused for a key that stood earlier in this very batch.
        for one in batch.refused:
            self._refuse(one, known)

    def _own(self, rows: Sequence[NormalRow | RowRefused]) -> Collection[str]:
        """The paths of those that are documents of this place; which item each is of is kept."""
        told = [row for row in rows if isinstance(row, PageRow) and row.told_home is not None]
        found = self._at_home.of(told) if self._at_home is not None else {}
        for row in told:
            if row.told_home is not None and row.key in found:
                claims = self._plan.claims.setdefault(found[row.key].pk, [])
                claims.append((row.key, row.told_home["path"] == row.key))
        return found

    def _keep_document(self, noun: str, row: PageRow, mark: int) -> None:
        """A page that is no item of its own."""
        self._plan.taken["pages"] -= 1
        self._plan.taken[noun] += 1
        old = self._stored.of(noun).pop(row.key, _ABSENT)
        if old != mark:
            self._keep(noun, row.key, row, mark, is_new=old is _ABSENT)

    def _keep(self, noun: str, key: str, row: Any, mark: int, *, is_new: bool) -> int:
        """Put a row among those to look at; returns its number there."""
        work = self._plan.work.get(noun)
        if work is None:
            work = self._plan.work[noun] = Work(Spool(noun))
        number = work.spool.add(row, mark)
        (work.new if is_new else work.differing).append(number)
        if is_new and noun in {"items", "groups", "persons", "changes", "pages"}:
            self._plan.numbers.setdefault(noun, {})[key] = number
        if noun == "items" and is_new and row.part_of:
            self._before["items"][number] = row.part_of
        elif noun == "changes" and is_new and row.reverts:
            self._before["changes"][number] = row.reverts
        if self._mapping.invent_groups:
            for name in _groups_in(noun, row):
                self._groups_named.setdefault(name, row.place)
        return number

    def _meet(self, row: NormalRow) -> None:
        if isinstance(row, PersonRow):
            self._persons.add(row.key)
        elif isinstance(row, MemberRow):
            known = self._described.get(row.person)
            if known is None or (not known.name and row.name) or (not known.email and row.email):
                self._described[row.person] = row

    def _refuse(self, one: RowRefused, known: dict[str, int | None]) -> None:
        if one.key and known.pop(one.key, _ABSENT) is not _ABSENT:
            self._plan.refused_keys.setdefault(one.noun, set()).add(one.key)
        for noun in (PARTS, OWN) if one.noun == "pages" else ():
            if self._stored.of(noun).pop(one.key, _ABSENT) is not _ABSENT:
                self._plan.refused_keys.setdefault(noun, set()).add(one.key)
        if one.code in OF_ONE_LINE and not one.key:
            self._unknown.add(one.noun)
        self._plan.refused_counts[one.noun] += 1
        if len(self._plan.refused) < LISTED:
            self._plan.refused.append(one)

    def _take_notes(self) -> None:
        notes = self._mapped.notes
        self._plan.notes.extend(notes[: max(0, LISTED - len(self._plan.notes))])
        notes.clear()

    def _add_persons(self) -> None:
        """Persons that only memberships tell of."""
        known = self._stored.of("persons")
        for key, member in self._described.items():
            if key in self._persons:
                continue
            row = PersonRow(key, member.name or key, member.email, None, member.place)
            mark = digest(row)
            old = known.pop(key, _ABSENT)
            self._plan.taken["persons"] += 1
            if old != mark:
                self._keep("persons", key, row, mark, is_new=old is _ABSENT)

    def _settle_groups(self) -> None:
        """Keep the groups that are new or differ. One whose further key is stored is that group, under a new key."""
        plan, known = self._plan, self._stored.of("groups")
        for held, notes in self._groups.settled():
            plan.notes.extend(notes[: max(0, LISTED - len(plan.notes))])
            row = held.row
            if held.is_new or held.old != held.mark:
                is_new = held.is_new and not any(also in known for also in row.also)
                number = self._keep("groups", row.key, row, held.mark, is_new=is_new)
                numbers = plan.numbers.setdefault("groups", {})
                new = [key for key in row.also if key not in known] + [row.key] * held.is_new
                numbers.update(dict.fromkeys(new, number))

    def _invent_groups(self) -> None:
        """Groups that are only named, where the mapping lets them be made; those that exist are sorted out later."""
        known = self._stored.of("groups") if self._groups_named else {}
        for key, place in self._groups_named.items():
            if key in self._groups or key in known or ":" in key or RECORD.match(key):
                continue
            if key in self._plan.refused_keys.get("groups", ()):
                continue
            row = _group_named(key, place)
            self._plan.taken["groups"] += 1
            self._keep("groups", key, row, digest(row), is_new=True)

    def _spoken(self, table: Any) -> frozenset[str]:
        table, rules = self._mapped.prepared(table)
        columns = {name.lower() for name in table.columns()} if isinstance(table, ColumnTable) else None
        fields: set[str] = set()
        for rule in rules:
            if rule.noun == "pages":
                fields |= OF_PAGES
            if rule.noun != "items":
                continue
            for name, spec in rule.fields.items():
                if columns is None or not isinstance(spec, Column) or any(one.lower() in columns for one in spec.names):
                    fields.add(name)
        return frozenset(fields)

    def _put_in_order(self) -> None:
        """New items after the new wholes that they are part of, new changes after those that they take back."""
        for noun, before in self._before.items():
            if noun in self._plan.work:
                self._plan.orders[noun], refused = self._ordered(noun, self._plan.work[noun], before)
                if noun == "items":
                    self._plan.loops = refused

    def _ordered(self, noun: str, work: Work, before: dict[int, str]) -> tuple[Sequence[int], set[int]]:
        """The numbers of new rows in order, and of those that would close a circle."""
        numbers = self._plan.numbers.get(noun, {})
        named = {number: numbers.get(key, NONE) for number, key in before.items()}
        if all(one < number for number, one in named.items()):
            return work.new, set()
        place = {number: at for at, number in enumerate(work.new)}
        chain = [NONE] * len(work.new)
        for number, one in named.items():
            if one != NONE:
                chain[place[number]] = place[one]
        order, refused = wholes_first(chain)
        return [work.new[at] for at in order], {work.new[at] for at in refused}


def _groups_in(noun: str, row: Any) -> Iterator[str]:
    """The groups that a row names as such."""
    if noun in {"items", "pages", "members", "responsibilities", "changes"} and row.group:
        yield row.group
    if noun in {"items", "pages"}:
        yield from row.groups
    if noun == "items":
        yield from (group for _role, group in row.roles)


def further_key(key: str) -> int:
    """The digest of a key that a group has besides that of its row; it never vanishes by itself."""
    return digest_of(f"also\x1f{key}".encode())


def _stored(old: Any) -> int | None:
    return None if old is _ABSENT else old


def _group_named(key: str, place: Place) -> GroupRow:
    return GroupRow(key, key, None, None, None, None, {}, (), (), place)


def _invented(key: str) -> int:
    return digest(_group_named(key, Place("")))
