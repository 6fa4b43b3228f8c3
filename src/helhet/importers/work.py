"""What every step of an import works with."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils import timezone

from helhet.importers.fields import FIELDS
from helhet.importers.mapping import Mapping
from helhet.importers.models import Finding, Run, Statement, Verdict
from helhet.importers.plan import Plan
from helhet.importers.problems import Place
from helhet.importers.report import Report
from helhet.importers.resolving import CHANGE, GROUP, ITEM, Resolver
from helhet.items.models import Item, Kind, Source
from helhet.journal.models import Batch
from helhet.kit.engines import insert, save
from helhet.kit.rights import Caller

CHUNK = 500
STATED = ("source", "noun", "key", "digest", "object_id", "item_id", "group_id", "not_seen_since", "batch_id")


class Open(NamedTuple):
    """A finding that is to be open. `details` is what tying it up needs."""

    sort: str
    noun: str
    key: str
    field: str
    value: str
    place: str
    item_id: int | None = None
    details: dict[str, Any] | None = None


@dataclass(slots=True)
class Importing:
    """One import under way. `is_trial` writes nothing; `batch` is None then. `planned_for` is how many rows were made
    when the planner last looked, `moved` the former paths of pages by their new ones, `parts_met` by item and
    part the page of this run that is it, and its document where there was one.
    """

    run: Run
    source: Source
    mapping: Mapping
    plan: Plan
    by: Caller
    on: dt.date
    resolver: Resolver
    report: Report
    batch: Batch | None = None
    is_trial: bool = False
    kinds: dict[str, Kind] = field(default_factory=dict)
    notes: dict[tuple[str, str], list[Open]] = field(default_factory=dict)
    opened: list[Open] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    trial_findings: int = 0
    settled: set[int] = field(default_factory=set)
    tied: int = 0
    planned_for: int = 0
    hanging: Counter[str] = field(default_factory=Counter)
    moved: dict[str, str] = field(default_factory=dict)
    parts_met: dict[tuple[int, str], tuple[str, int | None]] = field(default_factory=dict)

    @property
    def source_id(self) -> int:
        """The id of the source; 0 in a trial of one that is not known yet."""
        return self.source.pk or 0

    @property
    def batch_id(self) -> int | None:
        """The id of the batch, if any."""
        return self.batch.pk if self.batch else None

    def owns(self, name: str) -> bool:
        """Whether what the source says in this field overwrites what people have written."""
        owned = self.mapping.owns or self.source.owns
        return not owned or name in owned

    def speaks(self, row: Any, name: str) -> bool:
        """Whether the table that an item's row stands in has this field at all."""
        spoken = self.plan.spoken.get(row.place.where)
        return name in (spoken if spoken is not None else FIELDS["items"])

    def new_resolver(self) -> None:
        """Forget what was remembered of a transaction that failed."""
        self.resolver = Resolver(self.source.pk, self.source.name, self.planned())

    def planned(self) -> dict[int, dict[str, int]]:
        """The keys that a trial would make."""
        if not self.is_trial:
            return {}
        numbers = self.plan.numbers
        nouns = ((ITEM, "items"), (ITEM, "pages"), (GROUP, "groups"), (CHANGE, "changes"))
        found: dict[int, dict[str, int]] = {}
        for sort, noun in nouns:
            found[sort] = {**numbers.get(noun, {}), **found.get(sort, {})}
        return found

    def name_of(self, item_id: int | None, given: str | None = None) -> str | None:
        """The name of an item or group, for the report."""
        if item_id is None:
            return given
        if item_id < 0:
            return given
        if item_id not in self.names:
            if len(self.names) > 50_000:
                self.names.clear()
            self.names[item_id] = Item.objects.values_list("name", flat=True).filter(pk=item_id).first() or ""
        return self.names[item_id]

    def learn_names(self, ids: Iterable[int | None]) -> None:
        """Look up the names that the report of a portion may tell, in few questions."""
        missing = sorted({one for one in ids if one is not None and one > 0} - self.names.keys())
        for start in range(0, len(missing), CHUNK):
            self.names.update(Item.objects.filter(pk__in=missing[start : start + CHUNK]).values_list("pk", "name"))

    # ---- findings ----

    def open(
        self,
        sort: str,
        noun: str,
        row: Any,
        field_name: str,
        value: str,
        *,
        item_id: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Something of this row does not hold together."""
        self.opened.append(
            Open(sort, noun, row.key[:700], field_name, value[:700], str(row.place)[:200], item_id, details)
        )

    def settle_findings(self, noun: str, keys: Sequence[str], *, are_new: bool) -> None:
        """Open what was found for these keys of a noun, and close what no longer holds for them."""
        found = [one for key in keys for one in self.notes.pop((noun, key), ())]
        found += self.opened
        self.opened = []
        if self.is_trial:
            self.trial_findings += len({one[:5] for one in found}) - (0 if are_new else self.count_settled(noun, keys))
            return
        if not are_new:
            self._close_others(noun, keys, {(one.key, one.sort, one.field, one.value) for one in found})
        now = timezone.now()
        Finding.objects.bulk_create(
            (
                Finding(
                    source=self.source, run=self.run, sort=one.sort, noun=one.noun, key=one.key, field=one.field,
                    value=one.value, place=one.place, item_id=one.item_id, details=one.details or {}, opened_at=now,
                )
                for one in found
            ),
            batch_size=1_000,
            ignore_conflicts=True,
        )  # fmt: skip

    def count_further_notes(self) -> int:
        """How many notes a trial leaves that no row was looked at for and that are not open yet."""
        left = {(one.key, one.field, one.value) for notes in self.notes.values() for one in notes}
        rows = Finding.objects.filter(source_id=self.source_id, sort="unreadable", closed_at__isnull=True)
        return len(left.difference(rows.values_list("key", "field", "value").iterator())) if left else 0

    def count_settled(self, noun: str, keys: Sequence[str]) -> int:
        """How many findings stand open for these keys, which a trial looks at anew."""
        count = 0
        for start in range(0, len(keys), CHUNK):
            rows = Finding.objects.filter(
                source_id=self.source_id, noun=noun, closed_at__isnull=True, key__in=keys[start : start + CHUNK]
            )
            ids = set(rows.values_list("id", flat=True))
            self.settled |= ids
            count += len(ids)
        return count

    def _close_others(self, noun: str, keys: Sequence[str], found: set[tuple[str, str, str, str]]) -> None:
        gone = []
        for start in range(0, len(keys), CHUNK):
            rows = Finding.objects.filter(
                source=self.source, noun=noun, closed_at__isnull=True, key__in=keys[start : start + CHUNK]
            )
            gone += [
                row[0] for row in rows.values_list("id", "key", "sort", "field", "value") if tuple(row[1:]) not in found
            ]
        for start in range(0, len(gone), CHUNK):
            Finding.objects.filter(pk__in=gone[start : start + CHUNK]).update(closed_at=timezone.now())

    # ---- statements ----

    def statements(self, noun: str, keys: Iterable[str]) -> dict[str, Statement]:
        """What the source stated before under these keys."""
        found: dict[str, Statement] = {}
        listed = list(keys)
        for start in range(0, len(listed), CHUNK):
            rows = Statement.objects.filter(source_id=self.source_id, noun=noun, key__in=listed[start : start + CHUNK])
            found.update({row.key: row for row in rows})
        return found

    def statement(self, noun: str, key: str, digest: int) -> Statement:
        """A statement that is not written yet."""
        return Statement(source=self.source if self.source.pk else None, noun=noun, key=key, digest=digest)

    def state(self, made: Iterable[Statement], known: dict[str, Statement]) -> None:
        """Keep statements, new and altered."""
        new, old = [], []
        for one in made:
            before = known.get(one.key)
            if before is None:
                one.batch_id = self.batch_id
                new.append(one)
            else:
                before.digest, before.object_id, before.item_id = one.digest, one.object_id, one.item_id
                before.group_id, before.not_seen_since = one.group_id, None
                old.append(before)
        insert(Statement, STATED, map(attrgetter("source_id", *STATED[1:]), new))
        save(Statement, old, ["digest", "object_id", "item_id", "group_id", "not_seen_since"])

    def untied(self, noun: str) -> int:
        """How many rows of this noun in the file are kept as findings, since an end of theirs is unknown."""
        if noun in {"items", "groups", "persons", "changes", "pages"}:
            return 0
        rows = Statement.objects.filter(
            source_id=self.source_id, noun=noun, object_id__isnull=True, not_seen_since__isnull=True
        )
        known = sum(self.plan.has(noun, key) for key in rows.values_list("key", flat=True).iterator())
        return known + (self.hanging[noun] if self.is_trial else 0)

    def hang(self, noun: str, known: Statement | None, *, hangs: bool) -> None:
        """Count, for a trial, how many rows would be kept as findings."""
        was = known is not None and known.object_id is None and known.not_seen_since is None
        self.hanging[noun] += hangs - was

    def tell(self, verdict: Verdict, noun: str, row: Any, **more: Any) -> None:
        """Report one row."""
        self.report.tell(verdict, noun, row.key, place=str(row.place), **more)


def as_notes(plan: Plan) -> dict[tuple[str, str], list[Open]]:
    """The notes of a plan as findings, by noun and key."""
    found: dict[tuple[str, str], list[Open]] = defaultdict(list)
    for note in plan.notes:
        found[note.noun, note.key].append(
            Open(
                "unreadable", note.noun, note.key[:700], note.field[:100], note.value[:700], str(note.place)[:200],
                details={"code": note.code, "params": note.params},
            )
        )  # fmt: skip
    return dict(found)


__all__ = ["CHUNK", "Importing", "Open", "Place", "as_notes"]
