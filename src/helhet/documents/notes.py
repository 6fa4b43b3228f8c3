"""What was said and filed with a document is its readers' alone, as its text is."""

from __future__ import annotations

from helhet.documents.models import Document
from helhet.items.models import Item
from helhet.kit.rights import Caller


def readable(item: Item, part: str, caller: Caller) -> bool:
    """Fills `items.notes_readable`. An item that is known to be a document but has no text here is the register's."""
    text = Document.objects.filter(item=item, part=part)
    return text.visible_to(caller).exists() or not (part or text.exists())
