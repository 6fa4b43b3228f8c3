"""Headings in the plain layout: what a table holds, told by its columns, and the Swedish words for them."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Final

from helhet.importers.fields import FIELDS
from helhet.importers.reading import ColumnTable, Row, Rows, Table
from helhet.importers.rows import NOUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

PEEKED = 200
"""How many records of a list are looked at for their names."""

TABLES: Final = {
    "objekt": "items", "grupper": "groups", "förvaltningsgrupper": "groups", "personer": "persons",
    "medlemmar": "members", "medlemskap": "members", "ansvar": "responsibilities", "länkar": "links",
    "beroenden": "dependencies", "ändringar": "changes", "ändrade_objekt": "changed_items",
    "ändrade objekt": "changed_items",
}  # fmt: skip
"""Swedish names of files and sheets."""

_WORDS: Final = {
    "nyckel": "key", "namn": "name", "typ": "kind", "grupp": "group", "förvaltningsgrupp": "group",
    "ansvarig_grupp": "group", "ingår_i": "part_of", "del_av": "part_of", "tillstånd": "state",
    "kritikalitet": "criticality", "etiketter": "tags", "taggar": "tags", "beskrivning": "description",
    "överordnad": "parent", "uppdrag": "mandate", "grund": "basis", "objekt": "item", "roll": "role", "från": "from",
    "till": "to", "andel": "share", "e_post": "email", "epost": "email", "enhet": "unit", "slag": "type",
    "anteckning": "note", "mängd": "set", "minst": "least",
    "rubrik": "title", "utfall": "outcome", "ägare": "owner", "inlämnad": "submitted",
    "börjar": "starts", "slutar": "ends", "påbörjad": "began", "klar": "finished", "stängd": "closed",
    "återställer": "reverts", "ärenden": "tickets", "plan": "plan", "test": "test", "väg_tillbaka": "way_back",
    "lärdom": "learnt", "ändring": "change",
}  # fmt: skip
"""Swedish words for columns."""
_OWN: Final[dict[str, dict[str, str]]] = {
    "part_of": {"ingår_i": "parent", "del_av": "parent"}, "links": {"typ": "type"}, "dependencies": {"typ": "type"},
    "changes": {"typ": "type", "objekt": "items", "namn": "title", "name": "title"},
}  # fmt: skip
"""Swedish words that mean something else in a noun of its own."""


FROM: Final = (
    "dependant", "dependent", "consumer", "client", "caller", "source", "källa", "konsument", "service", "tjänst",
    "application", "applikation", "app", "system", "component", "komponent", "objekt", "item", "ci", "name",
    "namn", "parent",
)  # fmt: skip
"""What the column of what depends is called where it is not `from`, the plainest first."""
TO: Final = (
    "depends_on", "dependson", "dependency", "dependencies", "needs", "requires", "uses", "provider", "upstream",
    "beror_av", "beror_på", "behöver", "använder", "kräver", "leverantör", "target", "mål", "server", "child",
)  # fmt: skip
"""The same of what is depended on."""
TOLD_BY: Final = frozenset(TO) - {"server", "target", "mål", "child", "leverantör", "uses", "använder"}
"""Those that leave no doubt; the others need their own counterpart."""
PAIRED: Final = frozenset(
    {("client", "server"), ("source", "target"), ("källa", "mål"), ("parent", "child"), ("consumer", "provider")}
)


def ends_told(names: Collection[str]) -> tuple[str, str] | None:
    """The columns that are the ends of a dependency, what depends first; None where none are or it is open."""
    pair = next((pair for pair in sorted(PAIRED) if set(pair) <= set(names)), None)
    if pair is not None:
        return pair
    to = [name for name in TO if name in names and name in TOLD_BY]
    first = [name for name in FROM if name in names]
    return (first[0], to[0]) if len(to) == 1 and first else None


def nouns_told(names: Collection[str]) -> tuple[str, ...]:
    """The nouns that a table with these column names may hold: one when they tell, several when they leave it open."""
    has = {_plain(name) for name in names}
    has |= {_WORDS[name] for name in has if name in _WORDS}
    if {"key", "name"} <= has:
        return _keyed(has)
    if {"key", "title"} <= has or {"change", "item"} <= has:
        return ("changes",) if "key" in has else ("changed_items",)
    if {"group", "person"} <= has:
        return ("members",)
    if {"from", "to"} <= has or ends_told(has) is not None:
        is_open = {"from", "to"} <= has and not has & {"criticality", "note", "least"}
        return ("links", "dependencies") if is_open else ("dependencies",)
    if "item" in has and has & {"parent", "part_of"}:
        return ("part_of",)
    return ("responsibilities",) if {"item", "group"} <= has else ()


def _keyed(has: set[str]) -> tuple[str, ...]:
    if has & {"kind", "group", "part_of", "criticality", "tags"}:
        return ("items",)
    if has & {"basis", "parent", "mandate"}:
        return ("groups",)
    return ("persons",) if has & {"email", "unit"} else ("items", "groups", "persons")


def noun_named(name: str) -> str:
    """The noun that a file or sheet of this name holds, in English or Swedish; "" when the name tells none."""
    plain = name.strip().lower()
    if plain in NOUNS or plain.startswith("items."):
        return plain.partition(".")[0]
    return TABLES.get(plain, "")


def names_in(table: Table) -> set[str]:
    """The columns, or the names that the first records have; none for a document that holds nouns by name."""
    if isinstance(table, ColumnTable):
        return set(table.columns())
    names: set[str] = set()
    with closing(table.rows()) as rows:  # type: ignore[type-var] # every table's rows are a generator
        for row in islice(rows, PEEKED):
            values = row.values if isinstance(row, Row) else None
            if not isinstance(values, dict):
                continue
            if "key" not in values and any(isinstance(values.get(noun), list) for noun in NOUNS):
                return set()
            names.update(str(name).removeprefix("@") for name in values if name != "@element")
    return names


def in_english(table: Table, noun: str) -> Table:
    """The table with its columns under the layout's own names, where they are written in another way."""
    if not isinstance(table, ColumnTable):
        return table
    columns = table.columns()
    taken = {name.lower() for name in columns}
    named: list[str] = []
    ends = ends_told({_plain(column) for column in columns}) if noun == "dependencies" else None
    told = dict(zip(ends, ("from", "to"), strict=True)) if ends and not {"from", "to"} <= taken else {}
    for column in columns:
        found = told.get(_plain(column)) or _field(_plain(column), noun)
        is_free = bool(found) and found not in taken
        named.append(found if is_free else column)
        taken |= {found} if is_free else set()
    return _Renamed(table, tuple(named)) if tuple(named) != columns else table


def _field(plain: str, noun: str) -> str:
    fields = FIELDS[noun]
    found = plain if plain in fields else _OWN.get(noun, {}).get(plain, _WORDS.get(plain, ""))
    return found if found in fields else ""


def _plain(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


class _Renamed(ColumnTable):
    """A table under other column names."""

    def __init__(self, table: ColumnTable, columns: tuple[str, ...]) -> None:
        self.name = table.name
        self.where = table.where
        self._table = table
        self._columns = columns

    def columns(self) -> tuple[str, ...]:
        """The names that it goes by here."""
        return self._columns

    def batches(self, size: int = 1000) -> Iterator[Rows]:
        """The table's own rows."""
        return self._table.batches(size)
