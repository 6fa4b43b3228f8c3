"""What pages, API and panels show of suppliers and contracts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.groups.models import Answer
from helhet.items.models import Item
from helhet.kit import spoken
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller
from helhet.rules.notice import last_notice_on
from helhet.suppliers.models import Contact, Contract, Delivery, Supplier
from helhet.suppliers.permissions import SupplierPermission

SOON = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Notice:
    """The last day to end a contract, the sum that gives it, and how near it is: good, due or over."""

    on: dt.date
    sum: str
    mark: str
    words: str


def _notice_on(contract: Contract) -> dt.date | None:
    if contract.ends_on is None or contract.notice_months is None:
        return None
    try:
        return last_notice_on(contract.ends_on, contract.notice_months)
    except OverflowError:
        return None


def is_soon(contract: Contract, today: dt.date | None = None) -> bool:
    """Whether it must be decided about now: its last day of notice lies within the next days (`SOON`)."""
    on, today = _notice_on(contract), today or timezone.localdate()
    return on is not None and today <= on <= today + SOON


def notice_of(contract: Contract, today: dt.date | None = None) -> Notice | None:
    """By the contract's days; None where they are not stated."""
    on = _notice_on(contract)
    if on is None:
        return None
    today = today or timezone.localdate()
    total = _("%(ends)s less %(months)d months is %(on)s") % {
        "ends": spoken.day(contract.ends_on, "full"), "months": contract.notice_months, "on": spoken.day(on, "full")
    }  # fmt: skip
    if today > on:
        return Notice(on, total, "over", _("notice passed %(day)s") % {"day": spoken.day(on, "full")})
    if today + SOON >= on:
        return Notice(on, total, "due", _("give notice by %(day)s") % {"day": spoken.day(on, "full")})
    return Notice(on, total, "good", _("give notice by %(day)s") % {"day": spoken.day(on, "full")})


def has_run_out(contract: Contract, today: dt.date | None = None) -> bool:
    """Whether its last day lies behind."""
    return contract.ends_on is not None and contract.ends_on < (today or timezone.localdate())


def groups_of(items: Iterable[int]) -> dict[int, str]:
    """The names of the groups that answer for the items, by their ids."""
    rows = Answer.objects.open().filter(item_id__in=list(items), group__isnull=False)
    return dict(rows.values_list("item_id", "group__item__name"))


@dataclass(slots=True)
class SupplierRow:
    """One line of the list: the supplier's item, its group, whom to call first, its contracts, what it delivers."""

    item: Item
    group: str = ""
    first: Contact | None = None
    contracts: list[tuple[Contract, Notice | None]] = field(default_factory=list)
    deliveries: int = 0


def rows_of(items: Sequence[Item]) -> list[SupplierRow]:
    """The lines of a page of suppliers, in four questions."""
    ids = [item.pk for item in items]
    groups = groups_of(ids)
    first: dict[int, Contact] = {}
    for contact in Contact.objects.filter(supplier_id__in=ids, ended_at__isnull=True).order_by("-position", "-id"):
        first[contact.supplier_id] = contact
    contracts: dict[int, list[tuple[Contract, Notice | None]]] = defaultdict(list)
    standing = Contract.objects.filter(supplier_id__in=ids, item__presence=0).select_related("item")
    for one in standing:
        if not has_run_out(one):
            contracts[one.supplier_id].append((one, notice_of(one)))
    delivered: dict[int, int] = defaultdict(int)
    for supplier_id in Delivery.objects.filter(supplier_id__in=ids, item__presence=0).values_list(
        "supplier_id", flat=True
    ):
        delivered[supplier_id] += 1
    return [
        SupplierRow(item, groups.get(item.pk, ""), first.get(item.pk), contracts[item.pk], delivered[item.pk])
        for item in items
    ]


def with_contacts(items: Sequence[Item]) -> set[int]:
    """Those of these suppliers that have somebody to call."""
    called = Contact.objects.filter(ended_at__isnull=True).values_list("supplier_id", flat=True)
    return {item.pk for item in items} & set(called)


def contacts_of(supplier: Supplier) -> list[Contact]:
    """Whom to call, in order."""
    return list(supplier.contacts.filter(ended_at__isnull=True))


def deliveries_of(supplier: Supplier) -> list[Delivery]:
    """What it delivers, by name."""
    rows = supplier.deliveries.filter(item__presence=0).select_related("item__kind", "contract__item")
    return list(rows.order_by("item__name_key", "item_id"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """Who delivers an item: the supplier, under which contract with which notice, and whom to call."""

    delivery: Delivery
    notice: Notice | None
    contacts: list[Contact]


def deliverers_of(item: Item) -> list[Delivered]:
    """The suppliers of an item with their contacts."""
    rows = list(
        Delivery.objects.filter(item=item, supplier__item__presence=0)
        .select_related("supplier__item__kind", "contract__item")
        .order_by("supplier__item__name_key", "supplier_id")
    )
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for one in Contact.objects.filter(supplier_id__in=[row.supplier_id for row in rows], ended_at__isnull=True):
        contacts[one.supplier_id].append(one)
    return [Delivered(row, notice_of(row.contract) if row.contract else None, contacts[row.supplier_id])
            for row in rows]  # fmt: skip


def panels(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: who delivers the item; of a supplier's or contract's item, its own page."""
    if not caller.may(SupplierPermission.VIEW):
        return ()
    if item.kind.key in {"supplier", "contract"}:
        return (Panel("suppliers/_own_page.html", {"kind": item.kind.key}, "right", 10),)
    found = deliverers_of(item)
    return (Panel("suppliers/_of_item.html", {"delivered": found}, "right", 70),) if found else ()


def contract_facts(contract: Contract) -> list[tuple[str, str]]:
    """Its terms and values, in words."""
    notice = notice_of(contract)
    months = "" if contract.notice_months is None else spoken.number(contract.notice_months)
    return [
        (pgettext("contract", "Number"), contract.number),
        (_("First day"), spoken.day(contract.begins_on, "full") if contract.begins_on else ""),
        (_("Last day"), spoken.day(contract.ends_on, "full") if contract.ends_on else _("until further notice")),
        (_("Months of notice"), months),
        (_("Last day of notice"), notice.sum if notice else ""),
        (_("Note"), contract.note),
    ]
