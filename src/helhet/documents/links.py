"""Where a text leads inside the product: items by their references, and addresses of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import Resolver404, resolve

from helhet.items.models import Item, Kind, Presence
from helhet.kit.markdown import Leads
from helhet.kit.markdown import links_in as targets_in

WHOLE = re.compile(r"([A-ZÅÄÖ][A-ZÅÄÖ0-9]{0,7})-([1-9]\d{0,17})")
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Found:
    """One place that a text leads to. `target` is as written; `item_id` what it leads to; `is_page`: an address of the
    product that names no item. With neither it leads nowhere, unless there is such a page in the set that the text is
    of (`is_local`; `is_named`: by a name in double brackets).
    """

    target: str
    item_id: int | None = None
    is_page: bool = False
    is_local: bool = False
    is_named: bool = False


def links_of(text: str) -> list[Found]:
    """Every place that the text leads to, in the order of the targets, each once. Two questions to the database."""
    return links_in([text])[0]


def links_in(texts: Sequence[str]) -> list[list[Found]]:
    """The same of several texts, with two questions for all."""
    targets = [targets_in(text) for text in texts]
    named = {target: _named(target) for one in targets for target in one.addresses}
    wanted = {reference for one in targets for reference in one.bracketed | one.bare}
    items = items_of(wanted | {reference.upper() for reference in named.values() if reference})
    prefixes = set(Kind.objects.values_list("prefix", flat=True)) if wanted else set()
    return [_found(one, named, items, prefixes) for one in targets]


def _found(
    targets: Leads,
    named: Mapping[str, str | None],
    items: Mapping[str, int],
    prefixes: set[str],
) -> list[Found]:
    bracketed, bare, addresses, relative = targets
    found = [Found(target, is_local=True) for target in relative]
    for target in bracketed:
        is_name = not WHOLE.fullmatch(target)
        found.append(Found(target, items.get(target), is_local=is_name, is_named=is_name))
    # Bare capitals with a number are often something else (UTF-8): only the prefixes of kinds are taken for references.
    found += [
        Found(target, items.get(target))
        for target in bare - bracketed
        if target in items or target.rpartition("-")[0] in prefixes
    ]
    for target in addresses:
        reference = named[target]
        if reference:
            found.append(Found(target, items.get(reference.upper())))
        else:
            found.append(Found(target, is_page=reference is not None, is_local=reference is None))
    return sorted(found, key=lambda one: one.target)


def items_of(references: Iterable[str]) -> dict[str, int]:
    """Id by reference of those items that are or were in the register; what is none is left out."""
    parts = {match.group(): (match[1], int(match[2])) for text in references if (match := WHOLE.fullmatch(text))}
    found: dict[tuple[str, int], int] = {}
    by_prefix: dict[str, list[int]] = {}
    for prefix, number in parts.values():
        by_prefix.setdefault(prefix, []).append(number)
    for prefix, numbers in by_prefix.items():
        for start in range(0, len(numbers), CHUNK):
            rows = Item.objects.filter(prefix=prefix, number__in=numbers[start : start + CHUNK])
            for pk, number, presence, into in rows.values_list("pk", "number", "presence", "merged_into_id"):
                found[prefix, number] = into if presence == Presence.MERGED and into else pk
    return {text: found[pair] for text, pair in parts.items() if pair in found}


def _named(address: str) -> str | None:
    """The reference of the item that an address of the product names; empty where it names none, None where there is no
    such address.
    """
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    try:
        match = resolve(path)
    except Resolver404:
        return None
    reference = str(match.kwargs.get("reference") or match.kwargs.get("address") or "").partition("/")[0]
    return reference if WHOLE.fullmatch(reference.upper()) else ""
