"""The quick way for items from plain columns: straight from cells to rows and digests, no dict and no jq between.

Whatever is unusual in a row (a line end in a name, an unknown word, a missing key) sends that row through `Checker`,
so both ways give the same rows; a property test holds them equal.
"""

from __future__ import annotations

import struct
from functools import partial
from hashlib import blake2b
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from helhet.importers.checks import ATTRIBUTE_NAME_MAX, KEY_MAX, Checker
from helhet.importers.loose import one_line
from helhet.importers.mapping import Column, Constant, Mapping, Rest, Rule
from helhet.importers.problems import Place, RowRefused
from helhet.importers.rows import ItemRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from helhet.importers.rows import NormalRow

_SIMPLE = {"key", "kind", "name", "group", "part_of", "state", "criticality", "tags", "description", "attributes"}
_CACHE_MAX = 50_000
_ABSENT = -1
_EMPTY: dict[str, str | None] = {"kind": None, "state": "live", "criticality": ""}
_ITEM = partial(tuple.__new__, ItemRow)
_PLACE = partial(tuple.__new__, Place)


def fits(rule: Rule, columns: tuple[str, ...]) -> bool:
    """Whether a rule over these columns can go the quick way."""
    if rule.noun != "items" or rule.needs_jq or rule.records is not None or not set(rule.fields) <= _SIMPLE:
        return False
    lower = [name.lower() for name in columns]
    if len(set(lower)) != len(lower) or any(len(name) > ATTRIBUTE_NAME_MAX for name in columns):
        return False
    return all(_is_simple(name, spec, lower) for name, spec in rule.fields.items())


def _is_simple(name: str, spec: Any, lower: list[str]) -> bool:
    if name == "attributes":
        return isinstance(spec, Rest)
    if isinstance(spec, Column):
        return sum(one.lower() in lower for one in spec.names) < 2
    return isinstance(spec, Constant) and name in {"kind", "state", "criticality"} and isinstance(spec.value, str)


