"""Who may read what was said and filed with an item, where the item is a text that is not for everybody."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from helhet.items.models import Family, Item
from helhet.kit.errors import NotFound
from helhet.kit.ports import Port
from helhet.kit.rights import Caller

WRITTEN = frozenset({Family.DOCUMENT, Family.ROUTINE, Family.PROCESS})
"""The families whose items are texts with readers of their own."""

readable: Port[Callable[[Item, str, Caller], bool]] = Port("items.notes_readable")
"""(item, part, caller) -> whether the caller may read the comments and files of an item of such a family, or of that
part of an item's documentation: each that is asked must say yes.
"""


def may_read_notes(item: Item, caller: Caller, part: str = "") -> bool:
    """Whether the caller may read the comments and files of the item, or of a part of its documentation."""
    has_readers = bool(part) or item.kind.family in WRITTEN
    return not has_readers or all(port(item, part, caller) for port in readable)


def require_notes(item: Item, caller: Caller, part: str = "") -> None:
    """Raise NotFound unless the caller may read the comments and files of the item, or of that part."""
    if not may_read_notes(item, caller, part):
        raise NotFound(
            _("Comments and files of %(item)s are for the readers of the document.") % {"item": item.reference},
            todo=_("Ask the group that answers for it."), where=item.reference,
        )  # fmt: skip


def told(item: Item, name: str, text: str, part: str = "") -> dict[str, str]:
    """What the journal, which all may read, tells of a note: nothing of one with a text that has its own readers."""
    return {} if part or item.kind.family in WRITTEN else {name: text}
