"""What the source gave before and this file lacks: marked, never deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from helhet.documents.models import Document
from helhet.documents.taking import set_facts, set_not_seen
from helhet.estate.models import Dependency
from helhet.groups.models import ItemRole, Membership, Person
from helhet.importers.also_stated import hand_over
from helhet.importers.apply_relations import say_again
from helhet.importers.models import Finding, PageTaken, Statement, Verdict
from helhet.importers.roles import end_roles
from helhet.importers.rows import OWN, PARTS
from helhet.importers.stored import SORTS
from helhet.importers.work import CHUNK, Importing
from helhet.items.models import Presence, SourceKey
from helhet.items.touching import touch
from helhet.journal.actions import make, record_many

MIRRORED: dict[str, Any] = {"persons": Person, "members": Membership, "dependencies": Dependency}
"""Nouns whose own rows show that they were not seen."""


def vanish_keys(work: Importing, noun: str, keys: Sequence[str]) -> None:
    """Mark items or groups. Items only of the kinds that the file speaks of."""
    sort = SORTS[noun]
    for start in range(0, len(keys), CHUNK):
        rows = SourceKey.objects.filter(
            source_id=work.source_id, sort=sort, key__in=keys[start : start + CHUNK],
            not_seen_since__isnull=True, item__presence=Presence.HERE,
        ).select_related("item__kind")  # fmt: skip
        if noun in {"items", "pages"}:
            # Items and pages have keys of one sort, and a set of pages lists none of the source's other things.
            taken = PageTaken.objects.filter(source_id=work.source_id, document__item_id=OuterRef("item_id"))
            taken = taken.filter(document__part="")
            rows = rows.filter(Exists(taken)) if noun == "pages" else rows.filter(~Exists(taken))
        if noun == "items":
            rows = rows.filter(item__kind__key__in=work.plan.kinds)
        gone = [row for row in rows if row.key != row.item.reference]
        shown = _shown_by_another(work, noun, gone)
        told = [row for row in gone if row.item_id not in shown]
        for row in told:
            work.report.tell(Verdict.NOT_SEEN, noun, row.key, name=row.item.name, item_id=row.item_id)
        if work.is_trial:
            continue
        SourceKey.objects.filter(pk__in=[row.pk for row in gone]).update(not_seen_since=work.on)
        if noun == "pages":
            set_not_seen([row.item_id for row in told], work.on)
        record_many(
            make("importers.item.not_seen", "item", row.item_id, by=work.by, before={"not_seen_since": None},
                 after={"not_seen_since": work.on.isoformat()}, reason=work.source.name, batch=work.batch)
            for row in told
        )  # fmt: skip


def _shown_by_another(work: Importing, noun: str, gone: Sequence[SourceKey]) -> set[int]:
    """The items among them that the file has under another key, since two of the source's became one."""
    others = SourceKey.objects.filter(
        source_id=work.source_id, sort=SORTS[noun], item_id__in=[row.item_id for row in gone],
        not_seen_since__isnull=True,
    )  # fmt: skip
    left = work.plan.left.get(noun, {})
    return {item_id for item_id, key in others.values_list("item_id", "key") if key not in left}


def vanish_statements(work: Importing, noun: str, keys: Sequence[str]) -> None:
    """Mark statements and the rows that they became. A role said no more ends, unless its item vanished too."""
    for start in range(0, len(keys), CHUNK):
        rows = list(
            Statement.objects.filter(
                source_id=work.source_id, noun=noun, key__in=keys[start : start + CHUNK], not_seen_since__isnull=True
            )
        )
        # What was let out here is here, whichever of its pages a folder still has.
        gone = [] if noun == OWN else _parts_gone(work, rows) if noun == PARTS else rows
        for row in gone:
            work.report.tell(Verdict.NOT_SEEN, noun, row.key, item_id=row.item_id)
        if work.is_trial:
            work.trial_findings -= work.count_settled(noun, [row.key for row in rows])
            continue
        Statement.objects.filter(pk__in=[row.pk for row in rows]).update(not_seen_since=work.on)
        model = MIRRORED.get(noun)
        if model is not None:
            own = model.objects.filter(pk__in=[row.object_id for row in rows if row.object_id])
            own = own.filter(source_id=work.source_id, not_seen_since__isnull=True)
            if model is Dependency:
                mine = set(own.values_list("pk", flat=True))
                own = Dependency.objects.filter(pk__in=mine - hand_over(mine, {row.pk for row in rows}))
                touch(own.values_list("from_item_id", flat=True))
            own.update(not_seen_since=work.on)
        if noun == "responsibilities":
            _end_roles(work, rows)
        if noun == PARTS:
            documents = Document.objects.filter(pk__in=[row.object_id for row in gone], not_seen_since=None)
            since = {"not_seen_since": work.on}
            set_facts([(one, since) for one in documents], by=work.by, batch=work.batch, reason=work.source.name)
        Finding.objects.filter(
            source=work.source, noun=noun, closed_at__isnull=True, key__in=[row.key for row in rows]
        ).update(closed_at=work.batch.started_at if work.batch else None)


def _parts_gone(work: Importing, rows: Sequence[Statement]) -> list[Statement]:
    """Without those whose page only has another path now."""
    shown = Statement.objects.filter(
        source_id=work.source_id, noun=PARTS, object_id__in=[row.object_id for row in rows], not_seen_since__isnull=True
    ).exclude(pk__in=[row.pk for row in rows])
    still = {pk for _key, pk in work.parts_met.values()} | set(shown.values_list("object_id", flat=True))
    return [row for row in rows if row.object_id is None or row.object_id not in still]


def _end_roles(work: Importing, rows: Sequence[Statement]) -> None:
    ids = {row.item_id for row in rows if row.item_id}
    gone = set(
        SourceKey.objects.filter(source_id=work.source_id, item_id__in=ids, not_seen_since__isnull=False).values_list(
            "item_id", flat=True
        )
    )
    say_again(work, ids - gone)
    said = {
        (row.item_id, row.group_id, row.key.rsplit("\x1f", 1)[-1])
        for row in rows
        if row.item_id and row.item_id not in gone
    }
    open_now = ItemRole.objects.filter(
        item_id__in={item_id for item_id, _group, _role in said}, source_id=work.source_id, to_on__isnull=True
    )
    end_roles(work, [role for role in open_now if (role.item_id, role.group_id, role.role) in said])


def vanishing(noun: str) -> Callable[[Importing, str, Sequence[str]], None]:
    """How this noun's missing rows are marked."""
    return vanish_keys if noun in SORTS else vanish_statements
