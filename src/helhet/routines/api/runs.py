"""Runs for programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from helhet.documents.permissions import DocumentPermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, caller_of, etag, only_known
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut
from helhet.routines.actions import abandon_run, answer_step, choose_answer, end_run, take_run
from helhet.routines.api.shapes import (
    EndIn,
    RoutineRunOut,
    RunNoteIn,
    RunWholeOut,
    StepAnswerIn,
    StepAnswerOut,
    StepChoiceIn,
    answer_data,
    run_data,
    whole_run_data,
)
from helhet.routines.finding import find_routine, find_run
from helhet.routines.models import Run
from helhet.routines.permissions import RoutinePermission

Number = Annotated[int, Field(ge=1, le=2**62)]
router = Router(tags=["runs"])
ONE = "/{int:run_id}"
RUNS: Listing[Run] = Listing(RoutineRunOut, {"-id": "pk"}, run_data)


@router.get("", response={200: PageOut[RoutineRunOut], **ERRORS}, summary="List runs")
@needs(RoutinePermission.VIEW)
def all_runs(request: HttpRequest, asked: Query[ListAsked], routine: str = "", state: str = "") -> Any:
    """Newest first; of a `routine` (reference); `state` open gives those under way, mine those of one's own."""
    caller = caller_of(request)
    rows = Run.objects.visible_to(caller).select_related(
        "routine__document__item__kind", "of_version", "item__kind", "group__item__kind"
    )
    if routine.strip():
        rows = rows.filter(routine_id=find_routine(routine, caller).pk)
    if state in ("open", "mine"):
        rows = rows.filter(outcome="")
    if state == "mine":
        rows = rows.filter(user_id=caller.user_id)
    return RUNS.answer(request, asked, rows, "routine", "state")


@router.get(ONE, response={200: RunWholeOut, **ERRORS}, summary="Read a run")
@needs(RoutinePermission.VIEW)
def run(request: HttpRequest, response: HttpResponse, run_id: Number) -> dict[str, Any]:
    """With its steps and answers."""
    only_known(request)
    found = find_run(run_id, caller_of(request))
    etag(response, found.version)
    return whole_run_data(found)


@router.post(f"{ONE}/take", response={200: RunWholeOut, **ERRORS}, summary="Take a run over")
@needs(RoutinePermission.RUN)
def take(request: HttpRequest, response: HttpResponse, run_id: Number) -> dict[str, Any]:
    """It is the caller's from now on; its history tells whose it was."""
    only_known(request)
    taken = take_run(run_id, by=caller_of(request))
    etag(response, taken.version)
    return whole_run_data(find_run(run_id, caller_of(request)))


@router.post(f"{ONE}/answers", response={201: StepAnswerOut, **ERRORS}, summary="Answer a step")
@needs(RoutinePermission.RUN_HELP, RoutinePermission.RUN_CHANGE)
def answer(request: HttpRequest, run_id: Number, data: StepAnswerIn) -> Status[dict[str, Any]]:
    """Of one's own run, or of a routine that one's group answers for; an approval by another who may read the routine.

    The same key is the same answer, however often it is sent. Name and time are the server's. To a step that has an
    answer already it waits for a choice, unless `instead_of` names that one.
    """
    return Status(201, answer_data(answer_step(run_id, by=caller_of(request), **data.dict())))


@router.post(
    f"{ONE}/answers/{{int:answer_id}}/choice", response={200: StepAnswerOut, **ERRORS},
    summary="Choose between two answers",
)  # fmt: skip
@needs(RoutinePermission.RUN_HELP, RoutinePermission.RUN_CHANGE)
def choose(request: HttpRequest, run_id: Number, answer_id: Number, data: StepChoiceIn) -> dict[str, Any]:
    """Of an answer that waits and the one that counts; by those who may answer the step. Both stay in the history."""
    return answer_data(choose_answer(run_id, answer_id, by=caller_of(request), **data.dict()))


@router.post(
    f"{ONE}/photos", response={201: StepAnswerOut, **ERRORS}, summary="Answer a step with a photo",
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": {
        "file": "skylt.jpg", "key": "b7f1c2d0", "step": "s4", "said_at": "2026-11-17T13:41:00Z",
    }}}}},
)  # fmt: skip
@needs(RoutinePermission.RUN_HELP, RoutinePermission.RUN_CHANGE)
def photo(
    request: HttpRequest, run_id: Number, *, file: File[UploadedFile], key: Form[str], step: Form[str],
    said_at: Form[dt.datetime | None] = None,
) -> Status[dict[str, Any]]:  # fmt: skip
    """As multipart form data, at most 50 MiB; the step is done."""
    made = answer_step(run_id, by=caller_of(request), key=key, step=step, state="done", said_at=said_at, photo=file)
    return Status(201, answer_data(made))


@router.post(f"{ONE}/end", response={200: RunWholeOut, **ERRORS}, summary="End a run")
@needs(
    RoutinePermission.RUN_HELP, RoutinePermission.RUN_CHANGE, DocumentPermission.REPORT, GroupPermission.TASK_CREATE
)  # fmt: skip
def end(request: HttpRequest, response: HttpResponse, run_id: Number, data: EndIn) -> dict[str, Any]:
    """Refused while required steps are left, unless it failed. Sent again with the same outcome it is ended once.

    A failed run reports its routine to those who answer for it.
    """
    ended = end_run(run_id, by=caller_of(request), **data.dict())
    etag(response, ended.version)
    return whole_run_data(ended)


@router.post(f"{ONE}/abandon", response={200: RunWholeOut, **ERRORS}, summary="Abandon a run")
@needs(RoutinePermission.RUN_HELP, RoutinePermission.RUN_CHANGE)
def abandon(request: HttpRequest, response: HttpResponse, run_id: Number, data: RunNoteIn) -> dict[str, Any]:
    """It proves nothing and counts as no use."""
    ended = abandon_run(run_id, by=caller_of(request), note=data.note)
    etag(response, ended.version)
    return whole_run_data(ended)
