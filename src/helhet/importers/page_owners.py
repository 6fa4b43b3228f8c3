"""Who answers for a page that came from a Helhet: the group that is called so here, where the source knows it not."""

from __future__ import annotations

from collections.abc import Sequence

from helhet.groups.models import Group
from helhet.importers.resolving import GROUP
from helhet.importers.spool import Taken
from helhet.importers.work import Importing
from helhet.items.models import Presence
from helhet.items.text import fold


def with_owners(work: Importing, rows: Sequence[Taken]) -> list[Taken]:
    """The rows, with the group by its reference where only its name told it. What names several groups names none."""
    asked = {fold(one.row.owner) for one in rows if one.row.owner and not _is_known(work, one)}
    if not asked:
        return list(rows)
    named: dict[str, list[str]] = {}
    for group in Group.objects.filter(item__presence=Presence.HERE, item__name_fold__in=asked).select_related("item"):
        named.setdefault(group.item.name_fold, []).append(group.reference)
    found = {name: references[0] for name, references in named.items() if len(references) == 1}
    work.resolver.learn(GROUP, found.values())
    return [_with_owner(work, one, found.get(fold(one.row.owner or ""))) for one in rows]


def _is_known(work: Importing, one: Taken) -> bool:
    """Whether the source knows all groups that the page names as its owners."""
    given = [text for text in (one.row.group, *one.row.groups) if text]
    return bool(given) and all(work.resolver.id_of(GROUP, text) is not None for text in given)


def _with_owner(work: Importing, one: Taken, reference: str | None) -> Taken:
    if reference is None or _is_known(work, one):
        return one
    return one._replace(row=one.row._replace(group=reference, groups=()))
