"""What a published text states: written down when it is published, so that a change of it is noticed."""

from __future__ import annotations

from django.db.models import Q

from helhet.documents.aspects import COMPARED
from helhet.documents.links import links_of
from helhet.documents.models import Described, Document, TextLink
from helhet.documents.ports import Written, describes
from helhet.documents.stating import stated_now

NAMED = ("name", "kind", "state", "presence")
"""What a text states of an item by naming it."""
VERSIONS = ("version", "os", "os_version", "release", "edition", "model")
"""Attributes that a text about an item is written for: another version may be handled in another way."""


def write_described(document: Document, version: Written) -> None:
    """Write what this text states, and where it leads, in place of what the former did. In the verb's transaction."""
    links = links_of(version.text)
    items = {one.item_id for one in links if one.item_id is not None} | set(
        document.about.values_list("item_id", flat=True)
    )
    items.discard(document.item_id)
    aspects = (*NAMED, *(f"attributes.{name}" for name in VERSIONS))
    stated = {("item", pk, aspect) for pk in items for aspect in aspects}
    stated |= {(noun, number, aspect[:100]) for port in describes for noun, number, aspect in port(version)}
    now = {aspect: stated_now(aspect, {pk for _noun, pk, one in stated if one == aspect}) for aspect in COMPARED}
    forget_described(document)
    Described.objects.bulk_create(
        (
            Described(
                document=document, noun=noun, noun_id=number, aspect=aspect,
                stated=now[aspect].get(number, []) if aspect in now else None,
            )
            for noun, number, aspect in sorted(stated)
        ),
        batch_size=500,
    )  # fmt: skip
    TextLink.objects.bulk_create(
        (TextLink(document=document, target=one.target, item_id=one.item_id, is_page=one.is_page) for one in links),
        batch_size=500,
    )


def forget_described(document: Document) -> None:
    """Nothing is stated any more."""
    Described.objects.filter(document=document).delete()
    TextLink.objects.filter(document=document).delete()


def state_anew(document: Document, things: set[tuple[str, int, str]]) -> None:
    """Somebody says that the text holds as these compared aspects are now: what is stated of them is what stands."""
    for aspect in COMPARED:
        numbers = {number for _noun, number, one in things if one == aspect}
        rows = list(Described.objects.filter(Q(aspect=aspect), document=document, noun_id__in=numbers))
        stands = stated_now(aspect, numbers)
        for row in rows:
            row.stated = stands.get(row.noun_id, [])
        Described.objects.bulk_update(rows, ["stated"])
