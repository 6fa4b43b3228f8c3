"""The steps of a change for programs. Each is refused with `details.hindrances` while something hinders it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from helhet.changes import actions
from helhet.changes.api.changes import told
from helhet.changes.api.shapes import ChangeOut, Moment, Text, Word
from helhet.changes.permissions import ChangePermission
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, Strict, caller_of, only_known, version_asked
from helhet.kit.api_examples import example
from helhet.kit.api_rights import needs

router = Router(tags=["changes"])

Number = Annotated[int, Field(ge=1, le=2**62)]
Went = Literal["done", "faults", "failed", "reverted"]
ANSWERS = {200: ChangeOut, **WRITE_ERRORS}


class WhyIn(Strict):
    """Why."""

    model_config = example(reason="Delarna har kommit")

    reason: Word = ""


class AskIn(WhyIn):
    """By when the groups are to answer; two working days from now when nothing is said."""

    model_config = example(answer_by="2026-11-19T11:00:00Z")

    answer_by: Moment = None


class FinishIn(WhyIn):
    """How it went."""

    model_config = example(outcome="done", learnt="Tog två timmar mindre än väntat")

    outcome: Went
    learnt: Text | None = None


class ChangeCloseIn(WhyIn):
    """The review: what was learnt, and the outcome where it is to be put right."""

    model_config = example(learnt="Skaffa reservdelar före nästa gång")

    outcome: Went | None = None
    learnt: Text | None = None


@router.post("/{reference}/ask", response=ANSWERS, summary="Ask the touched groups")
@needs(ChangePermission.CHANGE)
def ask(request: HttpRequest, response: HttpResponse, reference: str, data: AskIn) -> dict[str, Any]:
    """Each other group that the change touches gets a question and a task. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.ask_positions(reference, by=by, version=version, **data.dict()))


@router.post("/{reference}/approve", response=ANSWERS, summary="Approve a change")
@needs(ChangePermission.APPROVE)
def approve(request: HttpRequest, response: HttpResponse, reference: str, data: WhyIn) -> dict[str, Any]:
    """All positions are in and none hinders it. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.approve_change(reference, by=by, version=version, reason=data.reason))


@router.post("/{reference}/schedule", response=ANSWERS, summary="Schedule a change")
@needs(ChangePermission.CHANGE)
def schedule(request: HttpRequest, response: HttpResponse, reference: str, data: WhyIn) -> dict[str, Any]:
    """Refused while a clash is neither solved nor signed for. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.schedule_change(reference, by=by, version=version, reason=data.reason))


@router.post("/{reference}/begin", response=ANSWERS, summary="Begin a change")
@needs(ChangePermission.CHANGE)
def begin(request: HttpRequest, response: HttpResponse, reference: str, data: WhyIn) -> dict[str, Any]:
    """The impact is compared once more; an emergency asks for positions now. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.begin_change(reference, by=by, version=version, reason=data.reason))


@router.post("/{reference}/finish", response=ANSWERS, summary="Say how a change went")
@needs(ChangePermission.CHANGE)
def finish(request: HttpRequest, response: HttpResponse, reference: str, data: FinishIn) -> dict[str, Any]:
    """It is over, and in review. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.finish_change(reference, by=by, version=version, **data.dict()))


@router.post("/{reference}/close", response=ANSWERS, summary="Close a change")
@needs(ChangePermission.CHANGE)
def close(request: HttpRequest, response: HttpResponse, reference: str, data: ChangeCloseIn) -> dict[str, Any]:
    """What failed, was reverted, was an emergency or went around says what was learnt. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.close_change(reference, by=by, version=version, **data.dict()))


@router.post("/{reference}/takeback", response=ANSWERS, summary="Take a change back to draft")
@needs(ChangePermission.CHANGE)
def take_back(request: HttpRequest, response: HttpResponse, reference: str, data: WhyIn) -> dict[str, Any]:
    """What the groups said is withdrawn. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.take_back_change(reference, by=by, version=version, reason=data.reason))


@router.post(
    "/{reference}/history/{int:event_id}/undo", response={200: ChangeOut, **ERRORS}, summary="Undo one deed on a change"
)
@needs(ChangePermission.CHANGE, ChangePermission.SIGN_CLASH)
def undo(request: HttpRequest, response: HttpResponse, reference: str, event_id: Number) -> dict[str, Any]:
    """What one event did: words, a move that asked nobody anew, order, marks, incidents, signatures. It is refused for
    what others have been asked or have answered, and for what has been changed since.
    """
    only_known(request)
    return told(response, actions.undo_event(reference, event_id, by=caller_of(request)))


@router.post("/{reference}/cancel", response=ANSWERS, summary="Cancel a change")
@needs(ChangePermission.CHANGE, GroupPermission.TASK_CHANGE)
def cancel(request: HttpRequest, response: HttpResponse, reference: str, data: WhyIn) -> dict[str, Any]:
    """It will not be done, for a reason. Needs If-Match."""
    by, version = caller_of(request), version_asked(request)
    return told(response, actions.cancel_change(reference, by=by, version=version, reason=data.reason))
