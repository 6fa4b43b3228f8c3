"""Contracts and their agreed levels for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.items.models import Item
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.suppliers.actions import change_contract, create_contract, set_levels
from helhet.suppliers.api.shapes import ContractIn, ContractOut, ContractPatch, LevelsIn, contract_data
from helhet.suppliers.finding import contracts_of, find_contract
from helhet.suppliers.models import Contract
from helhet.suppliers.permissions import SupplierPermission

router = Router(tags=["suppliers"])
ONE = "/{reference}"


def _of_item(item: Item) -> dict[str, Any]:
    found = getattr(item, "as_contract", None) or Contract(item=item)
    found.item = item
    return contract_data(found)


CONTRACTS = Listing(ContractOut, {"name": "name_key"}, _of_item)


def _out(response: HttpResponse, found: Contract) -> dict[str, Any]:
    etag(response, found.version)
    return contract_data(found)


@router.get("", response={200: PageOut[ContractOut], **ERRORS}, summary="List contracts")
@needs(SupplierPermission.VIEW)
def all_contracts(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them, those that have run out too."""
    return CONTRACTS.answer(request, asked, contracts_of(caller_of(request)))


@router.post("", response={201: ContractOut, **ERRORS}, summary="Add a contract")
@needs(SupplierPermission.CREATE, any_group=True)
def add_contract(request: HttpRequest, response: HttpResponse, data: ContractIn) -> Status[dict[str, Any]]:
    """Members of any group may."""
    return Status(201, _out(response, create_contract(by=caller_of(request), **data.dict())))


@router.get(ONE, response={200: ContractOut, **ERRORS}, summary="Read a contract")
@needs(SupplierPermission.VIEW)
def contract(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """By its reference."""
    only_known(request)
    return _out(response, find_contract(reference, caller_of(request)))


@router.patch(ONE, response={200: ContractOut, **WRITE_ERRORS}, summary="Change a contract")
@needs(SupplierPermission.CHANGE)
def patch_contract(request: HttpRequest, response: HttpResponse, reference: str, data: ContractPatch) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    done = change_contract(reference, by=caller_of(request), version=version_asked(request), **wanted)
    return _out(response, done)


@router.put(f"{ONE}/levels", response={200: ContractOut, **WRITE_ERRORS}, summary="Set the agreed levels")
@needs(SupplierPermission.CHANGE)
def levels(request: HttpRequest, response: HttpResponse, reference: str, data: LevelsIn) -> dict[str, Any]:
    """All of them, in their order. Needs If-Match."""
    done = set_levels(
        reference, by=caller_of(request), version=version_asked(request), levels=[one.dict() for one in data.levels]
    )
    return _out(response, done)
