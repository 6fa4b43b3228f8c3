"""A mapping laid over a reading: batches of rows by noun, each with its key and digest, built when asked for.

The caller compares keys and digests with what it has stored, and builds only the rows that differ. FileRefused may
come at any time until the last batch, so nothing may be applied before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from helhet.importers.checks import Checker
from helhet.importers.fields import LISTS, REQUIRED
from helhet.importers.headers import in_english, names_in, noun_named, nouns_told
from helhet.importers.mapping import Column, Mapping, Rule
from helhet.importers.problems import FileRefused, Note, Place, RowRefused
from helhet.importers.quick import QuickItems, fits
from helhet.importers.reading import ColumnTable, Reading, Row, Rows, Table
from helhet.importers.rows import NOUNS, NormalRow, PageRow, digest, digest_of
from helhet.importers.values import JqRules, Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from collections.abc import Mapping as MappingOf

REPOSITORY = ("repo", "repository", "repo_name", "repository_name")
ORIGIN_MAX = 150
_ENDINGS = re.compile(r"\.(?:jsonl|ndjson|json|ya?ml)(?:\.gz)?\Z", re.IGNORECASE)
_WITH_KEYS = ("items", "groups", "persons", "changes")
"""Nouns whose rows have keys of their own; the others tie two of these together."""


@dataclass(slots=True)
class Batch:
    """Rows of one noun from one table.

    `keys`, `digests` and `lines` go together by position. `build(positions)` gives the normalised
    rows at positions, or why one is refused. `refused` are rows that never came so far: wrong number of
    cells, a key that stood earlier.
    """

    noun: str
    where: str
    keys: list[str]
    digests: Sequence[int]
    lines: Sequence[int]
    build: Callable[[Sequence[int]], list[NormalRow | RowRefused]]
    refused: list[RowRefused] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.keys)

    def rows(self) -> list[NormalRow | RowRefused]:
        """All of them built, in order."""
        return self.build(range(len(self.keys)))


class Mapped:
    """One pass of a mapping over a reading.

    After `batches` has ended: `notes` are values left out of rows that were taken and built; `counts` has the number of
    rows by noun, refused ones included; `kinds` are the kinds of item that the file speaks of; `untaken` the
    tables that no rule takes.
    """

    def __init__(
        self,
        mapping: Mapping,
        reading: Reading,
        kinds: Collection[str],
        kind_names: MappingOf[str, str] | None = None,
    ) -> None:
        self.mapping = mapping
        self.reading = reading
        self.checker = Checker(kinds, mapping.kinds, mapping.words, mapping.first_group, kind_names=kind_names or {})
        self.counts: dict[str, int] = {}
        self.kinds: set[str] = set()
        self.untaken: list[str] = []
        self._prepared: dict[str, tuple[Table, list[Rule]]] = {}
        self._seen: dict[str, set[str]] = {}
        self._origins: dict[str, tuple[str, str]] = {}
        self._met: dict[str, list[tuple[str, list[str], Sequence[int], str]]] = {}
        self._places: dict[str, dict[str, tuple[Place, str]]] = {}

    @property
    def notes(self) -> list[Note]:
        """What was left out so far; take and empty it as often as liked."""
        return self.checker.notes

    def batches(self) -> Iterator[Batch]:
        """Every row, noun by noun within each table, in the order of `NOUNS`. Raises FileRefused."""
        self._seen = {noun: set() for noun in NOUNS}
        self._origins = {}
        self._met = {noun: [] for noun in NOUNS}
        self._places = {noun: {} for noun in NOUNS}
        taken = 0
        for given in self._in_order():
            table, rules = self.prepared(given)
            if not rules:
                self.untaken.append(table.where)
                continue
            taken += 1
            before = sum(self.counts.values())
            for batch in self._from_table(table, rules):
                self.counts[batch.noun] = self.counts.get(batch.noun, 0) + len(batch) + len(batch.refused)
                yield batch
            if sum(self.counts.values()) == before and not isinstance(table, ColumnTable):
                self.untaken.append(table.where)
        if not taken:
            raise self._takes_nothing()
        if not any(self.counts.values()):
            raise FileRefused("nothing_taken", self.reading.name, mapping=self.mapping.name)

    def rows(self) -> Iterator[NormalRow | RowRefused]:
        """All rows built, for whoever needs no digests."""
        for batch in self.batches():
            yield from batch.refused
            yield from batch.rows()

    def _in_order(self) -> list[Table]:
        """Tables whose rules make groups before those that make items, and so on."""
        order = {noun: number for number, noun in enumerate(NOUNS)}

        def first_noun(table: Table) -> int:
            rules = [rule for rule in self.mapping.rules if _is_named(rule, table)]
            if self.mapping.by_columns:
                rules = self.prepared(table)[1]
            named = [rule for rule in rules if rule.tables != ("*",)] or rules
            return min((order[rule.noun] for rule in named), default=99)

        return sorted(self.reading.tables, key=first_noun)

    def prepared(self, table: Table) -> tuple[Table, list[Rule]]:
        """The table under the names that the rules know its columns by, and the rules that take it."""
        if table.where not in self._prepared:
            rules = [rule for rule in self.mapping.rules if _is_named(rule, table)]
            if self.mapping.by_columns:
                table, rules = self._told(table, rules)
            self._prepared[table.where] = table, self._fitting(table, rules)
        return self._prepared[table.where]

    def _told(self, table: Table, rules: list[Rule]) -> tuple[Table, list[Rule]]:
        """As `prepared`, by the table's name, else by its columns. A document that holds nouns by name has no names."""
        names = names_in(table)
        if not names:
            return table, [rule for rule in rules if rule.records is not None]
        noun = noun_named(table.name) or self._noun_told(table, names)
        if not noun:
            return table, []
        return in_english(table, noun), [rule for rule in self.mapping.rules if rule.noun == noun][:1]

    def _noun_told(self, table: Table, names: set[str]) -> str:
        """The noun that the columns tell; "" when they tell none. Raises FileRefused for a table that is alone."""
        nouns = nouns_told(names)
        if len(nouns) > 1 and len(self.reading.tables) == 1:
            columns = ", ".join(sorted(names)[:30])
            raise FileRefused("noun_unclear", table.where, columns=columns, nouns=", ".join(nouns), example=nouns[0])
        return nouns[0] if len(nouns) == 1 else ""

    def _fitting(self, table: Table, rules: list[Rule]) -> list[Rule]:
        if not isinstance(table, ColumnTable):
            return [rule for rule in rules if rule.reads != "tables"]
        rules = [rule for rule in rules if rule.reads != "records"]
        if not rules:
            return []
        names = {name.lower() for name in table.columns()}
        return [rule for rule in rules if all(name.lower() in names for name in rule.has)]

    def _from_table(self, table: Table, rules: list[Rule]) -> Iterator[Batch]:
        if not isinstance(table, ColumnTable):
            yield from self._from_records(table, rules)
            return
        for rule in rules:
            self._check_columns(rule, table)
        columns = table.columns()
        quick = [QuickItems(rule, columns, self.mapping, self.checker) for rule in rules if fits(rule, columns)]
        slow = [rule for rule in rules if not fits(rule, columns)]
        for portion in table.batches():
            refused = portion.refused
            for one in quick:
                yield self._quickly(one, table.where, portion, refused)
                refused = []
            if slow:
                yield from self._slow(slow, list(table.as_rows(portion)), refused, columns)

    def _quickly(self, items: QuickItems, where: str, portion: Rows, refused: list[RowRefused]) -> Batch:
        cells, lines = portion.cells, portion.lines
        self.kinds |= items.kinds(cells)

        def build(positions: Sequence[int]) -> list[NormalRow | RowRefused]:
            return items.build(where, [cells[at] for at in positions], [lines[at] for at in positions])

        batch = Batch("items", where, items.keys(cells), items.digests(cells), lines, build)
        batch.refused.extend(row._replace(noun="items") for row in refused)
        self._drop_repeated(batch)
        return batch

    def _from_records(self, table: Table, rules: list[Rule]) -> Iterator[Batch]:
        records: list[Row] = []
        refused: list[RowRefused] = []
        for row in table.rows():
            if isinstance(row, RowRefused):
                if self.mapping.per == "file":
                    raise FileRefused(row.code, row.place, **row.params)
                refused.append(row)
                continue
            if row.twice and self.mapping.per == "file":
                raise FileRefused("json_twice", row.place, line=row.line, name=row.twice)
            records.append(row)
            if len(records) >= table.portion and self.mapping.per == "record":
                yield from self._slow(rules, records, refused)
                records, refused = [], []
        if self.mapping.per == "file":
            line = records[0].line if records else 0
            records = [Row(table.where, line, [row.values for row in records])]
        if records or refused:
            yield from self._slow(rules, records, refused)

    def _slow(
        self, rules: list[Rule], records: list[Row], refused: list[RowRefused], columns: tuple[str, ...] = ()
    ) -> Iterator[Batch]:
        """Rows by columns of single records, plain paths and jq: each is built at once."""
        with_jq = JqRules(self.mapping, tuple(rule for rule in rules if rule.needs_jq), columns)
        found = with_jq.run(records)
        twice = {row.line: row.twice for row in records if row.twice}
        told: set[int] = set()
        for rule in rules:
            picked = found[rule.path] if rule.needs_jq else Picker(rule).pick(records)
            batch = self._built(rule, picked, refused, twice)
            told.update(one.place.line for one in batch.refused)
            refused = []
            yield batch
        if untold := [_name_twice(Place(records[0].where, line), twice[line]) for line in twice.keys() - told]:
            yield self._built(rules[0], [], untold, {})

    def _built(
        self,
        rule: Rule,
        picked: Iterator[tuple[Place, Any]] | list[tuple[Place, Any]],
        refused: list[RowRefused],
        twice: dict[int, str],
    ) -> Batch:
        """Rows of one rule. Whatever is made of a record that had a name twice (`twice`, by line) is refused."""
        noun = rule.noun
        rows: list[NormalRow] = []
        marks: list[int] = []
        refused = [one._replace(noun=noun) for one in refused]
        where = ""
        for place, values in picked:
            where = place.where
            noted = len(self.notes)
            row = values if isinstance(values, RowRefused) else self.checker.check(noun, values, place)
            if isinstance(row, RowRefused):
                refused.append(row._replace(noun=noun))
            elif name := twice.get(place.line):
                del self.notes[noted:]
                refused.append(_name_twice(place, name)._replace(noun=noun, key=row.key))
            else:
                row = self._apart(row) if isinstance(row, PageRow) else row
                rows.append(row)
                marks.append(digest(row) ^ _mark(self.notes[noted:]))
        if noun in {"items", "pages"}:
            self.kinds.update(row.kind for row in rows)  # type: ignore[union-attr] # items only
        keys = [row.key for row in rows]
        batch = Batch(noun, where, keys, marks, [row.place.line for row in rows], _at(rows))
        batch.refused = refused
        said_by = rule.path if rule.records is not None and noun not in _WITH_KEYS else ""
        self._drop_repeated(batch, [row.place for row in rows], said_by)
        return batch

    def _apart(self, row: PageRow) -> PageRow:
        """A page whose path a page of another repository, or of another file of JSON lines, has had in this import: its
        path then begins with the name of its own; where another page has had that too, with the whole path of its file.
        """
        told = (row.front_matter.get(name) for name in REPOSITORY)
        repository = next((one.strip("/ ") for one in told if isinstance(one, str)), "")
        repository = repository if len(repository) <= ORIGIN_MAX else ""
        # A page that is a file of its own is of no line, and has no path in common with another.
        file = row.place.where if row.place.line else ""
        own = repository, file
        first = self._origins.setdefault(row.key, own)
        if first == own:
            return row
        whole = _ENDINGS.sub("", file)
        name = repository if repository != first[0] else PurePosixPath(whole).name[:ORIGIN_MAX]
        names = name, whole[-ORIGIN_MAX:].strip("/"), file[-ORIGIN_MAX:].strip("/")
        keys = [f"{name}/{row.key}" for name in names if name]
        free = next((key for key in keys if self._origins.setdefault(key, own) == own), None)
        return row if free is None else row._replace(key=free)

    def _drop_repeated(self, batch: Batch, given: Sequence[Place] = (), said_by: str = "") -> None:
        """Take out rows whose key stood earlier in this reading, and refuse them.

        What ties two things may be told from both ends, by two rules (`said_by`): told the second time it is left out
        without a word.
        """
        seen = self._seen[batch.noun]
        before = len(seen)
        seen.update(batch.keys)
        if len(seen) - before == len(batch.keys):
            self._met[batch.noun].append((batch.where, batch.keys, batch.lines, said_by))
            return
        places = self._places_of(batch.noun)
        seen.difference_update([key for key in batch.keys if key not in places])
        kept: list[int] = []
        dropped: set[Place] = set()
        for at, key in enumerate(batch.keys):
            place = given[at] if given else Place(batch.where, batch.lines[at])
            if not key or key not in seen:
                kept.append(at)
                seen.add(key)
                places[key] = place, said_by
                continue
            dropped.add(place)
            earlier, told_by = places[key]
            if said_by and told_by and said_by != told_by:
                continue
            shown = " ".join(part for part in key.split("\x1f") if part)
            params = {"key": shown, "earlier": str(earlier)}
            batch.refused.append(RowRefused(place, "repeated", params, batch.noun, shown))
        self.notes[:] = [one for one in self.notes if one.noun != batch.noun or one.place not in dropped]
        _keep(batch, kept)

    def _places_of(self, noun: str) -> dict[str, tuple[Place, str]]:
        """Where each key met so far stood, and by which rule; worked out only when one is met again."""
        places = self._places[noun]
        for where, keys, lines, said_by in self._met[noun]:
            places.update(zip(keys, [(Place(where, line), said_by) for line in lines], strict=True))
        self._met[noun].clear()
        return places

    def _check_columns(self, rule: Rule, table: ColumnTable) -> None:
        """A table without a column that its rule cannot do without is refused whole, not a million times."""
        names = {name.lower() for name in table.columns()}
        missing = [
            name
            for name in REQUIRED[rule.noun]
            if isinstance(spec := rule.fields[name], Column) and not any(one.lower() in names for one in spec.names)
        ]
        if missing:
            columns = ", ".join(table.columns()[:30])
            raise FileRefused("columns_missing", table.where, missing=", ".join(missing), columns=columns)
        _check_repeated(rule, table)

    def _takes_nothing(self) -> FileRefused:
        tables = self.reading.tables
        if self.mapping.by_columns and len(tables) == 1:
            names = tables[0].columns() if isinstance(tables[0], ColumnTable) else sorted(names_in(tables[0]))
            return FileRefused("not_a_key_table", tables[0].where, columns=", ".join(names[:30]))
        shown = ", ".join(table.name for table in tables[:10])
        if set(self.mapping.nouns) == {"pages"}:
            return FileRefused("no_pages", self.reading.name)
        return FileRefused("takes_nothing", self.reading.name, mapping=self.mapping.name, tables=shown)


