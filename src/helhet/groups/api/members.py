"""Memberships for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.groups.actions import change_membership, end_membership, remove_membership, share_peak
from helhet.groups.api.lists import FilterAsked
from helhet.groups.api.shapes_people import (
    MEMBERSHIPS,
    LastDay,
    MembershipChange,
    MembershipOut,
    membership_data,
    warning_of_share,
)
from helhet.groups.finding import find_membership
from helhet.groups.models import Group, Membership
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import PageOut

router = Router(tags=["groups"])


@router.get("", response={200: PageOut[MembershipOut], **ERRORS}, summary="List memberships")
@needs(GroupPermission.VIEW)
def memberships(
    request: HttpRequest, asked: Query[FilterAsked]
) -> Any:  # fmt: skip
    """Filtered by group, person, role, and the day on which they hold (`on:today`)."""
    caller = caller_of(request)
    rows = Membership.objects.filter(group__in=Group.objects.visible_to(caller))
    rows = rows.annotate(by_group=Coalesce("group__item__name_key", Value("")))
    return MEMBERSHIPS.found(request, asked, rows.select_related("group__item", "person"))


@router.get("/{int:membership_id}", response={200: MembershipOut, **ERRORS}, summary="Read a membership")
@needs(GroupPermission.VIEW)
def membership(request: HttpRequest, response: HttpResponse, membership_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    row = find_membership(membership_id, caller_of(request))
    etag(response, row.version)
    return with_warning(row)


@router.patch("/{int:membership_id}", response={200: MembershipOut, **WRITE_ERRORS}, summary="Change a membership")
@needs(GroupPermission.MEMBERSHIP_MANAGE)
def patch_membership(
    request: HttpRequest, response: HttpResponse, membership_id: int, data: MembershipChange
) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    row = change_membership(
        membership_id, by=caller_of(request), version=version_asked(request), **data.dict(exclude_unset=True)
    )
    etag(response, row.version)
    return with_warning(row)


@router.post("/{int:membership_id}/end", response={204: None, **WRITE_ERRORS}, summary="End a membership")
@needs(GroupPermission.MEMBERSHIP_MANAGE)
def end(request: HttpRequest, membership_id: int, data: LastDay) -> Status[None]:
    """What was, stays in the history. Needs If-Match."""
    end_membership(
        membership_id, by=caller_of(request), version=version_asked(request), last=data.last, reason=data.reason
    )
    return Status(204, None)


@router.delete("/{int:membership_id}", response={204: None, **WRITE_ERRORS}, summary="Take away a membership")
@needs(GroupPermission.MEMBERSHIP_MANAGE)
def remove(request: HttpRequest, membership_id: int) -> Status[None]:
    """For a mistake: as if it had never been. Needs If-Match."""
    only_known(request)
    remove_membership(membership_id, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


def with_warning(row: Membership) -> dict[str, Any]:
    """A membership, with a word when the person has now promised more than the whole working time."""
    most = share_peak(row.person_id)
    return membership_data(row) | {"warning": warning_of_share(most.percent, most.on) if most.is_too_much else ""}
