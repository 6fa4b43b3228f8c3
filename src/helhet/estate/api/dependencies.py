"""The API of dependencies of one item, from either end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Status

from helhet.estate.api.items import Number, router
from helhet.estate.api.notes import between
from helhet.estate.api.schemas_dependencies import DependencyChange, DependencyIn, DependencyOut, WordsIn
from helhet.estate.dependencies import add_dependency, change_dependency, find_dependency, remove_dependency
from helhet.estate.models import Dependency
from helhet.estate.permissions import EstatePermission
from helhet.estate.settling import answer_question, confirm, question
from helhet.estate.types import TypeWords, type_words
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut


def dependency_data(one: Dependency, item: Item, words: TypeWords) -> dict[str, Any]:
    """A dependency in the shape of DependencyOut, seen from the item."""
    is_need = one.from_item_id == item.pk
    other = one.to_item if is_need else one.from_item
    return {
        "id": one.pk, "type": one.type, "type_name": words.said(one.type, turned=not is_need),
        "criticality": one.criticality, "note": one.note, "direction": "needs" if is_need else "needed_by",
        "item": {"reference": other.reference, "name": other.name}, "source": one.source.name if one.source else None,
        "not_seen_since": one.not_seen_since.isoformat() if one.not_seen_since else None, "by_hand": one.is_by_hand,
        "stated_by": one.stating_end.reference, "standing": one.standing, "standing_by": one.standing_by,
        "standing_at": one.standing_at, "standing_words": one.standing_words, "redundancy": one.redundancy_id,
        "version": one.version,
    }  # fmt: skip


def _told(response: HttpResponse, one: Dependency, item: Item) -> dict[str, Any]:
    etag(response, one.version)
    return dependency_data(one, item, type_words())


@router.get(
    "/{path:reference}/dependencies", response={200: PageOut[DependencyOut], **ERRORS},
    summary="List an item's dependencies",
)  # fmt: skip
@needs(ItemPermission.VIEW)
def dependencies(request: HttpRequest, asked: Query[ListAsked], reference: str) -> Any:
    """What this item needs, and what needs it."""
    item = find_item(reference, caller_of(request))
    words = type_words()
    rows = Dependency.objects.filter(between(item)).select_related("from_item", "to_item", "source")

    def told(one: Dependency) -> dict[str, Any]:
        return dependency_data(one, item, words)

    return Listing(DependencyOut, {"id": "pk", "type": "type"}, told).answer(request, asked, rows)


@router.post(
    "/{path:reference}/dependencies", response={201: DependencyOut, **ERRORS},
    summary="State what an item needs, or what needs it",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def new_dependency(request: HttpRequest, response: HttpResponse, reference: str, body: DependencyIn) -> Any:
    """Stating it again sets its criticality and note."""
    caller = caller_of(request)
    item, other = find_item(reference, caller), find_item(body.to, caller)
    is_turned = body.direction == "needed_by"
    made = add_dependency(
        *((other, item) if is_turned else (item, other)), by=caller, sort=body.type, criticality=body.criticality,
        note=body.note, is_from_provider=is_turned, is_anyway=body.anyway,
    )  # fmt: skip
    return Status(201, _told(response, made, item))


@router.get(
    "/{path:reference}/dependencies/{int:dependency_id}", response={200: DependencyOut, **ERRORS},
    summary="Read a dependency",
)  # fmt: skip
@needs(ItemPermission.VIEW)
def dependency(request: HttpRequest, response: HttpResponse, reference: str, dependency_id: Number) -> Any:
    """One that starts or ends at this item."""
    only_known(request)
    item = find_item(reference, caller_of(request))
    return _told(response, find_dependency(item, dependency_id), item)


@router.patch(
    "/{path:reference}/dependencies/{int:dependency_id}", response={200: DependencyOut, **WRITE_ERRORS},
    summary="Change a dependency",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def dependency_change(
    request: HttpRequest, response: HttpResponse, reference: str, dependency_id: Number, body: DependencyChange
) -> Any:
    """Needs If-Match. When more than the note changes, it must be confirmed anew."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    one = change_dependency(
        find_dependency(item, dependency_id), by=caller, version=version_asked(request), sort=body.type,
        criticality=body.criticality, note=body.note, is_anyway=body.anyway,
    )  # fmt: skip
    return _told(response, one, item)


@router.delete(
    "/{path:reference}/dependencies/{int:dependency_id}", response={204: None, **WRITE_ERRORS},
    summary="Remove a dependency",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def dependency_removal(request: HttpRequest, reference: str, dependency_id: Number) -> Any:
    """Needs If-Match. One that starts or ends at this item and that no source states."""
    caller = caller_of(request)
    one = find_dependency(find_item(reference, caller), dependency_id)
    remove_dependency(one, by=caller, version=version_asked(request))
    return Status(204, None)


@router.post(
    "/{path:reference}/dependencies/{int:dependency_id}/confirm", response={200: DependencyOut, **WRITE_ERRORS},
    summary="Confirm a dependency",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_SETTLE)
def confirmation(request: HttpRequest, response: HttpResponse, reference: str, dependency_id: Number) -> Any:
    """By the group of the end that did not state it. Needs If-Match."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    one = confirm(find_dependency(item, dependency_id), by=caller, version=version_asked(request))
    return _told(response, one, item)


@router.post(
    "/{path:reference}/dependencies/{int:dependency_id}/question", response={200: DependencyOut, **WRITE_ERRORS},
    summary="Question a dependency",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_SETTLE, GroupPermission.TASK_CREATE)
def questioning(
    request: HttpRequest, response: HttpResponse, reference: str, dependency_id: Number, body: WordsIn
) -> Any:
    """By the group of the end that did not state it; the group that did gets a task. Needs If-Match."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    one = question(find_dependency(item, dependency_id), body.words, by=caller, version=version_asked(request))
    return _told(response, one, item)


@router.post(
    "/{path:reference}/dependencies/{int:dependency_id}/answer", response={200: DependencyOut, **WRITE_ERRORS},
    summary="Stand by a questioned dependency",
)  # fmt: skip
@needs(EstatePermission.DEPENDENCY_MANAGE)
def standing_by(
    request: HttpRequest, response: HttpResponse, reference: str, dependency_id: Number, body: WordsIn
) -> Any:
    """By the group of the end that stated it. Needs If-Match."""
    caller = caller_of(request)
    item = find_item(reference, caller)
    one = answer_question(find_dependency(item, dependency_id), body.words, by=caller, version=version_asked(request))
    return _told(response, one, item)
