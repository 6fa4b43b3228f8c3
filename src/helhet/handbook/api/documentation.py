"""Services with their seven parts, completeness, gaps, readiness and weights for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from helhet.documents.addressing import href_of
from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.groups.permissions import GroupPermission
from helhet.handbook.actions import begin_part, confirm_part, contradict, rule_out, set_weight, settle, take_back
from helhet.handbook.api.shapes import (
    BegunOut,
    CompletenessOut,
    ContradictionIn,
    ContradictionOut,
    DocumentationOut,
    DocumentedOut,
    GapOut,
    GapsAsked,
    NotApplicableIn,
    NotApplicableOut,
    PartStillTrueIn,
    ServicesAsked,
    SettlementIn,
    WeightIn,
    WeightOut,
)
from helhet.handbook.completeness import gap_data, handbook, service_data, weights, whole_data
from helhet.handbook.documenting import contradiction_data, documentation_data
from helhet.handbook.finding import find_contradiction, find_service
from helhet.handbook.models import NotApplicable, Weight
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.views.listing import chosen
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.errors import Invalid
from helhet.kit.paging import ListAsked, PageOut, Table
from helhet.rules.service_parts import PartState

router = Router(tags=["service documentation"])
contradictions = Router(tags=["service documentation"])


SERVICES = Table(DocumentedOut, "reference", {"name": "name", "reference": "reference"})
GAPS = Table(GapOut, "id", {"-size": "size", "name": "name"})
WEIGHTS = Table(WeightOut, "part")


def _state(text: str) -> str:
    if text and text not in {one.value for one in PartState}:
        raise Invalid(
            _("There is no state %(state)s.") % {"state": text[:40]},
            field="state",
            where="state",
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(PartState)},
        )
    return text


@router.get("", response={200: PageOut[DocumentedOut], **ERRORS}, summary="List services with their documentation")
@needs(HandbookPermission.VIEW)
def services(request: HttpRequest, asked: Query[ServicesAsked]) -> Any:
    """Services and products that are not retired."""
    found = handbook(caller_of(request), asked.filter)
    rows = [service_data(one) for one in chosen(found, asked.part, _state(asked.state))]
    return SERVICES.answer(request, asked, rows, "filter", "part", "state")


@router.get("/completeness", response={200: CompletenessOut, **ERRORS}, summary="Completeness of service documentation")
@needs(HandbookPermission.VIEW)
def completeness(request: HttpRequest, filter: str = "") -> dict[str, Any]:  # noqa: A002 - the parameter's name
    """Of the services that a filter names, as for items; all when empty."""
    only_known(request, "filter")
    return whole_data(handbook(caller_of(request), filter))


@router.get("/gaps", response={200: PageOut[GapOut], **ERRORS}, summary="List the gaps in service documentation")
@needs(HandbookPermission.VIEW)
def gaps(request: HttpRequest, asked: Query[GapsAsked]) -> Any:
    """What is missing, drafted only or in doubt, heaviest first."""
    found = handbook(caller_of(request), asked.filter)
    return GAPS.answer(request, asked, [gap_data(one) for one in found.gaps], "filter")


@router.get("/weights", response={200: PageOut[WeightOut], **ERRORS}, summary="List what each part counts")
@needs(HandbookPermission.VIEW)
def all_weights(request: HttpRequest, asked: Query[ListAsked]) -> Any:
    """In completeness and gaps."""
    versions = dict(Weight.objects.values_list("part", "version"))
    rows = [{"part": part, "weight": weight, "version": versions.get(part, 1)} for part, weight in weights().items()]
    return WEIGHTS.answer(request, asked, rows)


@router.patch("/weights/{part}", response={200: WeightOut, **WRITE_ERRORS}, summary="Weigh a part")
@needs(HandbookPermission.WEIGHT_MANAGE)
def patch_weight(request: HttpRequest, response: HttpResponse, part: str, data: WeightIn) -> dict[str, Any]:
    """Needs If-Match; a part that nobody has weighed has version 1."""
    done = set_weight(part, by=caller_of(request), version=version_asked(request), weight=data.weight)
    etag(response, done.version)
    return {"part": done.part, "weight": done.weight, "version": done.version}


@router.get("/{reference}", response={200: DocumentationOut, **ERRORS}, summary="Read the documentation of a service")
@needs(HandbookPermission.VIEW)
def service(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Its seven parts with their states and reasons, and whether it can be run from that."""
    only_known(request)
    caller = caller_of(request)
    return documentation_data(find_service(reference, caller), caller)


