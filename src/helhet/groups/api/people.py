"""Persons for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.groups.actions import change_person, create_person, end_person, return_person
from helhet.groups.api.lists import FilterAsked
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.groups.api.shapes_people import PERSONS, PersonChange, PersonEnd, PersonIn, PersonOut, person_data
from helhet.groups.finding import find_person
from helhet.groups.models import Person
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import PageOut

router = Router(tags=["groups"])


@router.get("", response={200: PageOut[PersonOut], **ERRORS}, summary="List persons")
@needs(GroupPermission.PERSON_VIEW)
def persons(
    request: HttpRequest, asked: Query[FilterAsked]
) -> Any:  # fmt: skip
    """Filtered by name, email, unit, title, group (today), ended (yes, no). Sorted by name or unit."""
    caller = caller_of(request)
    return PERSONS.found(request, asked, Person.objects.visible_to(caller).select_related("user"))


@router.post("", response={201: PersonOut, **ERRORS}, summary="Add a person")
@needs(GroupPermission.PERSON_MANAGE)
def add_person(request: HttpRequest, response: HttpResponse, data: PersonIn) -> Status[dict[str, Any]]:
    """The e-mail address ties the person to the user who has it."""
    return Status(201, _out(response, create_person(by=caller_of(request), **data.dict())))


@router.get("/{int:person_id}", response={200: PersonOut, **ERRORS}, summary="Read a person")
@needs(GroupPermission.PERSON_VIEW)
def person(request: HttpRequest, response: HttpResponse, person_id: int) -> dict[str, Any]:
    """By the number."""
    only_known(request)
    return _out(response, find_person(person_id, caller_of(request)))


@router.patch("/{int:person_id}", response={200: PersonOut, **WRITE_ERRORS}, summary="Change a person")
@needs(GroupPermission.PERSON_MANAGE)
def patch_person(request: HttpRequest, response: HttpResponse, person_id: int, data: PersonChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, change_person(person_id, by=caller_of(request), version=version_asked(request), **wanted))


@router.post("/{int:person_id}/end", response={200: PersonOut, **WRITE_ERRORS}, summary="End a person's time here")
@needs(GroupPermission.PERSON_END)
def end(request: HttpRequest, response: HttpResponse, person_id: int, data: PersonEnd) -> dict[str, Any]:
    """Memberships and sign-in end, tasks go back to their groups. Needs If-Match."""
    return _out(response, end_person(person_id, by=caller_of(request), version=version_asked(request), **data.dict()))


@router.post("/{int:person_id}/return", response={200: PersonOut, **WRITE_ERRORS}, summary="Take a person back")
@needs(GroupPermission.PERSON_END)
def back(request: HttpRequest, response: HttpResponse, person_id: int, data: ReasonIn) -> dict[str, Any]:
    """Memberships and sign-in are to be given anew. Needs If-Match."""
    return _out(
        response,
        return_person(person_id, by=caller_of(request), version=version_asked(request), reason=data.reason),
    )


def _out(response: HttpResponse, found: Person) -> dict[str, Any]:
    etag(response, found.version)
    return person_data(found)
