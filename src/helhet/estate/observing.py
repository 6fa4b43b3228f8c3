"""Taking in what traces and flows have seen, and saying what its names mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.estate.models import Observation, SeenName
from helhet.estate.permissions import EstatePermission
from helhet.estate.rows import chunks
from helhet.items.finding import find_item
from helhet.items.models import Item, ItemValue, KeySort, Presence, Source, SourceKey
from helhet.items.permissions import ItemPermission
from helhet.items.text import fold
from helhet.journal.actions import record
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.observed import Edge, Unreadable, edges

ADDRESSES = (
    "fqdn", "hostname", "host", "address", "ip", "ip_address", "primary_ip", "primary_ip4", "dns_name", "adress",
    "ip_adress", "värdnamn", "service_name", "otel_service",
)  # fmt: skip
"""Attributes by which things are seen on the wire."""
PEERS = frozenset({"user", "unknown"})
"""What a service graph calls those that it does not know; they are nobody until somebody says who."""
BIGGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: edges read, new ones among them, and how many names nobody knows."""

    edges: int
    new: int
    unknown: int


@transaction.atomic
def take_observations(content: bytes, source: str, *, by: Caller) -> Taken:
    """Take in one file from a source of this name. Taking it again changes nothing but when each was last seen."""
    by.require(EstatePermission.OBSERVE)
    name = " ".join(source.split())
    if not name or len(name) > 60 or ":" in name:
        raise Invalid(_("Name the source, with at most 60 characters and no colon."), field="source")
    found = _read(content)
    kept = Source.objects.get_or_create(name=name)[0]
    names = _names(kept, {end for edge in found for end in (edge.client, edge.server)})
    before = Observation.objects.filter(client__source=kept).count()
    now = timezone.now()
    Observation.objects.bulk_create(
        (
            Observation(
                client=names[edge.client], server=names[edge.server], evidence=edge.evidence, detail=edge.detail,
                count=edge.times, first_at=now, last_at=now,
            )
            for edge in found
        ),
        batch_size=1_000, update_conflicts=True, unique_fields=["client", "server", "evidence", "detail"],
        update_fields=["count", "last_at"],
    )  # fmt: skip
    new = Observation.objects.filter(client__source=kept).count() - before
    unknown = SeenName.objects.filter(source=kept, item__isnull=True, is_outside=False).count()
    record(
        "estate.observations.taken", "source", kept.pk, by=by, after={"edges": len(found), "new": new, "source": name}
    )
    return Taken(len(found), new, unknown)


def _read(content: bytes) -> list[Edge]:
    if len(content) > BIGGEST:
        raise Invalid(_("The file is larger than 50 MiB."), todo=_("Ask for a shorter time."), field="file")
    try:
        return edges(content)
    except Unreadable as error:
        words = {
            "empty": _("The file is empty."),
            "columns": _("The file has no columns for both ends."),
            "many": _("The file has more than 200,000 edges."),
        }
        raise Invalid(
            words.get(error.code) or _("The file is neither metrics nor flows."), where=str(error.line or ""),
            todo=_("Give a query's answer, metrics as text, or CSV with source and destination."), field="file",
        ) from error  # fmt: skip


def _names(source: Source, wanted: Collection[str]) -> dict[str, SeenName]:
    """The names as rows, those that are new or still unknown matched to items."""
    SeenName.objects.bulk_create(
        (SeenName(source=source, name=name) for name in sorted(wanted)), batch_size=1_000, ignore_conflicts=True
    )
    rows = {row.name: row for row in SeenName.objects.filter(source=source)}
    match_names([row for row in rows.values() if row.item_id is None and not row.is_by_hand], source)
    return {name: rows[name] for name in wanted}


def match_names(rows: Collection[SeenName], source: Source) -> int:
    """Find the items that names mean: by key, by name, by an address among the attributes; what fits several items is
    left to people. Returns how many were found.
    """
    by_name: dict[str, list[SeenName]] = {}
    for row in rows:
        if row.name.lower() not in PEERS:
            by_name.setdefault(fold(row.name), []).append(row)
    keyed = SourceKey.objects.filter(sort=KeySort.ITEM, item__presence=Presence.HERE, item__kind__is_listed=True)
    texts = sorted({row.name for row in rows})
    own = ((key, item) for part in chunks(texts_ids(texts)) for key, item in keyed.filter(
        source=source, key__in=[texts[at] for at in part]).values_list("key", "item_id"))  # fmt: skip
    other = ((key, item) for part in chunks(texts_ids(texts)) for key, item in keyed.filter(
        key__in=[texts[at] for at in part]).values_list("key", "item_id"))  # fmt: skip
    here = Item.objects.filter(presence=Presence.HERE, kind__is_listed=True)
    folds = sorted(by_name)
    named = ((name, item) for part in chunks(texts_ids(folds)) for name, item in here.filter(
        name_fold__in=[folds[at] for at in part]).values_list("name_fold", "pk"))  # fmt: skip
    values = ItemValue.objects.filter(value__name__name__in=ADDRESSES, item__presence=Presence.HERE)
    addressed = ((name, item) for part in chunks(texts_ids(folds)) for name, item in values.filter(
        value__fold__in=[folds[at] for at in part]).values_list("value__fold", "item_id"))  # fmt: skip
    found = 0
    for pairs in (own, other, named, addressed):
        found += _give(by_name, pairs)
    SeenName.objects.bulk_update([row for row in rows if row.item_id], ["item"], batch_size=500)
    return found


def texts_ids(texts: Collection[str]) -> list[int]:
    """The places of texts, to be cut into portions."""
    return list(range(len(texts)))


def _give(by_name: dict[str, list[SeenName]], pairs: Iterable[tuple[str, int]]) -> int:
    means: dict[str, set[int]] = {}
    for text, item in pairs:
        means.setdefault(fold(text), set()).add(item)
    found = 0
    for text, items in means.items():
        for row in by_name.get(text, ()):
            if row.item_id is None and len(items) == 1:
                row.item_id = next(iter(items))
                found += 1
    return found


def find_name(number: int, caller: Caller) -> SeenName:
    """A name that was seen. Raises NotFound."""
    caller.require(ItemPermission.VIEW)
    found = SeenName.objects.filter(pk=number).select_related("source", "item").first()
    if found is None:
        raise NotFound(_("There is no such name."), todo=_("See the list of names."))
    return found


@transaction.atomic
def name_seen(number: int, thing: str, *, by: Caller, version: int | None) -> SeenName:
    """Say which item a name means, or with nothing that it is none of ours: once, and for all that comes."""
    by.require(EstatePermission.OBSERVE)
    found = find_name(number, by)
    check_version(found, version, found.name)
    found.item = find_item(thing, by) if thing.strip() else None
    found.is_outside, found.is_by_hand = found.item is None, True
    found.version += 1
    found.save()
    after = {"name": found.name, "item": found.item.reference if found.item else None}
    record("estate.seen_name.said", "source", found.source_id, by=by, after=after)
    return found
