"""The quick way for items from plain columns: straight from cells to rows and digests, no dict and no jq between.

Whatever is unusual in a row (a line end in a name, an unknown word, a missing key) sends that row through `Checker`,
so both ways give the same rows; a property test holds them equal.
"""

from __future__ import annotations

from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from helhet.importers.checks import ATTRIBUTE_NAME_MAX, KEY_MAX, NAME_MAX, TEXT_MAX, Checker
from helhet.importers.mapping import Column, Constant, Mapping, Rest, Rule
from helhet.importers.problems import Place, RowRefused
from helhet.importers.rows import ItemRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from helhet.importers.rows import NormalRow

_SIMPLE = {"key", "kind", "name", "group", "part_of", "state", "criticality", "tags", "attributes"}
_CACHE_MAX = 50_000
_ABSENT = -1


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
        self._kinds: dict[str, str | None] = {}
        self._words: dict[str, dict[str, str | None]] = {"state": {"": "live"}, "criticality": {"": ""}}
        self._tags: dict[str, tuple[str, ...]] = {"": ()}
        self._other = tuple(
            at for at in range(len(columns)) if at not in self._at.values() and "attributes" in rule.fields
        )

    def keys(self, cells: list[list[str]]) -> list[str]:
        """The key of each row."""
        return [key.strip() for key in map(itemgetter(self._at["key"]), cells)]

    def digests(self, cells: list[list[str]]) -> list[int]:
        """The digest of each row's cells: signed 64 bits."""
        start = blake2b(self._seed, digest_size=8)
        copy, join, number = start.copy, "\x1f".join, int.from_bytes
        digests = []
        for row in cells:
            one = copy()
            one.update(join(row).encode())
            digests.append(number(one.digest(), "little", signed=True))
        return digests

    def kinds(self, cells: list[list[str]]) -> set[str]:
        """The known kinds among the rows."""
        if "kind" in self._constants:
            return {kind} if (kind := self._checker.kind(self._constants["kind"])) and cells else set()
        given = set(map(itemgetter(self._at["kind"]), cells))
        return {kind for one in given if (kind := self._kind(one))}

    def _kind(self, given: str) -> str | None:
        if given not in self._kinds:
            if len(self._kinds) > _CACHE_MAX:
                self._kinds.clear()
            self._kinds[given] = self._checker.kind(given.strip()) if given.strip() else None
        return self._kinds[given]

    def _word(self, name: str, given: str) -> str | None:
        known = self._words[name]
        if given not in known:
            if len(known) > _CACHE_MAX:
                known.clear()
            empty = {"state": "live", "criticality": ""}[name]
            known[given] = self._checker.word(name, given.strip()) if given.strip() else empty
        return known[given]

    def _tags_of(self, given: str) -> tuple[str, ...]:
        if given not in self._tags:
            if len(self._tags) > _CACHE_MAX:
                self._tags = {"": ()}
            self._tags[given] = tuple(dict.fromkeys(tag for one in given.split(",") if (tag := one.strip())))
        return self._tags[given]

    def builder(self, where: str) -> Callable[[list[str], int], NormalRow | RowRefused]:
        """A function from cells and line to the row."""
        at = self._at
        key_at, name_at = at["key"], at["name"]
        kind_at, state_at, criticality_at = (at.get(name, _ABSENT) for name in ("kind", "state", "criticality"))
        tags_at, group_at, part_at = (at.get(name, _ABSENT) for name in ("tags", "group", "part_of"))
        fixed = {name: self._word(name, self._constants[name]) for name in ("state", "criticality") if name in self._constants}
        fixed_kind = self._checker.kind(self._constants["kind"]) if "kind" in self._constants else None
        others = [(self._columns[number], number) for number in self._other]
        kinds, states, criticalities, tags_known = self._kinds, self._words["state"], self._words["criticality"], self._tags
        fixed_state, fixed_criticality = fixed.get("state"), fixed.get("criticality")
        has_state, has_criticality = state_at != _ABSENT, criticality_at != _ABSENT
        join, new, slowly = "".join, tuple.__new__, self._slowly

        def build(cells: list[str], line: int) -> NormalRow | RowRefused:
            whole = join(cells)
            key, name = cells[key_at].strip(), cells[name_at].strip()
            kind = fixed_kind or kinds.get(cells[kind_at]) or self._kind(cells[kind_at])
            state, criticality = fixed_state, fixed_criticality
            if has_state:
                given = cells[state_at]
                state = states[given] if given in states else self._word("state", given)
            if has_criticality:
                given = cells[criticality_at]
                criticality = criticalities[given] if given in criticalities else self._word("criticality", given)
            if (
                kind is None or not key or not name or not whole.isprintable() or len(whole) > TEXT_MAX
                or len(key) > KEY_MAX or len(name) > NAME_MAX
                or (has_state and state is None) or (has_criticality and criticality is None)
            ):  # fmt: skip
                return slowly(cells, where, line)
            group = cells[group_at].strip() if group_at >= 0 else None
            part_of = cells[part_at].strip() if part_at >= 0 else None
            tags: tuple[str, ...] | None = None
            if tags_at >= 0:
                given = cells[tags_at]
                tags = tags_known[given] if given in tags_known else self._tags_of(given)
            if len(whole) > KEY_MAX and _is_long(group, part_of, tags):
                return slowly(cells, where, line)
            attributes = {other: text for other, number in others if (text := cells[number].strip())}
            return new(
                ItemRow,
                (
                    key, kind, name, state, criticality, tags, attributes, group or None, (), (), part_of or None, None,
                    new(Place, (where, line, "")),
                ),
            )  # fmt: skip

        return build

    def _slowly(self, cells: list[str], where: str, line: int) -> NormalRow | RowRefused:
        values: dict[str, Any] = dict(self._constants)
        for name, at in self._at.items():
            if at != _ABSENT:
                values[name] = cells[at]
        values["attributes"] = {self._columns[at]: cells[at] for at in self._other}
        return self._checker.check("items", values, Place(where, line))


def _is_long(group: str | None, part_of: str | None, tags: tuple[str, ...] | None) -> bool:
    return any(text is not None and len(text) > KEY_MAX for text in (group, part_of, *(tags or ())))
