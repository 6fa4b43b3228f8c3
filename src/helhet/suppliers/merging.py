"""Suppliers, contracts and what is delivered follow when items are one. Fills `items.merged` and `items.split`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from helhet.items.merging import Merging
from helhet.items.models import Item
from helhet.kit.errors import Clash
from helhet.suppliers.finding import CONTRACT, SUPPLIER
from helhet.suppliers.models import AgreedLevel, Contact, Contract, Delivery, Supplier

ADOPTED = "suppliers_adopted"
SUPPLIER_FACTS = ("organisation_number", "web", "note")
CONTRACT_FACTS = ("supplier_id", "number", "begins_on", "ends_on", "notice_months", "note")


def on_merged(merging: Merging) -> dict[str, Any]:
    """What is delivered is so of the kept item; of two suppliers the kept one has both's contacts, after its own,
    contracts and deliveries; of two contracts the kept one's words stand, unless nobody has described it.

    What the kept one has already stays where it is, out of sight. Raises Clash where a supplier or contract would
    become something else.
    """
    kept, gone = merging.kept, merging.gone
    told = {"gone": gone, "kept": kept}
    kinds: tuple[tuple[str, str, Any], ...] = (
        (_("%(gone)s is a supplier, %(kept)s is none.") % told, SUPPLIER, Supplier),
        (_("%(gone)s is a contract, %(kept)s is none.") % told, CONTRACT, Contract),
    )
    for words, kind, model in kinds:
        if kept.kind.key != kind and model.objects.filter(pk=gone.pk).exists():
            todo = _("Take its contacts, contracts and deliveries over by hand, and retire it.")
            raise Clash(words, todo=todo, field="gone")
    moved: dict[str, Any] = {ADOPTED: _adopted(kept, gone)}
    moved["supplier_contacts"] = _contacts(kept, gone)
    moved["supplier_contracts"] = _moved(Contract, "supplier_id", kept, gone)
    moved["supplier_deliveries"] = _moved(Delivery, "supplier_id", kept, gone, beside="item_id")
    moved["deliveries"] = _moved(Delivery, "item_id", kept, gone, beside="supplier_id")
    moved["contract_deliveries"] = _moved(Delivery, "contract_id", kept, gone)
    if moved[ADOPTED] == CONTRACT:
        moved["contract_levels"] = _moved(AgreedLevel, "contract_id", kept, gone)
    return moved


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """What was moved goes back, where it has not been moved on since."""
    kept, gone = merging.kept, merging.gone
    rows: tuple[tuple[str, Any, str], ...] = (
        ("supplier_contacts", Contact, "supplier_id"), ("supplier_contracts", Contract, "supplier_id"),
        ("supplier_deliveries", Delivery, "supplier_id"), ("deliveries", Delivery, "item_id"),
        ("contract_deliveries", Delivery, "contract_id"), ("contract_levels", AgreedLevel, "contract_id"),
    )  # fmt: skip
    for name, model, end in rows:
        model.objects.filter(pk__in=moved.get(name, ()), **{end: kept.pk}).update(**{end: gone.pk})
    if moved.get(ADOPTED) == SUPPLIER and not Contract.objects.filter(supplier_id=kept.pk).exists():
        Supplier.objects.filter(pk=kept.pk, contacts__isnull=True, deliveries__isnull=True).delete()
    if moved.get(ADOPTED) == CONTRACT:
        Contract.objects.filter(pk=kept.pk, levels__isnull=True).delete()


def _adopted(kept: Item, gone: Item) -> str:
    """Describe a kept supplier or contract that nobody has described as the one that goes; its kind, else empty."""
    supplier = Supplier.objects.filter(pk=gone.pk).first()
    if supplier is not None and not Supplier.objects.filter(pk=kept.pk).exists():
        Supplier.objects.create(item=kept, **{name: getattr(supplier, name) for name in SUPPLIER_FACTS})
        return SUPPLIER
    contract = Contract.objects.filter(pk=gone.pk).first()
    if contract is not None and not Contract.objects.filter(pk=kept.pk).exists():
        Contract.objects.create(item=kept, **{name: getattr(contract, name) for name in CONTRACT_FACTS})
        return CONTRACT
    return ""


def _contacts(kept: Item, gone: Item) -> list[int]:
    """The contacts that move, called after the kept one's own."""
    after = Contact.objects.filter(supplier_id=kept.pk).count()
    rows = list(Contact.objects.filter(supplier_id=gone.pk))
    for place, one in enumerate(rows):
        Contact.objects.filter(pk=one.pk).update(supplier_id=kept.pk, position=after + place)
    return [one.pk for one in rows]


def _moved(model: Any, end: str, kept: Item, gone: Item, *, beside: str = "") -> list[int]:
    """Let the rows that end at what goes end at what is kept; but for those whose other end it has already."""
    rows = model.objects.filter(**{end: gone.pk})
    if beside:
        rows = rows.exclude(**{f"{beside}__in": model.objects.filter(**{end: kept.pk}).values(beside)})
    found = list(rows.values_list("pk", flat=True))
    model.objects.filter(pk__in=found).update(**{end: kept.pk})
    return found
