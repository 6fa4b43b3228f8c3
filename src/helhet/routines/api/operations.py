"""Operational tasks, the day list and notes between shifts for programs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Status

from helhet.groups.finding import find_group
from helhet.items.finding import find_item
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import ListAsked, Listing, PageOut, Table
from helhet.routines.actions.day_runs import run_occurrence
from helhet.routines.actions.occurrences import (
    do_occurrence,
    reopen_occurrence,
    skip_occurrence,
    take_handover,
    take_occurrence,
    write_handover,
)
from helhet.routines.actions.operations import change_operation, create_operation, drafted_operation, end_operation
from helhet.routines.api.operation_shapes import (
    ComingsOut,
    DoneIn,
    HandoverIn,
    HandoverOut,
    OccurrenceOut,
    OperationChange,
    OperationIn,
    OperationOut,
    RunBegunOut,
    RunKeyIn,
    SpentOut,
    UpkeepReasonIn,
    handover_data,
    occurrence_data,
    operation_data,
    operations_data,
    spent_data,
)
from helhet.routines.day_list import spent
from helhet.routines.models import Handover, Occurrence, OperationalTask
from helhet.routines.operations import (
    find_occurrence,
    find_operation,
    occurrences_for,
    of_groups,
    preview,
    tasks_for,
)
from helhet.routines.permissions import RoutinePermission

router = Router(tags=["operational tasks"])
day_router = Router(tags=["operational tasks"])
handovers = Router(tags=["operational tasks"])

TASKS: Listing[OperationalTask] = Listing(
    OperationOut, {"title": "title", "first_on": "first_on"}, operation_data, together=operations_data
)
TIMES: Listing[Occurrence] = Listing(OccurrenceOut, {"due_on": "due_on"}, occurrence_data)
NOTES: Listing[Handover] = Listing(HandoverOut, {"-at": "at"}, handover_data)
SPENT = Table(SpentOut, "key", {"key": "key", "month": "month"})


@router.get("", response={200: PageOut[OperationOut], **ERRORS}, summary="List operational tasks")
@needs(RoutinePermission.VIEW)
def operations(
    request: HttpRequest, asked: Query[ListAsked], group: str = "", item: str = "", ended: bool = False
) -> Any:
    """Those that go on, or have ended; of a group (reference), of an item (reference)."""
    caller = caller_of(request)
    found = tasks_for(caller).filter(ended_on__isnull=not ended)
    if group:
        found = found.filter(of_groups([find_group(group, caller).pk]))
    if item:
        found = found.filter(item=find_item(item, caller))
    return TASKS.answer(request, asked, found, "group", "item", "ended")


@router.post("", response={201: OperationOut, **ERRORS}, summary="Make an operational task")
@needs(RoutinePermission.TASK_MANAGE)
def add(request: HttpRequest, response: HttpResponse, data: OperationIn) -> Status[dict[str, Any]]:
    """By a rule of RFC 5545 from a day, or so many days after it was last done; with neither it comes once."""
    return Status(201, _out(response, create_operation(by=caller_of(request), **data.dict(exclude_unset=True))))


@router.post("/preview", response={200: ComingsOut, **ERRORS}, summary="Show when a task would come")
@needs(RoutinePermission.TASK_MANAGE)
def show(request: HttpRequest, data: OperationIn) -> dict[str, Any]:
    """The next ten days; nothing is made."""
    drafted = drafted_operation(by=caller_of(request), **data.dict(exclude_unset=True))
    return {"days": [{"rule_on": one.rule_on, "due_on": one.due_on} for one in preview(drafted)]}


@router.get("/spent", response={200: PageOut[SpentOut], **ERRORS}, summary="Planned against spent")
@needs(RoutinePermission.VIEW)
def spent_by_month(request: HttpRequest, asked: Query[ListAsked], group: str = "") -> Any:
    """By group and month, a year back."""
    caller = caller_of(request)
    rows = spent(caller, find_group(group, caller) if group else None)
    return SPENT.answer(request, asked, [spent_data(row) for row in rows], "group")


@router.get("/{int:operation_id}", response={200: OperationOut, **ERRORS}, summary="Read an operational task")
@needs(RoutinePermission.VIEW)
def operation(request: HttpRequest, response: HttpResponse, operation_id: int) -> dict[str, Any]:
    """With when it comes next."""
    only_known(request)
    return _out(response, find_operation(operation_id, caller_of(request)))


@router.patch("/{int:operation_id}", response={200: OperationOut, **WRITE_ERRORS}, summary="Change one")
@needs(RoutinePermission.TASK_MANAGE)
def change(request: HttpRequest, response: HttpResponse, operation_id: int, data: OperationChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    by = caller_of(request)
    return _out(response, change_operation(operation_id, by=by, version=version_asked(request), **wanted))


@router.post("/{int:operation_id}/end", response={200: OperationOut, **WRITE_ERRORS}, summary="End an operational task")
@needs(RoutinePermission.TASK_MANAGE)
def end(request: HttpRequest, response: HttpResponse, operation_id: int, data: UpkeepReasonIn) -> dict[str, Any]:
    """It comes no more; what is due or late is skipped with the reason. Needs If-Match."""
    by = caller_of(request)
    return _out(response, end_operation(operation_id, by=by, version=version_asked(request), reason=data.reason))


class TimesAsked(ListAsked):
    """What times are asked for."""

    state: str = Field("open", max_length=10, description="open, done or skipped")
    group: str = Field("", max_length=300, description="The reference of the group that does it")
    person: int | None = None
    task: int | None = None
    until: dt.date | None = Field(None, description="Due up to this day")


@day_router.get("", response={200: PageOut[OccurrenceOut], **ERRORS}, summary="List times of operational tasks")
@needs(RoutinePermission.VIEW)
def occurrences(request: HttpRequest, asked: Query[TimesAsked]) -> Any:
    """By state, group, person, task and due day."""
    caller = caller_of(request)
    found = occurrences_for(caller).filter(state=asked.state)
    if asked.group:
        found = found.filter(of_groups([find_group(asked.group, caller).pk], "task__"))
    wanted = (("person_id", asked.person), ("task_id", asked.task), ("due_on__lte", asked.until))
    found = found.filter(**{name: value for name, value in wanted if value is not None})
    return TIMES.answer(request, asked, found, "state", "group", "person", "task", "until")


@day_router.get("/{int:occurrence_id}", response={200: OccurrenceOut, **ERRORS}, summary="Read one time")
@needs(RoutinePermission.VIEW)
def occurrence(request: HttpRequest, response: HttpResponse, occurrence_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _time(response, find_occurrence(occurrence_id, caller_of(request)))


@day_router.post(
    "/{int:occurrence_id}/take", response={200: OccurrenceOut, **WRITE_ERRORS}, summary="Take an occurrence"
)
@needs(RoutinePermission.TASK_DO)
def take(request: HttpRequest, response: HttpResponse, occurrence_id: int) -> dict[str, Any]:
    """The caller takes it on himself. Needs If-Match."""
    only_known(request)
    return _time(response, take_occurrence(occurrence_id, by=caller_of(request), version=version_asked(request)))


@day_router.post("/{int:occurrence_id}/done", response={200: OccurrenceOut, **WRITE_ERRORS}, summary="It is done")
@needs(RoutinePermission.TASK_DO)
def done(request: HttpRequest, response: HttpResponse, occurrence_id: int, data: DoneIn) -> dict[str, Any]:
    """With the minutes and the cost that it took. Needs If-Match."""
    by = caller_of(request)
    return _time(response, do_occurrence(occurrence_id, by=by, version=version_asked(request), **data.dict()))


@day_router.post(
    "/{int:occurrence_id}/skip", response={200: OccurrenceOut, **WRITE_ERRORS}, summary="Skip an occurrence"
)
@needs(RoutinePermission.TASK_DO)
def skip(request: HttpRequest, response: HttpResponse, occurrence_id: int, data: UpkeepReasonIn) -> dict[str, Any]:
    """It is not done this time, for a reason. Needs If-Match."""
    by = caller_of(request)
    return _time(response, skip_occurrence(occurrence_id, by=by, version=version_asked(request), reason=data.reason))


@day_router.post("/{int:occurrence_id}/reopen", response={200: OccurrenceOut, **WRITE_ERRORS}, summary="Reopen it")
@needs(RoutinePermission.TASK_DO)
def reopen(request: HttpRequest, response: HttpResponse, occurrence_id: int) -> dict[str, Any]:
    """It is to be done after all. Needs If-Match."""
    only_known(request)
    return _time(response, reopen_occurrence(occurrence_id, by=caller_of(request), version=version_asked(request)))


@day_router.post("/{int:occurrence_id}/run", response={200: RunBegunOut, **ERRORS}, summary="Run its routine")
@needs(RoutinePermission.TASK_DO)
def run(request: HttpRequest, occurrence_id: int, data: RunKeyIn) -> dict[str, Any]:
    """When the run ends it is done. `key` is made by the sender: sent again it is the same run."""
    begun = run_occurrence(occurrence_id, by=caller_of(request), key=data.key)
    return {"run": begun.pk, "key": begun.key}


@handovers.get("", response={200: PageOut[HandoverOut], **ERRORS}, summary="List notes between shifts")
@needs(RoutinePermission.VIEW)
def notes(request: HttpRequest, asked: Query[ListAsked], group: str = "", taken: bool = False) -> Any:
    """Those that nobody has read, or that have been read; of a group (reference)."""
    caller = caller_of(request)
    found = Handover.objects.filter(taken_at__isnull=not taken).select_related("group__item")
    if group:
        found = found.filter(group=find_group(group, caller))
    return NOTES.answer(request, asked, found, "group", "taken")


@handovers.post("", response={201: HandoverOut, **ERRORS}, summary="Tell the next shift")
@needs(RoutinePermission.HAND_OVER)
def add_note(request: HttpRequest, response: HttpResponse, data: HandoverIn) -> Status[dict[str, Any]]:
    """Something that the group's next shift should know."""
    made = write_handover(by=caller_of(request), **data.dict())
    etag(response, made.version)
    return Status(201, handover_data(made))


@handovers.post("/{int:handover_id}/take", response={200: HandoverOut, **WRITE_ERRORS}, summary="Take a note")
@needs(RoutinePermission.HAND_OVER)
def take_note(request: HttpRequest, response: HttpResponse, handover_id: int) -> dict[str, Any]:
    """It has been read. Needs If-Match."""
    only_known(request)
    found = take_handover(handover_id, by=caller_of(request), version=version_asked(request))
    etag(response, found.version)
    return handover_data(found)


def _out(response: HttpResponse, task: OperationalTask) -> dict[str, Any]:
    etag(response, task.version)
    return operation_data(task)


def _time(response: HttpResponse, found: Occurrence) -> dict[str, Any]:
    etag(response, found.version)
    return occurrence_data(found)