class QuickItems:
    """A rule for items over one table's columns; `fits` must have said yes.

    Digests are over the cells, seeded with the mapping's text and the header: another mapping or header gives other
    digests, and then the rows themselves must be compared.
    """

    def __init__(self, rule: Rule, columns: tuple[str, ...], mapping: Mapping, checker: Checker) -> None:
        self.rule = rule
        self._columns = columns
        self._checker = checker
        seed = "\x1f".join((rule.path, *columns)).encode()
        self._seed = blake2b(seed, digest_size=8, key=mapping.fingerprint).digest()
        lower = [name.lower() for name in columns]
        self._at: dict[str, int] = {}
        self._constants: dict[str, str] = {}
        for name, spec in rule.fields.items():
            if isinstance(spec, Column):
                found = [lower.index(one.lower()) for one in spec.names if one.lower() in lower]
                self._at[name] = found[0] if found else _ABSENT
            elif isinstance(spec, Constant):
                self._constants[name] = spec.value
        self._words: dict[str, dict[str, str | None]] = {"kind": {}, "state": {}, "criticality": {}}
        self._other = tuple(
            at for at in range(len(columns)) if at not in self._at.values() and "attributes" in rule.fields
        )

    def keys(self, cells: list[list[str]]) -> list[str]:
        """The key of each row."""
        keys = [key.strip() for key in map(itemgetter(self._at["key"]), cells)]
        return keys if "".join(keys).isprintable() else list(map(one_line, keys))

    def digests(self, cells: list[list[str]]) -> list[int]:
        """The digest of each row's cells: signed 64 bits."""
        copy = blake2b(self._seed, digest_size=8).copy
        digests = []
        for text in _encoded(cells):
            one = copy()
            one.update(text)
            digests.append(one.digest())
        return list(struct.unpack(f"<{len(digests)}q", b"".join(digests)))

    def kinds(self, cells: list[list[str]]) -> set[str]:
        """The known kinds among the rows."""
        at = self._at.get("kind", _ABSENT)
        given = {self._constants["kind"]} if at == _ABSENT else set(map(itemgetter(at), cells))
        return {kind for one in given if (kind := self._word("kind", one))} if cells else set()

    def build(self, where: str, cells: list[list[str]], lines: Sequence[int]) -> list[NormalRow | RowRefused]:
        """The rows of cells, column by column, since that is several times quicker than row by row."""
        if not cells:
            return []
        columns: list[Sequence[str]] = list(zip(*cells, strict=True))
        keys, names = self._stripped("key", columns), self._stripped("name", columns)
        kinds = self._looked_up("kind", columns, len(cells))
        states = self._looked_up("state", columns, len(cells))
        criticalities = self._looked_up("criticality", columns, len(cells))
        places = map(_PLACE, zip(repeat(where), lines, repeat("")))
        groups, parents = self._references("group", columns), self._references("part_of", columns)
        tags, attributes = self._tags(columns, len(cells)), self._attributes(columns, len(cells))
        made = zip(
            keys, kinds, names, states, criticalities, tags, attributes, groups, repeat(()), repeat(()), parents,
            self._descriptions(columns), places,
        )  # fmt: skip
        rows: list[NormalRow | RowRefused] = list(map(_ITEM, made))
        for at in self._unusual(cells, keys, names, kinds, states, criticalities):
            rows[at] = self._slowly(cells[at], where, lines[at])
        return rows

    def _stripped(self, name: str, columns: list[Sequence[str]]) -> list[str]:
        return list(map(str.strip, columns[self._at[name]]))

    def _references(self, name: str, columns: list[Sequence[str]]) -> Iterable[str | None]:
        at = self._at.get(name, _ABSENT)
        return repeat(None) if at == _ABSENT else [text.strip() or None for text in columns[at]]

    def _descriptions(self, columns: list[Sequence[str]]) -> Iterable[str | None]:
        at = self._at.get("description", _ABSENT)
        return repeat(None) if at == _ABSENT else list(map(str.strip, columns[at]))

    def _looked_up(self, name: str, columns: list[Sequence[str]], count: int) -> list[str | None]:
        """Our words for a column of the source's words, each distinct one worked out once; None is an unknown one."""
        if name in self._constants:
            return [self._word(name, self._constants[name])] * count
        at = self._at.get(name, _ABSENT)
        if at == _ABSENT:
            return [None] * count
        known = self._words[name]
        if len(known) > _CACHE_MAX:
            known.clear()
        for given in set(columns[at]) - known.keys():
            known[given] = self._word(name, given)
        return list(map(known.__getitem__, columns[at]))

    def _word(self, name: str, given: str) -> str | None:
        text = given.strip()
        if not text:
            return _EMPTY[name]
        return self._checker.kind(text) if name == "kind" else self._checker.word(name, text)

    def _tags(self, columns: list[Sequence[str]], count: int) -> Iterable[tuple[str, ...] | None]:
        at = self._at.get("tags", _ABSENT)
        if at == _ABSENT:
            return [None] * count
        known = {
            given: tuple(dict.fromkeys(filter(None, map(str.strip, given.split(","))))) for given in set(columns[at])
        }
        return list(map(known.__getitem__, columns[at]))

    def _attributes(self, columns: list[Sequence[str]], count: int) -> Iterable[dict[str, str]]:
        names = [self._columns[at] for at in self._other]
        if not names:
            return [{} for _ in range(count)]
        values = [list(map(str.strip, columns[at])) for at in self._other]
        if all(map(all, values)):
            return [dict(zip(names, texts, strict=True)) for texts in zip(*values, strict=True)]
        return [
            {name: text for name, text in zip(names, texts, strict=True) if text} for texts in zip(*values, strict=True)
        ]

    def _unusual(
        self, cells: list[list[str]], keys: list[str], names: list[str], *looked_up: list[str | None]
    ) -> set[int]:
        """Positions of rows that the careful way must look at."""
        found: set[int] = set()
        for name, words in zip(("kind", "state", "criticality"), looked_up, strict=True):
            if None in words and (self._at.get(name, _ABSENT) != _ABSENT or name == "kind"):
                found.update(at for at, word in enumerate(words) if word is None)
        if not all(keys) or not all(names):
            found.update(at for at, (key, name) in enumerate(zip(keys, names, strict=True)) if not key or not name)
        wholes = list(map("".join, cells))
        if max(map(len, wholes)) > KEY_MAX:
            found.update(at for at, whole in enumerate(wholes) if len(whole) > KEY_MAX)
        joined = "".join(wholes)
        if "#" in joined:
            found.update(at for at, whole in enumerate(wholes) if "#" in whole)
        if not joined.isprintable():
            found.update(at for at, whole in enumerate(wholes) if not whole.isprintable())
        return found

    def _slowly(self, cells: list[str], where: str, line: int) -> NormalRow | RowRefused:
        values: dict[str, Any] = dict(self._constants)
        for name, at in self._at.items():
            if at != _ABSENT:
                values[name] = cells[at]
        values["attributes"] = {self._columns[at]: cells[at] for at in self._other}
        return self._checker.check("items", values, Place(where, line))


def _encoded(cells: list[list[str]]) -> list[bytes]:
    """Each row's cells as bytes; encoding all rows at once is quicker, unless one has the mark that parts them."""
    texts = list(map("\x1f".join, cells))
    whole = "\x1e".join(texts)
    if whole.count("\x1e") == len(texts) - 1:
        return whole.encode().split(b"\x1e")
    return [text.encode() for text in texts]
