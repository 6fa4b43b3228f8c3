"""Finding one document by what people call it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.items.finding import find_item
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller


def find_document(address: str, caller: Caller, *, for_change: bool = False) -> Document:
    """The document with this address: `DOC-5`, or `SRV-12/orders` for a part of an item's documentation.

    Raises NotFound also for one whose text the caller may not read. `for_change` takes its row for the transaction.
    """
    caller.require(DocumentPermission.VIEW)
    text = address.strip().strip("/").replace("~", "/")
    reference, _slash, part = text.partition("/")
    item = find_item(reference, caller)
    documents = Document.objects.visible_to(caller).filter(item=item, part=part[:40])
    if for_change:
        # Read after its row is taken: PostgreSQL would give the edition of before, or none, to one who had to wait.
        list(Document.objects.select_for_update().filter(item=item, part=part[:40]).values_list("pk"))
    found = documents.select_related("item__kind", "published").first()
    if found is None:
        raise NotFound(
            _("There is no document %(text)s.") % {"text": text[:100]},
            todo=_("Write a reference such as DOC-5, or SRV-12/orders for a part of a service's documentation."),
            where=text[:100],
        )
    return found