ONE_PART = "/{reference}/{part}"
RULED_OUT = f"{ONE_PART}/not-applicable"


@router.put(RULED_OUT, response={200: NotApplicableOut, **ERRORS}, summary="Say that a part does not apply")
@needs(HandbookPermission.RULE_OUT)
def ruled_out(
    request: HttpRequest, response: HttpResponse, reference: str, part: str, data: NotApplicableIn
) -> dict[str, Any]:
    """It then counts as done."""
    made: NotApplicable = rule_out(reference, part, by=caller_of(request), reason=data.reason)
    etag(response, made.version)
    return {"part": made.part, "reason": made.reason, "by": made.by, "at": made.at, "version": made.version}


@router.delete(RULED_OUT, response={204: None, **WRITE_ERRORS}, summary="Say that a part applies after all")
@needs(HandbookPermission.RULE_OUT)
def applies(request: HttpRequest, reference: str, part: str) -> Status[None]:
    """Needs If-Match."""
    take_back(reference, part, by=caller_of(request), version=version_asked(request))
    return Status(204, None)


@router.post(
    "/{reference}/contradictions", response={201: ContradictionOut, **ERRORS}, summary="Contradict that it can be run"
)
@needs(HandbookPermission.CONTRADICT, GroupPermission.TASK_CREATE)
def contradiction_new(
    request: HttpRequest, response: HttpResponse, reference: str, data: ContradictionIn
) -> Status[dict[str, Any]]:
    """It becomes a task of the group that answers."""
    made = contradict(reference, by=caller_of(request), **data.dict())
    etag(response, made.version)
    return Status(201, contradiction_data(made))


@contradictions.get("/{int:number}", response={200: ContradictionOut, **ERRORS}, summary="Read a contradiction")
@needs(HandbookPermission.VIEW)
def contradiction(request: HttpRequest, response: HttpResponse, number: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    found = find_contradiction(number, caller_of(request))
    etag(response, found.version)
    return contradiction_data(found)


@contradictions.post(
    "/{int:number}/settle", response={200: ContradictionOut, **WRITE_ERRORS}, summary="Settle a contradiction"
)
@needs(HandbookPermission.SETTLE, GroupPermission.TASK_CHANGE)
def settlement(request: HttpRequest, response: HttpResponse, number: int, data: SettlementIn) -> dict[str, Any]:
    """Its task is done with that. Needs If-Match."""
    done = settle(number, by=caller_of(request), version=version_asked(request), text=data.text)
    etag(response, done.version)
    return contradiction_data(done)


# Below all else that a service has by a name: a part is whatever stands there.


@router.post(ONE_PART, response={201: BegunOut, **ERRORS}, summary="Begin a part")
@needs(DocumentPermission.CREATE, DocumentPermission.WRITE)
def begin(request: HttpRequest, response: HttpResponse, reference: str, part: str) -> Status[dict[str, Any]]:
    """With an empty draft."""
    made = begin_part(reference, part, by=caller_of(request))
    etag(response, made.version)
    return Status(201, _begun(made))


@router.post(
    f"{ONE_PART}/still-true", response={200: BegunOut, **WRITE_ERRORS}, summary="Say that a part is still true"
)
@needs(DocumentPermission.CONFIRM)
def still_true(
    request: HttpRequest, response: HttpResponse, reference: str, part: str, data: PartStillTrueIn
) -> dict[str, Any]:
    """Settles the doubts with the caller's name. Needs If-Match, with the document's version."""
    done = confirm_part(
        reference, part, by=caller_of(request), version=version_asked(request), doubt_ids=data.doubts, text=data.text
    )
    etag(response, done.version)
    return _begun(done)


def _begun(document: Document) -> dict[str, Any]:
    told = {"address": document.address, "href": href_of(document.address)}
    return told | {"part": document.part, "version": document.version}
