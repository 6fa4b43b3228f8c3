"""Suppliers, their contacts and deliveries for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.groups.api.shapes_groups import ReasonIn
from helhet.items.models import Item
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.suppliers.actions import (
    add_contact,
    change_contact,
    change_supplier,
    create_supplier,
    end_contact,
    end_supplier,
    remove_delivery,
    return_supplier,
    state_delivery,
)
from helhet.suppliers.api.shapes import (
    ContactChangedOut,
    ContactIn,
    ContactOut,
    ContactPatch,
    DeliveryIn,
    DeliveryOut,
    SupplierIn,
    SupplierOut,
    SupplierPatch,
    contact_data,
    delivery_data,
    supplier_data,
)
from helhet.suppliers.finding import find_supplier, suppliers_of
from helhet.suppliers.models import Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.ports import checks_after

router = Router(tags=["suppliers"])
ONE = "/{reference}"


def _of_item(item: Item) -> dict[str, Any]:
    found = getattr(item, "as_supplier", None) or Supplier(item=item)
    found.item = item
    return supplier_data(found)


SUPPLIERS = Listing(SupplierOut, {"name": "name_key"}, _of_item)


def _out(response: HttpResponse, found: Supplier) -> dict[str, Any]:
    etag(response, found.version)
    return supplier_data(found)


@router.get("", response={200: PageOut[SupplierOut], **ERRORS}, summary="List suppliers")
@needs(SupplierPermission.VIEW)
def all_suppliers(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them, those that have ended too."""
    return SUPPLIERS.answer(request, asked, suppliers_of(caller_of(request)))


@router.post("", response={201: SupplierOut, **ERRORS}, summary="Add a supplier")
@needs(SupplierPermission.CREATE, any_group=True)
def add_supplier(request: HttpRequest, response: HttpResponse, data: SupplierIn) -> Status[dict[str, Any]]:
    """Members of any group may."""
    return Status(201, _out(response, create_supplier(by=caller_of(request), **data.dict())))


@router.get(ONE, response={200: SupplierOut, **ERRORS}, summary="Read a supplier")
@needs(SupplierPermission.VIEW)
def supplier(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """By its reference."""
    only_known(request)
    return _out(response, find_supplier(reference, caller_of(request)))


@router.patch(ONE, response={200: SupplierOut, **WRITE_ERRORS}, summary="Change a supplier")
@needs(SupplierPermission.CHANGE)
def patch_supplier(request: HttpRequest, response: HttpResponse, reference: str, data: SupplierPatch) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    done = change_supplier(reference, by=caller_of(request), version=version_asked(request), **wanted)
    return _out(response, done)


@router.post(f"{ONE}/end", response={200: SupplierOut, **WRITE_ERRORS}, summary="End a supplier")
@needs(SupplierPermission.CHANGE)
def end(request: HttpRequest, response: HttpResponse, reference: str, data: ReasonIn) -> dict[str, Any]:
    """Refused while it delivers something or a contract with it runs. Needs If-Match."""
    done = end_supplier(reference, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return _out(response, done)


@router.post(f"{ONE}/return", response={200: SupplierOut, **WRITE_ERRORS}, summary="Take a supplier back")
@needs(SupplierPermission.CHANGE)
def take_back(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """It delivers again. Needs If-Match."""
    return _out(response, return_supplier(reference, by=caller_of(request), version=version_asked(request)))


@router.post(f"{ONE}/contacts", response={201: ContactOut, **ERRORS}, summary="Add a contact")
@needs(SupplierPermission.CHANGE)
def contact_new(
    request: HttpRequest, response: HttpResponse, reference: str, data: ContactIn
) -> Status[dict[str, Any]]:
    """It must be reachable by phone, e-mail or web."""
    made = add_contact(reference, by=caller_of(request), **data.dict())
    etag(response, made.version)
    return Status(201, contact_data(made))


CONTACT = f"{ONE}/contacts/{{int:contact_id}}"


@router.patch(CONTACT, response={200: ContactChangedOut, **WRITE_ERRORS}, summary="Change a contact")
@needs(SupplierPermission.CHANGE)
def contact_patch(
    request: HttpRequest, response: HttpResponse, reference: str, contact_id: int, data: ContactPatch
) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match, with the contact's version. Tells which documents are to be checked."""
    done = change_contact(
        reference, contact_id, by=caller_of(request), version=version_asked(request), **data.dict(exclude_unset=True)
    )
    etag(response, done.version)
    return contact_data(done) | {"to_check": list(checks_after("contact", done.pk, caller_of(request)).addresses)}


@router.delete(CONTACT, response={204: None, **WRITE_ERRORS}, summary="End a contact")
@needs(SupplierPermission.CHANGE)
def contact_end(request: HttpRequest, reference: str, contact_id: int) -> Status[None]:
    """It is called no longer. Needs If-Match, with the contact's version."""
    end_contact(reference, contact_id, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


DELIVERY = f"{ONE}/deliveries/{{item}}"


@router.put(DELIVERY, response={200: DeliveryOut, **ERRORS}, summary="State a delivery")
@needs(SupplierPermission.CHANGE)
def delivery_put(request: HttpRequest, reference: str, item: str, data: DeliveryIn) -> dict[str, Any]:
    """The supplier delivers the item. The group of the item may state it too."""
    return delivery_data(state_delivery(reference, item, by=caller_of(request), **data.dict()))


@router.delete(DELIVERY, response={204: None, **ERRORS}, summary="Take a delivery away")
@needs(SupplierPermission.CHANGE)
def delivery_removal(request: HttpRequest, reference: str, item: str) -> Status[None]:
    """The supplier delivers the item no longer."""
    remove_delivery(reference, item, by=caller_of(request))
    return Status(204, None)
