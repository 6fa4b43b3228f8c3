"""The API of one item itself. Mounted last: its address takes whatever the others leave, since keys may hold `/`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from helhet.estate.api.items import Filter, item_data, router, wanted_fields
from helhet.estate.api.schemas import ItemChange, ItemOut
from helhet.estate.rows import rows_of
from helhet.items.actions import change_item
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs


@router.get("/{path:reference}", response={200: ItemOut, **ERRORS}, exclude_unset=True, summary="Read an item")
@needs(ItemPermission.VIEW)
def item(
    request: HttpRequest,
    response: HttpResponse,
    reference: str,
    fields: Filter = "",
) -> Any:
    """By reference or `source:key`; of a merged item, that which it became. `fields` are names with commas between."""
    only_known(request, "fields")
    names = wanted_fields(fields)
    found = find_item(reference, caller_of(request))
    etag(response, found.version)
    return rows_of([found])[0].as_data(names)


@router.patch("/{path:reference}", response={200: ItemOut, **WRITE_ERRORS}, summary="Change an item")
@needs(ItemPermission.CHANGE)
def item_change(request: HttpRequest, response: HttpResponse, reference: str, body: ItemChange) -> Any:
    """Needs If-Match with the ETag of what was read."""
    caller = caller_of(request)
    version = version_asked(request)
    given = body.dict(exclude_unset=True)
    if given.get("attributes") is not None:
        given["attributes"] = {**find_item(reference, caller).attributes, **given["attributes"]}
    for name in ("part_of", "criticality", "description", "tags", "attributes"):
        if name in given and given[name] is None:
            given[name] = {} if name == "attributes" else [] if name == "tags" else ""
    given = {name: value for name, value in given.items() if value is not None}
    changed = change_item(reference, by=caller, version=version, **given)
    etag(response, changed.version)
    return item_data(find_item(changed.reference, caller))
