"""Tasks for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from helhet.groups.actions import (
    change_task,
    create_task,
    drop_task,
    finish_task,
    hand_over_task,
    reopen_task,
    take_task,
)
from helhet.groups.api.lists import FilterAsked
from helhet.groups.api.shapes_groups import ReasonIn
from helhet.groups.api.shapes_tasks import DUE, TASKS, HandOverIn, OutcomeIn, TaskChange, TaskIn, TaskOut, task_data
from helhet.groups.finding import find_task
from helhet.groups.models import Task
from helhet.groups.permissions import GroupPermission
from helhet.kit.api import ERRORS, WRITE_ERRORS, caller_of, etag, only_known, version_asked
from helhet.kit.api_rights import needs
from helhet.kit.paging import PageOut

router = Router(tags=["tasks"])


@router.get("", response={200: PageOut[TaskOut], **ERRORS}, summary="List tasks")
@needs(GroupPermission.TASK_VIEW)
def tasks(
    request: HttpRequest, asked: Query[FilterAsked],
    waits: bool = False,
) -> Any:  # fmt: skip
    """Filtered by state, group, person, item, due, origin; `waits=true` gives what waits for the caller."""
    caller = caller_of(request)
    found = Task.objects.visible_to(caller)
    if waits:
        found = found.waiting_for(caller)
    return TASKS.found(request, asked, found.select_related("item", "group__item").annotate(by_day=DUE), "waits")


@router.post("", response={201: TaskOut, **ERRORS}, summary="Make a task")
@needs(GroupPermission.TASK_CREATE)
def add_task(request: HttpRequest, response: HttpResponse, data: TaskIn) -> Status[dict[str, Any]]:
    """Of a group, a person, or a person for a group."""
    return Status(201, _out(response, create_task(by=caller_of(request), origin="api", **data.dict())))


@router.get("/{int:task_id}", response={200: TaskOut, **ERRORS}, summary="Read a task")
@needs(GroupPermission.TASK_VIEW)
def task(request: HttpRequest, response: HttpResponse, task_id: int) -> dict[str, Any]:
    """By its number."""
    only_known(request)
    return _out(response, find_task(task_id, caller_of(request)))


@router.patch("/{int:task_id}", response={200: TaskOut, **WRITE_ERRORS}, summary="Change a task")
@needs(GroupPermission.TASK_CHANGE)
def patch_task(request: HttpRequest, response: HttpResponse, task_id: int, data: TaskChange) -> dict[str, Any]:
    """Fields that are left out stay as they are. Needs If-Match."""
    wanted = data.dict(exclude_unset=True)
    return _out(response, change_task(task_id, by=caller_of(request), version=version_asked(request), **wanted))


@router.post("/{int:task_id}/take", response={200: TaskOut, **WRITE_ERRORS}, summary="Take a task on oneself")
@needs(GroupPermission.TASK_CHANGE)
def take(request: HttpRequest, response: HttpResponse, task_id: int) -> dict[str, Any]:
    """The caller takes it on himself. Needs If-Match."""
    only_known(request)
    return _out(response, take_task(task_id, by=caller_of(request), version=version_asked(request)))


@router.post("/{int:task_id}/handover", response={200: TaskOut, **WRITE_ERRORS}, summary="Hand a task over")
@needs(GroupPermission.TASK_CHANGE)
def hand_over(request: HttpRequest, response: HttpResponse, task_id: int, data: HandOverIn) -> dict[str, Any]:
    """To a group, a person, or a person for a group. Needs If-Match."""
    done = hand_over_task(task_id, by=caller_of(request), version=version_asked(request), **data.dict())
    return _out(response, done)


@router.post("/{int:task_id}/done", response={200: TaskOut, **WRITE_ERRORS}, summary="Say that a task is done")
@needs(GroupPermission.TASK_CHANGE)
def done(request: HttpRequest, response: HttpResponse, task_id: int, data: OutcomeIn) -> dict[str, Any]:
    """With what came of it. Needs If-Match."""
    return _out(
        response,
        finish_task(task_id, by=caller_of(request), version=version_asked(request), outcome=data.outcome),
    )


@router.post("/{int:task_id}/drop", response={200: TaskOut, **WRITE_ERRORS}, summary="Drop a task")
@needs(GroupPermission.TASK_CHANGE)
def drop(request: HttpRequest, response: HttpResponse, task_id: int, data: ReasonIn) -> dict[str, Any]:
    """For a reason. Needs If-Match."""
    return _out(response, drop_task(task_id, by=caller_of(request), version=version_asked(request), reason=data.reason))


@router.post("/{int:task_id}/reopen", response={200: TaskOut, **WRITE_ERRORS}, summary="Reopen a task")
@needs(GroupPermission.TASK_CHANGE)
def reopen(request: HttpRequest, response: HttpResponse, task_id: int) -> dict[str, Any]:
    """It is to be done after all. Needs If-Match."""
    only_known(request)
    return _out(response, reopen_task(task_id, by=caller_of(request), version=version_asked(request)))


def _out(response: HttpResponse, found: Task) -> dict[str, Any]:
    etag(response, found.version)
    return task_data(found)
