"""Which rules cannot select any of some items, seen from the items' own values: most rules, when one item is saved.

A rule is left out only when one of the terms that must all hold asks for an attribute, a tag or a kind that none of
the items has. What remains is asked of the database as ever.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helhet.items.filters import item_fields
from helhet.items.models import Item, ItemValue, Kind
from helhet.items.text import FOLD_LIMIT, TAG, attribute_name, fold
from helhet.responsibility.models import Rule
from helhet.rules.filters import All, Node, Op, Term, Value, parse
from helhet.rules.text import wildcard_match

CHUNK = 900


@functools.lru_cache(maxsize=1_000)
def _parsed(text: str) -> Node:
    return parse(text)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A value of `name` that an item must have: one of these."""

    name: str
    values: tuple[Value, ...]


def _asked(rule: Rule) -> list[_Asked]:
    """The terms of the rule's filter that must hold and that can be held against values."""
    node = _parsed(rule.filter)
    found = []
    for term in node.children if isinstance(node, All) else (node,):
        if not isinstance(term, Term) or term.field is None or term.op not in {Op.MATCH, Op.EXACT}:
            continue
        if any(value.asks_for_none for value in term.values):
            continue
        declared = next((one for one in item_fields().declared if term.field.lower() in (one.name, *one.aliases)), None)
        if declared is None:
            found.append(_Asked(attribute_name(term.field.removeprefix("attr.")), term.values))
        elif declared.name == TAG:
            found.append(_Asked(TAG, term.values))
        elif declared.name == "kind" and not any(value.wildcard for value in term.values):
            found.append(_Asked("", term.values))
    return found


def not_ruled_out(rules: Sequence[Rule], ids: Sequence[int]) -> list[Rule]:
    """The rules that may select some of these items."""
    asked = {rule.pk: _asked(rule) for rule in rules}
    names = {one.name for some in asked.values() for one in some}
    had = _values(names - {""}, ids)
    if "" in names:
        had[""] = _kind_words(ids)
    return [rule for rule in rules if all(_may_hold(one, had.get(one.name, set())) for one in asked[rule.pk])]


def _values(names: Iterable[str], ids: Sequence[int]) -> dict[str, set[str]]:
    wanted = sorted(names)
    found: dict[str, set[str]] = {}
    for start in range(0, len(ids) if wanted else 0, CHUNK):
        rows = ItemValue.objects.filter(item_id__in=ids[start : start + CHUNK], value__name__name__in=wanted)
        for name, folded in rows.order_by().values_list("value__name__name", "value__fold"):
            found.setdefault(name, set()).add(folded)
    return found


def _kind_words(ids: Sequence[int]) -> set[str]:
    """All that the kinds of these items may be called in a filter."""
    kinds: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        here = Item.objects.filter(pk__in=ids[start : start + CHUNK])
        kinds.update(here.order_by().values_list("kind_id", flat=True).distinct())
    words: set[str] = set()
    for kind in Kind.objects.filter(pk__in=kinds).only("key", "family", "name_sv", "name_en"):
        words |= {kind.key, kind.key.replace("_", " "), kind.family, fold(kind.name_sv), fold(kind.name_en)}
    return words


def _may_hold(one: _Asked, had: set[str]) -> bool:
    for value in one.values:
        if len(value.text) > FOLD_LIMIT:
            return True
        folded = tuple(map(fold, value.parts))
        if any(wildcard_match(folded, text) for text in had) if value.wildcard else folded[0] in had:
            return True
    return False