def _check_repeated(rule: Rule, table: ColumnTable) -> None:
    """A table that has a column twice where its rule takes one value is refused: nobody can tell which one is meant."""
    columns = table.columns()
    lower = [name.lower() for name in columns]
    for field_name, spec in rule.fields.items():
        for one in spec.names if isinstance(spec, Column) else ():
            at = [number for number, name in enumerate(lower) if name == one.lower()]
            if len(at) > 1 and (field_name not in LISTS or len({columns[number] for number in at}) > 1):
                places = ", ".join(str(number + 1) for number in at)
                raise FileRefused("columns_twice", table.where, name=columns[at[0]], places=places)


def _name_twice(place: Place, name: str) -> RowRefused:
    return RowRefused(place, "name_twice", {"name": name})


def _mark(notes: Sequence[Note]) -> int:
    """Makes a row differ when what was left out of it does, so that the note on it is looked at anew."""
    return digest_of("\n".join(f"{one.field} {one.value}" for one in notes).encode()) if notes else 0


def _keep(batch: Batch, positions: list[int]) -> None:
    build = batch.build
    batch.keys = [batch.keys[at] for at in positions]
    batch.digests = [batch.digests[at] for at in positions]
    batch.lines = [batch.lines[at] for at in positions]
    batch.build = lambda wanted: build([positions[at] for at in wanted])


def _at(rows: list[NormalRow]) -> Callable[[Sequence[int]], list[NormalRow | RowRefused]]:
    return lambda positions: [rows[at] for at in positions]


def _is_named(rule: Rule, table: Table) -> bool:
    name = table.name.strip().lower()
    wanted = [pattern.lower() for pattern in rule.tables if not pattern.startswith("!")] or ["*"]
    unwanted = [pattern[1:].lower() for pattern in rule.tables if pattern.startswith("!")]
    return any(fnmatchcase(name, one) for one in wanted) and not any(fnmatchcase(name, one) for one in unwanted)
