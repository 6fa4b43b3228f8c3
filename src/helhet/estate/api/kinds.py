"""The API of kinds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.estate.api.schemas_kinds import KindChange, KindIn, KindOut, MisfitOut, MisfitsOut
from helhet.items.kinds import EXAMINED, change_kind, create_kind, find_kind, kinds_counted, misfits, remove_kind
from helhet.items.models import Family, Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table
from helhet.kit.rights import Caller

kinds_router = Router(tags=["kinds"])

WORDS = ("key", "family", "name_sv", "name_en", "plural_sv", "plural_en", "prefix", "icon", "must_be_owned",
         "is_builtin", "position", "version")  # fmt: skip


def kind_data(kind: Kind, count: int) -> dict[str, Any]:
    """A kind in the shape of KindOut."""
    return {**{name: getattr(kind, name) for name in WORDS}, "attributes": kind.schema, "items": count}


def _counted(kind: Kind, caller: Caller) -> dict[str, Any]:
    return kind_data(kind, Item.objects.visible_to(caller).filter(kind=kind).count())


FAMILIES = {family: at for at, family in enumerate(Family.values)}
MISFITS = Table(MisfitOut, "_id", {"id": "_id", "reason": "reason"})
KINDS = Table(KindOut, "key", {"family": "_place", "key": "key", "items": "items"})


@kinds_router.get("", response={200: PageOut[KindOut], **ERRORS}, summary="List kinds")
@needs(ItemPermission.VIEW)
def kinds(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Every kind with the number of its items, by family."""
    rows = [kind_data(kind, count) for kind, count in kinds_counted(caller_of(request))]
    placed = [
        {**row, "_place": f"{FAMILIES.get(row['family'], len(FAMILIES)):03}.{row['position']:09}"} for row in rows
    ]
    return KINDS.answer(request, asked, placed)


@kinds_router.post("", response={201: KindOut, **ERRORS}, summary="Create a kind")
@needs(ItemPermission.KIND_MANAGE)
def new_kind(request: HttpRequest, response: HttpResponse, body: KindIn) -> Any:
    """With a JSON Schema of what its items' attributes hold."""
    given = body.dict()
    made = create_kind(by=caller_of(request), schema=given.pop("attributes"), **given)
    etag(response, made.version)
    return Status(201, kind_data(made, 0))


@kinds_router.get("/{str:key}", response={200: KindOut, **ERRORS}, summary="Read a kind")
@needs(ItemPermission.VIEW)
def kind(request: HttpRequest, response: HttpResponse, key: str) -> Any:
    """One kind."""
    only_known(request)
    caller = caller_of(request)
    found = find_kind(key, caller)
    etag(response, found.version)
    return _counted(found, caller)


@kinds_router.patch("/{str:key}", response={200: KindOut, **WRITE_ERRORS}, summary="Change a kind")
@needs(ItemPermission.KIND_MANAGE)
def kind_change(request: HttpRequest, response: HttpResponse, key: str, body: KindChange) -> Any:
    """Needs If-Match. Built-in kinds keep key and family."""
    caller = caller_of(request)
    given = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    if "attributes" in given:
        given["schema"] = given.pop("attributes")
    changed = change_kind(key, by=caller, version=version_asked(request), **given)
    etag(response, changed.version)
    return _counted(changed, caller)


@kinds_router.delete("/{str:key}", response={204: None, **WRITE_ERRORS}, summary="Remove a kind")
@needs(ItemPermission.KIND_MANAGE)
def kind_removal(request: HttpRequest, key: str) -> Any:
    """Needs If-Match. Only a kind of one's own that no item has or had."""
    remove_kind(key, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@kinds_router.get(
    "/{str:key}/misfits", response={200: MisfitsOut, **ERRORS}, summary="List items that do not fit their kind"
)
@needs(ItemPermission.VIEW)
def kind_misfits(request: HttpRequest, asked: Query[ListAsked], key: str) -> Any:
    """Those whose attributes do not fit the kind's schema."""
    caller = caller_of(request)
    found = misfits(find_kind(key, caller), caller, show=EXAMINED)
    rows = [
        {"item": {"reference": one.item.reference, "name": one.item.name}, "reason": one.reason, "_id": one.item.pk}
        for one in found.found
    ]
    return MISFITS.answer(request, asked, rows, examined=found.examined, more=found.more)
