"""The kinds of items as a file may name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from helhet.items.models import Kind


def listed_kinds() -> list[Kind]:
    """The kinds that items may have."""
    return list(Kind.objects.filter(is_listed=True))


def names_of_kinds(kinds: Iterable[Kind]) -> dict[str, str]:
    """The names, in small letters, that kinds go by in both languages, each to the key of the one kind called so."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        for name in (kind.name_sv, kind.plural_sv, kind.name_en, kind.plural_en):
            found[" ".join(name.lower().split())].add(kind.key)
    return {name: min(keys) for name, keys in found.items() if name and len(keys) == 1}
