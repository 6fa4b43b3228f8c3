"""What documents show on the pages of items."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from helhet.documents.document_page import address_of
from helhet.documents.listing import standing_on
from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.items.models import Item
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller

MOST = 20


def item_panels(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: the document that the item is, and those that are about it."""
    day = timezone.localdate()
    readable = Document.objects.visible_to(caller).select_related("item__kind", "published")
    own = readable.filter(item=item, part="").first()
    about = list(readable.filter(about__item=item, published__isnull=False).order_by("item__name_key")[: MOST + 1])
    may_create = caller.may(DocumentPermission.CREATE)
    if own is None and not about and not (may_create and item.kind.family in {"service", "product"}):
        return ()
    context = {
        "own": own, "own_url": address_of("document", own) if own else "", "may_create": may_create,
        "rows": [(one, standing_on(one, day), address_of("document", one)) for one in about[:MOST]],
        "more": len(about) > MOST, "item": item,
    }  # fmt: skip
    return (Panel("documents/_of_item.html", context, "right", 50),)
