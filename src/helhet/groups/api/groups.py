"""Groups for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.groups.actions import add_member, change_chair, change_group, close_group, create_group, reopen_group
from helhet.groups.api.lists import FilterAsked
from helhet.groups.api.members import with_warning
from helhet.groups.api.shapes_groups import GROUPS, CloseIn, GroupChange, GroupIn, GroupOut, ReasonIn, group_data
from helhet.groups.api.shapes_people import ChairIn, MembershipIn, MembershipOut
from helhet.groups.finding import find_group
from helhet.groups.models import BY_NAME, Group
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import PageOut

router = Router(tags=["groups"])


@router.get("", response={200: PageOut[GroupOut], **ERRORS}, summary="List groups")
@needs(GroupPermission.VIEW)
def groups(
    request: HttpRequest, asked: Query[FilterAsked]
) -> Any:  # fmt: skip
    """Filtered by name, state, basis, parent. Sorted by name, state or basis."""
    caller = caller_of(request)
    found = Group.objects.visible_to(caller).annotate(by_name=BY_NAME)
    return GROUPS.found(request, asked, found.select_related("item__kind", "parent__item"))


@router.post("", response={201: GroupOut, **ERRORS}, summary="Form a group")
@needs(GroupPermission.CREATE)
def add_group(request: HttpRequest, response: HttpResponse, data: GroupIn) -> Status[dict[str, Any]]:
    """A new group."""
    made = create_group(by=caller_of(request), **data.dict())
    return Status(201, _out(request, response, made.reference))


@router.get("/{reference}", response={200: GroupOut, **ERRORS}, summary="Read a group")
@needs(GroupPermission.VIEW)
def group(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """By its reference, such as GRP-3, or source:key."""
    only_known(request)
    return _out(request, response, reference)


@router.patch("/{reference}", response={200: GroupOut, **WRITE_ERRORS}, summary="Change a group")
@needs(GroupPermission.CHANGE)
def patch_group(request: HttpRequest, response: HttpResponse, reference: str, data: GroupChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    change_group(reference, by=caller_of(request), version=version_asked(request), **wanted)
    return _out(request, response, reference)


@router.post("/{reference}/close", response={200: GroupOut, **WRITE_ERRORS}, summary="Close a group")
@needs(GroupPermission.CLOSE)
def close(request: HttpRequest, response: HttpResponse, reference: str, data: CloseIn) -> dict[str, Any]:
    """What hangs on it goes to `to`, or is left when `leave` says so; else it is refused with the figures."""
    close_group(reference, by=caller_of(request), version=version_asked(request), **data.dict())
    return _out(request, response, reference)


@router.post("/{reference}/reopen", response={200: GroupOut, **WRITE_ERRORS}, summary="Reopen a group")
@needs(GroupPermission.CLOSE)
def reopen(request: HttpRequest, response: HttpResponse, reference: str, data: ReasonIn) -> dict[str, Any]:
    """Memberships that ended with it stay ended."""
    reopen_group(reference, by=caller_of(request), version=version_asked(request), reason=data.reason)
    return _out(request, response, reference)


@router.post("/{reference}/members", response={201: MembershipOut, **ERRORS}, summary="Let somebody into a group")
@needs(GroupPermission.MEMBERSHIP_MANAGE)
def add_to_group(request: HttpRequest, reference: str, data: MembershipIn) -> Status[dict[str, Any]]:
    """A new membership of this group."""
    wanted = data.dict()
    return Status(201, with_warning(add_member(reference, wanted.pop("person"), by=caller_of(request), **wanted)))


@router.post("/{reference}/chair", response={201: MembershipOut, **ERRORS}, summary="Change the chair of a group")
@needs(GroupPermission.MEMBERSHIP_MANAGE)
def put_in_chair(request: HttpRequest, reference: str, data: ChairIn) -> Status[dict[str, Any]]:
    """From a day on. Who chaired until then stays as a member."""
    made = change_chair(reference, data.person, by=caller_of(request), on=data.on, reason=data.reason)
    return Status(201, with_warning(made))


def _out(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    found = find_group(reference, caller_of(request))
    etag(response, found.item.version)
    return group_data(found)
