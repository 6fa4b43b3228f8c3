"""The API of redundancy: of some providers an item needs at least so many."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from helhet.estate.api.items import Number, router
from helhet.estate.api.schemas import Word
from helhet.estate.models import Redundancy
from helhet.estate.permissions import EstatePermission
from helhet.estate.redundancy import end_redundancy, state_redundancy
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, Strict, caller_of
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut


class RedundancyIn(Strict):
    """At least `least` of the providers must hold; with `is_share` that many percent of them."""

    model_config = example(providers=["SRV-13", "SRV-14", "cmdb:ci-80"], least=2, is_share=False)

    providers: list[Word] = Field(min_length=2, max_length=1_000)
    least: int = Field(ge=1, le=10_000)
    is_share: bool = False


class RedundancyOut(Schema):
    """A set of providers of an item, and how many of them must hold."""

    model_config = example(id=3, providers=["SRV-13", "SRV-14", "SRV-15"], least=2, is_share=False)

    id: int
    providers: list[str]
    least: int
    is_share: bool


def _redundancy(one: Redundancy) -> dict[str, Any]:
    found = {within.to_item_id: within.to_item for within in one.dependencies.all()}
    providers = sorted(found.values(), key=lambda item: (item.name_key, item.pk))
    return {
        "id": one.pk, "providers": [item.reference for item in providers], "least": one.least, "is_share": one.is_share,
    }  # fmt: skip


SETS = Listing(RedundancyOut, {"id": "pk"}, _redundancy)


@router.get(
    "/{path:reference}/redundancies", response={200: PageOut[RedundancyOut], **ERRORS},
    summary="List what replaces what for an item",
)  # fmt: skip
@needs(ItemPermission.VIEW)
def redundancies(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """Of what the item needs: the sets of which some are enough."""
    item = find_item(reference, caller_of(request))
    ids = Redundancy.objects.filter(dependencies__from_item=item).values("pk")
    rows = Redundancy.objects.filter(pk__in=ids).prefetch_related("dependencies__to_item")
    return SETS.answer(request, asked, rows)


@router.post(
    "/{path:reference}/redundancies", response={201: RedundancyOut, **ERRORS}, summary="State what replaces what"
)
@needs(EstatePermission.DEPENDENCY_MANAGE)
def new_redundancy(request: HttpRequest, reference: str, body: RedundancyIn) -> Any:
    """Each provider must be one that the item is already said to need; it leaves the set that it was in."""
    caller = caller_of(request)
    providers = [find_item(one, caller) for one in body.providers]
    made = state_redundancy(
        find_item(reference, caller), providers, least=body.least, is_share=body.is_share, by=caller
    )
    return Status(201, _redundancy(made))


@router.delete(
    "/{path:reference}/redundancies/{int:redundancy_id}", response={204: None, **ERRORS},
    summary="End what replaces what",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def redundancy_end(request: HttpRequest, reference: str, redundancy_id: Number) -> Any:
    """Each of its providers counts alone again."""
    caller = caller_of(request)
    end_redundancy(find_item(reference, caller), redundancy_id, by=caller)
    return Status(204, None)
