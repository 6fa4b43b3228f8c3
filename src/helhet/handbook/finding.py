"""Finding a service or product by what people call it, and a part of its documentation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.handbook.models import Contradiction, Part
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.states import is_described
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller


def find_service(text: str, caller: Caller, *, for_change: bool = False) -> Item:
    """The service or product with this reference (`SRV-12`). Raises NotFound for what has no service documentation."""
    caller.require(HandbookPermission.VIEW)
    item = find_item(text, caller, for_change=for_change)
    if not is_described(item):
        raise NotFound(
            _("%(item)s is no service or product.") % {"item": item.reference},
            todo=_("Only services and products have documentation in seven parts."), where=text[:100],
        )  # fmt: skip
    return item


def part_named(text: str) -> str:
    """The key of a part. Raises NotFound that lists them."""
    if text not in Part.values:
        raise NotFound(
            _("There is no part %(part)s.") % {"part": text[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Part.values)}, where=text[:40],
        )  # fmt: skip
    return text


def find_contradiction(number: int, caller: Caller, *, for_change: bool = False) -> Contradiction:
    """The contradiction with this number. Raises NotFound."""
    caller.require(HandbookPermission.VIEW)
    rows = Contradiction.objects.filter(pk=number, item__presence=0)
    if for_change:
        list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    found = rows.select_related("item__kind").first()
    if found is None:
        raise NotFound(_("There is no contradiction %(number)s.") % {"number": number}, where=str(number))
    return found
