"""The API of types of dependency."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.estate.api.schemas_dependencies import TypeChange, TypeIn, TypeMergeIn, TypeOut, TypeWordOut
from helhet.estate.models import DependencyType
from helhet.estate.permissions import EstatePermission
from helhet.estate.types import (
    Counted,
    change_type,
    create_type,
    find_type,
    merge_word,
    remove_type,
    types_counted,
    unexplained,
)
from helhet.items.permissions import ItemPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, PageOut, Table

types_router = Router(tags=["dependency types"])

WORDS = ("key", "name_sv", "name_en", "turned_sv", "turned_en", "pairs", "words", "turned_words", "is_builtin",
         "position", "version")  # fmt: skip
TYPES = Table(TypeOut, "key", {"position": "position", "key": "key", "dependencies": "dependencies"})
UNEXPLAINED = Table(TypeWordOut, "word", {"-dependencies": "dependencies", "word": "word"})


def _data(row: Counted) -> dict[str, Any]:
    found = {name: getattr(row.type, name) for name in WORDS}
    return {**found, "dependencies": row.count, "breaking": row.breaking}


def _told(request: HttpRequest, response: HttpResponse, one: DependencyType) -> dict[str, Any]:
    etag(response, one.version)
    return _data(next(row for row in types_counted(caller_of(request)) if row.type.pk == one.pk))


@types_router.get("", response={200: PageOut[TypeOut], **ERRORS}, summary="List types of dependency")
@needs(ItemPermission.VIEW)
def types(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Every type in its order, with how many dependencies have it and how many of them break its pairs."""
    return TYPES.answer(request, asked, [_data(row) for row in types_counted(caller_of(request))])


@types_router.post("", response={201: TypeOut, **ERRORS}, summary="Create a type of dependency")
@needs(EstatePermission.TYPE_MANAGE)
def new_type(request: HttpRequest, response: HttpResponse, body: TypeIn) -> Any:
    """Dependencies that have its key or one of its words become of this type."""
    made = create_type(by=caller_of(request), **body.dict())
    return Status(201, _told(request, response, made))


@types_router.get("/words", response={200: PageOut[TypeWordOut], **ERRORS}, summary="List words that are no type")
@needs(ItemPermission.VIEW)
def words(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """Words of the sources, kept as they are until somebody says what they mean."""
    rows = [{"word": one.word, "dependencies": one.count} for one in unexplained(caller_of(request))]
    return UNEXPLAINED.answer(request, asked, rows)


@types_router.post("/merge", response={200: TypeOut, **ERRORS}, summary="Say which type a word means")
@needs(EstatePermission.TYPE_MANAGE)
def merging(request: HttpRequest, response: HttpResponse, body: TypeMergeIn) -> Any:
    """A word of the sources, or a type of one's own, which then goes: now and in every import from now on."""
    return _told(request, response, merge_word(body.word, body.into, by=caller_of(request)))


@types_router.get("/{str:key}", response={200: TypeOut, **ERRORS}, summary="Read a type of dependency")
@needs(ItemPermission.VIEW)
def type_(request: HttpRequest, response: HttpResponse, key: str) -> Any:
    """One type."""
    only_known(request)
    return _told(request, response, find_type(key, caller_of(request)))


@types_router.patch("/{str:key}", response={200: TypeOut, **WRITE_ERRORS}, summary="Change a type of dependency")
@needs(EstatePermission.TYPE_MANAGE)
def type_change(request: HttpRequest, response: HttpResponse, key: str, body: TypeChange) -> Any:
    """Needs If-Match. A type keeps its key."""
    given = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    return _told(request, response, change_type(key, by=caller_of(request), version=version_asked(request), **given))


@types_router.delete("/{str:key}", response={204: None, **WRITE_ERRORS}, summary="Remove a type of dependency")
@needs(EstatePermission.TYPE_MANAGE)
def type_removal(request: HttpRequest, key: str) -> Any:
    """Needs If-Match. Only one of one's own that no dependency has."""
    remove_type(key, by=caller_of(request), version=version_asked(request))
    return Status(204, None)
