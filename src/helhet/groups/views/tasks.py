"""Tasks: what waits for me, and all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.groups.actions import (
    change_task,
    create_task,
    drop_task,
    finish_task,
    hand_over_task,
    reopen_task,
    take_task,
)
from helhet.groups.finding import find_group, find_person, find_task, person_named
from helhet.groups.forms import DropForm, HandOverForm, TaskForm
from helhet.groups.history import lines
from helhet.groups.models import Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.groups.ports import place_of
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.journal.actions import history
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.kit.words import noun

SIZE = 100


@page(GroupPermission.TASK_VIEW)
def waits(request: Request) -> HttpResponse:
    """What waits for me: my own tasks, and those of my groups that nobody has taken."""
    mine = Task.objects.visible_to(request.caller).waiting_for(request.caller)
    return _listed(request, mine, "waits")


@page(GroupPermission.TASK_VIEW)
def tasks(request: Request) -> HttpResponse:
    """All tasks: open, late, done; of a group, of a person."""
    show = request.GET.get("show", "open")
    found = Task.objects.visible_to(request.caller)
    if show == "closed":
        found = found.exclude(state=TaskState.OPEN)
    else:
        found = found.filter(state=TaskState.OPEN)
        if show == "late":
            found = found.filter(due_on__lt=timezone.localdate())
    named: dict[str, Any] = {}
    if text := request.GET.get("group", ""):
        named["group"] = find_group(text, request.caller)
        found = found.filter(group=named["group"])
    if (text := request.GET.get("person", "")).isdigit():
        named["person"] = find_person(int(text), request.caller)
        found = found.filter(person=named["person"])
    return _listed(request, found, show if show in {"closed", "late"} else "open", **named)


def _listed(request: Request, found: QuerySet[Task], show: str, **named: Any) -> HttpResponse:
    everything = Task.objects.visible_to(request.caller)
    still = everything.filter(state=TaskState.OPEN)
    waiting = everything.waiting_for(request.caller)
    today = timezone.localdate()
    address = reverse("groups:tasks")
    start = int(text) if (text := request.GET.get("from", "0")).isdigit() and len(text) < 7 else 0
    order = ("-closed_at", "-pk") if show == "closed" else Task._meta.ordering or ()
    rows = list(found.select_related("group__item", "person", "item__kind").order_by(*order)[start : start + SIZE + 1])
    query = request.GET.copy()
    query["from"] = str(start + SIZE)
    context = {
        "rows": rows[:SIZE],
        "show": show,
        "waiting": waiting.count(),
        "late": waiting.filter(due_on__lt=today).count() if show == "waits" else still.filter(due_on__lt=today).count(),
        "open": still.count(),
        "today": today,
        "soon": today + dt.timedelta(days=7),
        "tabs": [
            Choice(_("Waits for me"), reverse("groups:waits"), show == "waits", waiting.count()),
            Choice(pgettext("tasks", "Open"), address, show == "open", still.count()),
            Choice(_("Late"), f"{address}?show=late", show == "late", still.filter(due_on__lt=today).count()),
            Choice(pgettext("tasks", "Closed"), f"{address}?show=closed", show == "closed"),
        ],
        "page": Page(next_url=f"?{query.urlencode()}" if len(rows) > SIZE else ""),
        **named,
    }
    return render(request, "groups/tasks.html", context)


def task_crumbs(task: Task | None = None) -> list[Crumb]:
    """The list of tasks, and the task."""
    crumbs = [Crumb(noun("task", "plural").capitalize(), reverse("groups:tasks"))]
    return [*crumbs, Crumb(task.title, reverse("groups:task", args=[task.pk]))] if task is not None else crumbs


@page(GroupPermission.TASK_VIEW)
def task(request: Request, task_id: int) -> HttpResponse:
    """One task."""
    found = find_task(task_id, request.caller)
    own = found.group_id in request.caller.member_of and found.person_id != request.caller.person_id
    context = {
        "task": found, "crumbs": task_crumbs(), "lines": lines(history("task", found.pk)[:30]),
        "may_change": request.caller.may(GroupPermission.TASK_CHANGE, found),
        "may_take": own and request.caller.person_id is not None, "is_open": found.state == TaskState.OPEN,
        "today": timezone.localdate(), "state": TaskState(found.state).label,
        "place": place_of(found, request.caller),
    }  # fmt: skip
    return render(request, "groups/task.html", context)


@page(GroupPermission.TASK_CREATE, methods=GET_POST)
def task_new(request: Request) -> HttpResponse:
    """Something to be done."""
    start = {name: request.GET.get(name, "") for name in ("title", "group", "person", "item")}
    form = TaskForm(request.POST or None, initial=start, is_new=True)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Task:
            who = person_named(data["person"], request.caller).pk if data["person"] else None
            return create_task(
                by=request.caller, title=data["title"], group=data["group"], person=who, item=data["item"],
                due_on=data["due_on"], text=data["text"],
            )  # fmt: skip

        made = tried(form, act)
        if made is not None:
            toast(request, _("The task is made."))
            return redirect("groups:task", made.pk)
    return form_page(
        request, form, title=_("New task"), submit=_("Make the task"), cancel_url=reverse("groups:waits"),
        says=_("A task is a group's or a person's. A group's task waits for all its members until one takes it."),
        crumbs=task_crumbs(),
    )  # fmt: skip


def of_task(found: Task) -> dict[str, Any]:
    """A task as `TaskForm` begins with."""
    return {
        "version": found.version, "title": found.title, "text": found.text, "due_on": found.due_on,
        "item": found.item.reference if found.item else "",
    }  # fmt: skip


@page(GroupPermission.TASK_VIEW, methods=GET_POST)
def task_edit(request: Request, task_id: int) -> HttpResponse:
    """Change what a task says."""
    found = find_task(task_id, request.caller)
    request.caller.require(GroupPermission.TASK_CHANGE, found)
    form = TaskForm(request.POST or None, initial=of_task(found))
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_task(task_id, by=request.caller, version=form.cleaned_data["version"], **form.wanted()),
            lambda: of_task(find_task(task_id, request.caller)),
        )
        if done is not None:
            toast(request, _("Saved."))
            return redirect("groups:task", task_id)
    return form_page(
        request, form, title=found.title, cancel_url=reverse("groups:task", args=[task_id]), crumbs=task_crumbs(found)
    )


@page(GroupPermission.TASK_VIEW, methods=GET_POST)
def task_handover(request: Request, task_id: int) -> HttpResponse:
    """Give a task to a group or a person."""
    found = find_task(task_id, request.caller)
    request.caller.require(GroupPermission.TASK_CHANGE, found)
    start = {"version": found.version, "group": found.group.reference if found.group else ""}
    form = HandOverForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Task:
            who = person_named(data["person"], request.caller).pk if data["person"] else None
            return hand_over_task(
                task_id, by=request.caller, version=data["version"], group=data["group"], person=who,
                reason=data["reason"],
            )  # fmt: skip

        done = tried(form, act, lambda: {"version": find_task(task_id, request.caller).version})
        if done is not None:
            toast(request, _("The task is handed over."))
            return redirect("groups:task", task_id)
    return form_page(
        request, form, title=_("Hand over"), says=found.title, submit=_("Hand over"),
        cancel_url=reverse("groups:task", args=[task_id]), crumbs=task_crumbs(found),
    )  # fmt: skip


@page(GroupPermission.TASK_VIEW, methods=GET_POST)
def task_drop(request: Request, task_id: int) -> HttpResponse:
    """A task will not be done, for a reason."""
    found = find_task(task_id, request.caller)
    request.caller.require(GroupPermission.TASK_CHANGE, found)
    form = DropForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = tried(
            form,
            lambda: drop_task(task_id, by=request.caller, version=data["version"], reason=data["reason"]),
            lambda: {"version": find_task(task_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("The task is dropped."), undo_url=reverse("groups:task_reopening", args=[task_id]))
            return redirect("groups:waits")
    return form_page(
        request, form, title=_("Drop the task"), says=found.title, submit=_("Drop"),
        cancel_url=reverse("groups:task", args=[task_id]), crumbs=task_crumbs(found),
    )  # fmt: skip


def _done(request: Request, task_id: int, act: Callable[..., Task], said: str, *, undo: bool = False) -> HttpResponse:
    version = version_of(request) if "version" in request.POST else find_task(task_id, request.caller).version
    act(task_id, by=request.caller, version=version)
    toast(request, said, undo_url=reverse("groups:task_reopening", args=[task_id]) if undo else "")
    return redirect("groups:waits" if request.POST.get("back") == "waits" else reverse("groups:task", args=[task_id]))


@page(GroupPermission.TASK_VIEW, methods=POST)
def task_taking(request: Request, task_id: int) -> HttpResponse:
    """The caller takes it on himself."""
    return _done(request, task_id, take_task, _("The task is yours."))


@page(GroupPermission.TASK_VIEW, methods=POST)
def task_finishing(request: Request, task_id: int) -> HttpResponse:
    """It is done."""
    return _done(request, task_id, finish_task, _("Done."), undo=True)


@page(GroupPermission.TASK_VIEW, methods=POST)
def task_reopening(request: Request, task_id: int) -> HttpResponse:
    """It is to be done after all."""
    return _done(request, task_id, reopen_task, _("The task is open again."))
