"""Pages that moved within their set: the same document under another path, with its history, links and remarks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db import transaction

from helhet.documents.taking import set_former_path
from helhet.importers.at_home import items_of
from helhet.importers.models import Finding, PageTaken
from helhet.importers.rows import PageRow
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import KeySort, Presence, SourceKey
from helhet.rules.moved_pages import Written, moved


def find_moved(work: Importing) -> dict[str, str]:
    """The former path of each page of this import that moved, by its new one. Of a part nobody knows what is gone."""
    left, rows = work.plan.left.get("pages"), work.plan.work.get("pages")
    if work.run.is_partial or not left or rows is None or not rows.new:
        return {}
    gone = dict(_gone(work, list(left)))
    if not gone:
        return {}
    taken = [one.row for one in rows.spool.take(rows.new)]
    sure = _told(work, taken, gone)
    told = set(sure.values())
    new = {row.key: Written(row.name, row.text) for row in taken if row.key not in sure}
    return sure | moved({path: one for path, one in gone.items() if path not in told}, new)


def _told(work: Importing, rows: Sequence[PageRow], gone: Collection[str]) -> dict[str, str]:
    """Those that say themselves which page they were when they were let out here."""
    items = items_of(rows)
    ids = sorted(item.pk for item in items.values())
    paths: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        keys = SourceKey.objects.filter(
            source_id=work.source_id, sort=KeySort.ITEM, item_id__in=ids[start : start + CHUNK]
        )
        paths |= {pk: key for pk, key in keys.values_list("item_id", "key") if key in gone}
    # Of two copies of one page only one is what moved.
    moved_to = {paths[item.pk]: key for key, item in items.items() if item.pk in paths}
    return {new: old for old, new in moved_to.items()}


def _gone(work: Importing, keys: list[str]) -> Iterator[tuple[str, Written]]:
    """What the source last said in the pages that this file lacks."""
    for start in range(0, len(keys), CHUNK):
        rows = PageTaken.objects.filter(
            source_id=work.source_id, document__path__in=keys[start : start + CHUNK],
            document__item__presence=Presence.HERE, document__not_seen_since__isnull=True, document__part="",
        )  # fmt: skip
        for one in rows.select_related("document", "version", "draft_text"):
            if (written := one.version or one.draft_text) is not None:
                yield one.document.path, Written(written.title, written.text)


def take_moves(work: Importing) -> None:
    """Let the source know its moved pages by their new paths; what else they say then is compared as ever."""
    work.moved = find_moved(work)
    if work.is_trial:
        for old in work.moved.values():
            work.plan.left["pages"].pop(old, None)
    elif work.moved:
        with transaction.atomic():
            for new, old in work.moved.items():
                rename(work.source_id, old, new)


def rename(source_id: int, old: str, new: str) -> None:
    """The page of this path has another one, unless its source has one there already."""
    keys = SourceKey.objects.filter(source_id=source_id, sort=KeySort.ITEM)
    key = keys.filter(key=old).first()
    if key is None or keys.filter(key=new).exists():
        return
    key.key, key.digest = new, None
    key.save(update_fields=["key", "digest"])
    set_former_path(key.item_id, old, new)
    Finding.objects.filter(source_id=source_id, key=old, closed_at__isnull=True).update(key=new)
