"""What the pages of this room share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.items.models import Item
from helhet.items.text import fold
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.web import Request
from helhet.suppliers.models import Contract, Supplier

SIZE = 100


def crumbs(thing: Supplier | Contract | None = None) -> list[Crumb]:
    """The list, and one of them."""
    if isinstance(thing, Contract):
        return [Crumb(_("Contracts"), reverse("suppliers:contracts")), Crumb(thing.item.name, thing.get_absolute_url())]
    first = Crumb(_("Suppliers"), reverse("suppliers:suppliers"))
    return [first, Crumb(thing.item.name, thing.get_absolute_url())] if thing is not None else [first]


def tabs(here: str, suppliers: int, contracts: int) -> list[Choice]:
    """Suppliers and contracts beside each other."""
    return [
        Choice(_("Suppliers"), reverse("suppliers:suppliers"), here == "suppliers", suppliers),
        Choice(_("Contracts"), reverse("suppliers:contracts"), here == "contracts", contracts),
    ]


def cut(request: Request, rows: list[Item]) -> tuple[list[Item], Page]:
    """The part of a list that is asked for (`from`), of those whose name has the words in `q`, with its pager."""
    text = fold(request.GET.get("q", "")[:200]).strip()
    found = [one for one in rows if not text or text in one.name_fold or text == fold(one.reference)]
    asked = request.GET.get("from", "0")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    part = found[first : first + SIZE]

    def address(place: int) -> str:
        pairs = {"q": request.GET.get("q", ""), "show": request.GET.get("show", ""), "from": place or ""}
        return f"?{urlencode({name: value for name, value in pairs.items() if value})}"

    return part, Page(
        first + 1 if part else 0, first + len(part), len(found),
        previous_url=address(max(0, first - SIZE)) if first else "",
        next_url=address(first + SIZE) if first + SIZE < len(found) else "",
    )  # fmt: skip
