"""Which documents an event gives a reason to check, told before the journal has been followed that far."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse

from helhet.documents.aspects import COMPARED, aspects_of, matches
from helhet.documents.models import Described, Document, Doubt
from helhet.items.models import Presence
from helhet.journal.models import Event
from helhet.kit.rights import Caller
from helhet.suppliers.ports import ToCheck


def turned_by(event: Event, caller: Caller) -> QuerySet[Document]:
    """The published documents that state what the event altered and may be read by the caller, by name. One where the
    thing is again as it states is none; what is held against the whole register is not looked for.
    """
    altered = {
        name: now
        for name, (was, now) in aspects_of(event.verb, event.before, event.after).items()
        if name not in COMPARED and was != now
    }
    stated = Described.objects.filter(
        noun=event.noun,
        noun_id=event.noun_id,
        document__published__isnull=False,
        document__item__presence=Presence.HERE,
    ).exclude(document__published__published_at__gte=event.at)
    open_doubts = Doubt.objects.filter(noun=event.noun, noun_id=event.noun_id, settled_at__isnull=True)
    stands_again = {
        (one.document_id, one.aspect) for one in open_doubts if altered.get(one.aspect) == one.before
    }  # fmt: skip
    numbers = {
        document_id
        for document_id, aspect in stated.values_list("document_id", "aspect")
        if any(matches(aspect, name) and (document_id, name) not in stands_again for name in altered)
    }
    found = Document.objects.visible_to(caller).filter(pk__in=numbers)
    return found.select_related("item__kind", "published").order_by("item__name_key", "pk")


def to_check(event: Event, caller: Caller) -> ToCheck:
    """Fills `suppliers.to_check`."""
    addresses = [document.address for document in turned_by(event, caller)]
    return ToCheck(addresses, reverse("documents:turned", args=[event.pk]) if addresses else "")
