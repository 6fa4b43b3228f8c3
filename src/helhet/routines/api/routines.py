"""Routines for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.documents.models import Document
from helhet.documents.permissions import DocumentPermission
from helhet.groups.finding import group_named
from helhet.groups.permissions import GroupPermission
from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.routines.actions import begin_run, change_routine, report_routine
from helhet.routines.api.shapes import (
    EvidenceOut,
    MonthOut,
    RoutineOut,
    RoutinePatch,
    RoutineReportIn,
    RoutineReportOut,
    RoutineWholeOut,
    RunIn,
    RunWholeOut,
    routine_data,
    row_data,
    whole_run_data,
)
from helhet.routines.evidence import evidence_of, month_of, read_month, report_data
from helhet.routines.finding import find_routine
from helhet.routines.listing import narrowed, routines_of
from helhet.routines.models import Routine
from helhet.routines.permissions import RoutinePermission

router = Router(tags=["routines"])
reports = Router(tags=["routines"])
ONE = "/{reference}"
ROUTINES: Listing[Document] = Listing(RoutineOut, {"name": "item__name_key"}, row_data)


def _out(response: HttpResponse, found: Routine) -> dict[str, Any]:
    etag(response, found.version)
    return routine_data(found)


@router.get("", response={200: PageOut[RoutineOut], **ERRORS}, summary="List routines")
@needs(RoutinePermission.VIEW)
def all_routines(
    request: HttpRequest, asked: Query[ListAsked], *, q: str = "", kind: str = "", proof: str = "", item: str = ""
) -> Any:
    """Those in use. `q` are words of name, symptoms, labels or text; `kind`; `proof` is proven, doubtful or never;
    `item` is what it is about.
    """
    caller = caller_of(request)
    about = find_item(item, caller).pk if item.strip() else None
    found = narrowed(routines_of(caller), text=q, kind=kind, proof=proof, item_id=about)
    return ROUTINES.answer(request, asked, found, "q", "kind", "proof", "item")


@router.get(ONE, response={200: RoutineWholeOut, **ERRORS}, summary="Read a routine")
@needs(RoutinePermission.VIEW)
def routine(request: HttpRequest, response: HttpResponse, reference: str) -> dict[str, Any]:
    """With its text and steps as published."""
    only_known(request)
    return _out(response, find_routine(reference, caller_of(request)))


@router.patch(ONE, response={200: RoutineWholeOut, **WRITE_ERRORS}, summary="Change what is said of a routine")
@needs(RoutinePermission.CHANGE)
def patch_routine(request: HttpRequest, response: HttpResponse, reference: str, data: RoutinePatch) -> dict[str, Any]:
    """Only the fields sent. Needs If-Match. Its text and steps are its document's."""
    wanted = data.dict(exclude_unset=True)
    change_routine(reference, by=caller_of(request), version=version_asked(request), **wanted)
    return _out(response, find_routine(reference, caller_of(request)))


@router.get(f"{ONE}/evidence", response={200: EvidenceOut, **ERRORS}, summary="Read what its runs show")
@needs(RoutinePermission.VIEW)
def evidence(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Uses, who, on what, time against expected, steps skipped, failures, proof."""
    only_known(request)
    return asdict(evidence_of(find_routine(reference, caller_of(request))))


@router.post(f"{ONE}/reports", response={201: RoutineReportOut, **ERRORS}, summary="Say that a routine is wrong")
@needs(DocumentPermission.REPORT, GroupPermission.TASK_CREATE)
def report(request: HttpRequest, reference: str, data: RoutineReportIn) -> Status[dict[str, Any]]:
    """It becomes a task of those who answer for it, and a doubt of its text."""
    task = report_routine(reference, by=caller_of(request), **data.dict())
    return Status(201, {"task": task.pk if task else None})


@router.post(f"{ONE}/runs", response={201: RunWholeOut, **ERRORS}, summary="Begin a run")
@needs(RoutinePermission.RUN)
def run_new(request: HttpRequest, response: HttpResponse, reference: str, data: RunIn) -> Status[dict[str, Any]]:
    """The same key is the same run, however often it is sent."""
    caller = caller_of(request)
    on = find_item(data.item, caller) if data.item.strip() else None
    made = begin_run(find_routine(reference, caller), by=caller, key=data.key, item=on, is_exercise=data.exercise)
    etag(response, made.version)
    return Status(201, whole_run_data(made))


@reports.get("", response={200: MonthOut, **ERRORS}, summary="Read a month of routines")
@needs(RoutinePermission.VIEW)
def month(request: HttpRequest, month: str = "", group: str = "") -> dict[str, Any]:
    """Of the routines that a group answers for (reference or name), of all without one. `month` as 2026-11."""
    only_known(request, "month", "group")
    caller = caller_of(request)
    return report_data(month_of(caller, read_month(month), group_named(group, caller) if group.strip() else None))
