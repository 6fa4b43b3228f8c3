"""Contacts of a supplier, in the order of calling."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.journal.actions import record
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.suppliers.finding import find_contact, find_supplier
from helhet.suppliers.models import Contact, ContactUse, Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.writing import change_row, email, line, web

WAYS = ("phone", "email", "web")
LINES = {"role": 200, "name": 200, "phone": 60, "hours": 200}


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name in LINES:
            wanted[name] = line(value, name, LINES[name])
        elif name == "email":
            wanted[name] = email(value)
        elif name == "web":
            wanted[name] = web(value)
        elif name == "use":
            if value not in ContactUse.values:
                raise Invalid(
                    _("There is no such use of a contact: %(use)s.") % {"use": str(value)[:40]},
                    todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(ContactUse.values)}, field="use",
                )  # fmt: skip
            wanted[name] = str(value)
        else:
            raise Invalid(_("A contact has no field %(name)s.") % {"name": name}, field=name)
    if not wanted.get("role", "-"):
        raise Invalid(_("Say what role the contact has, such as support."), field="role")
    return wanted


def _check_way(wanted: dict[str, Any], contact: Contact | None = None) -> None:
    if not any(wanted.get(way, getattr(contact, way, "")) for way in WAYS):
        raise Invalid(
            _("A contact can be reached."), todo=_("Give a phone number, an e-mail address or a web address."),
            field="phone",
        )  # fmt: skip


@transaction.atomic
def add_contact(reference: str, *, by: Caller, role: str, place: int | None = None, **fields: Any) -> Contact:
    """Somebody to call at the supplier: `role`, and use, name, phone, email, web, hours. `place` in the order of
    calling, from 1; without one the last.
    """
    supplier = _supplier(reference, by)
    wanted = _fields({"role": role, **fields})
    _check_way(wanted)
    contact = Contact.objects.create(supplier=supplier, position=supplier.contacts.count(), **wanted)
    record(
        "suppliers.contact.added", "contact", contact.pk, by=by, after={"supplier": supplier.item.reference, **wanted}
    )
    if place is not None:
        _move(supplier, contact, place)
    return contact


@transaction.atomic
def change_contact(
    reference: str, contact_id: int, *, by: Caller, version: int | None, place: int | None = None, **fields: Any
) -> Contact:
    """Set fields of a contact, or its place in the order of calling (from 1)."""
    supplier = _supplier(reference, by)
    contact = find_contact(contact_id, supplier)
    check_version(contact, version, str(contact))
    wanted = _fields(fields)
    _check_way(wanted, contact)
    if place is not None:
        wanted["position"] = _move(supplier, contact, place)
    change_row(contact, wanted, noun="contact", by=by)
    return contact


@transaction.atomic
def end_contact(reference: str, contact_id: int, *, by: Caller, version: int | None, reason: str = "") -> Contact:
    """It is called no longer; its row stays for the history."""
    supplier = _supplier(reference, by)
    contact = find_contact(contact_id, supplier)
    check_version(contact, version, str(contact))
    change_row(contact, {"ended_at": timezone.now()}, noun="contact", verb="ended", by=by, reason=reason)
    return contact


def _supplier(reference: str, by: Caller) -> Supplier:
    supplier = find_supplier(reference, by, for_change=True)
    by.require(SupplierPermission.CHANGE, supplier.item)
    return supplier


def _move(supplier: Supplier, contact: Contact, place: int) -> int:
    """Give all contacts of the supplier their positions, this one at `place`; its position, from 0."""
    others = [one for one in supplier.contacts.filter(ended_at__isnull=True) if one.pk != contact.pk]
    others.insert(min(max(place, 1), len(others) + 1) - 1, contact)
    for position, one in enumerate(others):
        Contact.objects.filter(pk=one.pk).update(position=position)
    return others.index(contact)
