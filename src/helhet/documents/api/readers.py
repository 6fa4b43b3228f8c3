"""Audiences and approval, for programs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status

from helhet.documents.actions.audiences import change_audience, create_audience, remove_audience, set_approval
from helhet.documents.models import ApprovalRule, Audience
from helhet.documents.permissions import DocumentPermission
from helhet.documents.readers import approval_of, find_audience, visible_audiences
from helhet.groups.finding import find_group
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, etag, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut

router = Router(tags=["documents"])
approval_router = Router(tags=["documents"])
SHAPE: dict[str, Any] = {"name_sv": "Nätjouren", "name_en": "Network on call", "is_open": False, "groups": ["GRP-3"]}


class AudienceIn(Strict):
    """An audience: everyone who is signed in, or the members of some groups (references)."""

    model_config = example(key="network", **SHAPE)

    key: str
    name_sv: str
    name_en: str = ""
    is_open: bool = False
    groups: list[str] = []


class AudiencePatch(Strict):
    """What is to be altered."""

    model_config = example(groups=["GRP-3", "GRP-4"])

    name_sv: str = ""
    name_en: str = ""
    is_open: bool = False
    groups: list[str] = []


class AudienceOut(Schema):
    """An audience. `is_builtin`: it belongs to the product and is not removed."""

    model_config = example(key="network", is_builtin=False, version=2, **SHAPE)

    key: str
    name_sv: str
    name_en: str
    is_open: bool
    groups: list[str]
    is_builtin: bool
    version: int


class ApprovalIn(Strict):
    """Who approves: the chair or a deputy (lead), a member who did not write it (other), any member (member)."""

    model_config = example(approver="other", needs_review=True)

    approver: Literal["lead", "other", "member"]
    needs_review: bool = False


class ApprovalOut(Schema):
    """What holds in a group."""

    model_config = example(group="GRP-3", approver="other", needs_review=True, version=2)

    group: str
    approver: str
    needs_review: bool
    version: int


def _data(one: Audience) -> dict[str, Any]:
    own = ("key", "name_sv", "name_en", "is_open", "is_builtin", "version")
    groups = sorted(group.reference for group in one.groups.select_related("item"))
    return {**{name: getattr(one, name) for name in own}, "groups": groups}


def _out(response: HttpResponse, one: Audience) -> dict[str, Any]:
    etag(response, one.version)
    return _data(one)


AUDIENCES = Listing(AudienceOut, {"key": "key"}, _data)


@router.get("", response={200: PageOut[AudienceOut], **ERRORS}, summary="List audiences of documents")
@needs(DocumentPermission.VIEW)
def audiences(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """All of them."""
    return AUDIENCES.answer(request, asked, visible_audiences(caller_of(request)))


@router.post("", response={201: AudienceOut, **ERRORS}, summary="Add an audience of documents")
@needs(DocumentPermission.AUDIENCE_MANAGE)
def add_audience(request: HttpRequest, response: HttpResponse, data: AudienceIn) -> Status[dict[str, Any]]:
    """By an administrator."""
    return Status(201, _out(response, create_audience(by=caller_of(request), **data.dict())))


@router.get("/{key}", response={200: AudienceOut, **ERRORS}, summary="Read an audience of documents")
@needs(DocumentPermission.VIEW)
def audience(request: HttpRequest, response: HttpResponse, key: str) -> dict[str, Any]:
    """By its key."""
    only_known(request)
    return _out(response, find_audience(key, caller_of(request)))


@router.patch("/{key}", response={200: AudienceOut, **WRITE_ERRORS}, summary="Change an audience of documents")
@needs(DocumentPermission.AUDIENCE_MANAGE)
def patch_audience(request: HttpRequest, response: HttpResponse, key: str, data: AudiencePatch) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, change_audience(key, by=caller_of(request), version=version_asked(request), **wanted))


@router.delete("/{key}", response={204: None, **WRITE_ERRORS}, summary="Remove an audience of documents")
@needs(DocumentPermission.AUDIENCE_MANAGE)
def delete_audience(request: HttpRequest, key: str) -> Status[None]:
    """Refused while a document is for it. Needs If-Match."""
    remove_audience(key, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


def _rule(response: HttpResponse, group: str, rule: ApprovalRule) -> dict[str, Any]:
    etag(response, rule.version)
    return {"group": group, "approver": rule.approver, "needs_review": rule.needs_review, "version": rule.version}


@approval_router.get("/{group}", response={200: ApprovalOut, **ERRORS}, summary="Read who approves a group's documents")
@needs(DocumentPermission.VIEW)
def approval(request: HttpRequest, response: HttpResponse, group: str) -> dict[str, Any]:
    """When nothing is said, its chair or a deputy."""
    only_known(request)
    found = find_group(group, caller_of(request))
    return _rule(response, found.reference, approval_of(found))


@approval_router.put(
    "/{group}", response={200: ApprovalOut, **WRITE_ERRORS}, summary="Say who approves a group's documents"
)
@needs(DocumentPermission.APPROVAL_MANAGE)
def put_approval(request: HttpRequest, response: HttpResponse, group: str, data: ApprovalIn) -> dict[str, Any]:
    """By the group's chair or deputy, or a coordinator. Needs If-Match."""
    caller = caller_of(request)
    rule = set_approval(group, by=caller, version=version_asked(request), **data.dict())
    return _rule(response, find_group(group, caller).reference, rule)
