"""Operational tasks: the list, one, making, changing, ending."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.groups.finding import find_group, person_named
from helhet.groups.views.pages import GET_POST, form_page, person_names, tried
from helhet.items.finding import find_item
from helhet.journal.actions import history
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.routines.actions.operations import (
    change_operation,
    create_operation,
    drafted_operation,
    end_operation,
)
from helhet.routines.forms_operations import OperationForm, ReasonForm, of_operation
from helhet.routines.listing import offered
from helhet.routines.models import OperationalTask
from helhet.routines.operation_words import faults, how, lines, why
from helhet.routines.operations import find_operation, groups_of, next_of, nexts_of, of_groups, preview, tasks_for
from helhet.routines.permissions import RoutinePermission

SIZE = 50
TIMES = 20


def operation_crumbs(task: OperationalTask | None = None) -> list[Crumb]:
    """The list, and the task."""
    crumbs = [Crumb(_("Operational tasks"), reverse("routines:operations"))]
    return [*crumbs, Crumb(task.title, reverse("routines:operation", args=[task.pk]))] if task is not None else crumbs


@page(RoutinePermission.VIEW)
def operations(request: Request) -> HttpResponse:
    """Operational tasks, of a group or an item, with how each comes and when it comes next."""
    found = tasks_for(request.caller)
    named: dict[str, Any] = {}
    ended = request.GET.get("show") == "ended"
    if text := request.GET.get("group", ""):
        named["group"] = find_group(text, request.caller)
        found = found.filter(of_groups([named["group"].pk]))
    if text := request.GET.get("item", ""):
        named["item"] = find_item(text, request.caller)
        found = found.filter(item=named["item"])
    found = found.filter(ended_on__isnull=not ended)
    text = request.GET.get("from", "0")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    rows = list(found[start : start + SIZE + 1])
    groups, nexts = groups_of(rows), nexts_of(rows)
    query = request.GET.copy()
    query["from"] = str(start + SIZE)
    address = reverse("routines:operations")
    context: dict[str, Any] = {
        "rows": [(one, groups.get(one.pk), how(one), nexts[one.pk]) for one in rows[:SIZE]], "count": found.count(),
        "tabs": [Choice(_("Going on"), address, not ended),
                 Choice(pgettext("operational tasks", "Ended"), f"{address}?show=ended", ended)],
        "page": Page(next_url=f"?{query.urlencode()}" if len(rows) > SIZE else ""), "ended": ended,
        "may_make": request.caller.may(RoutinePermission.TASK_MANAGE), "today": timezone.localdate(), **named,
    }  # fmt: skip
    return render(request, "routines/operations.html", context)


@page(RoutinePermission.VIEW)
def operation(request: Request, operation_id: int) -> HttpResponse:
    """One operational task: when it comes next and why, its times, what it took."""
    found = find_operation(operation_id, request.caller)
    coming = next_of(found)
    context = {
        "task": found, "group": groups_of([found]).get(found.pk), "how": how(found), "next": coming,
        "why": why(found, coming) if coming else "", "crumbs": operation_crumbs(), "today": timezone.localdate(),
        "faults": faults(found),
        "times": list(found.occurrences.select_related("person").order_by("-due_on", "-pk")[:TIMES]),
        "coming": preview(found) if found.ended_on is None else [],
        "may_change": found.ended_on is None and request.caller.may(RoutinePermission.TASK_MANAGE, found),
        "lines": lines(history("operational_task", found.pk)[:TIMES]),
    }  # fmt: skip
    return render(request, "routines/operation.html", context)


@page(RoutinePermission.TASK_MANAGE, methods=GET_POST)
def operation_new(request: Request) -> HttpResponse:
    """Make an operational task, after a preview of its next ten days."""
    start = {name: request.GET.get(name, "") for name in ("item", "group", "routine", "title")}
    initial = start | {"first_on": timezone.localdate(), "repeat": "weekly"}
    form = OperationForm(request.POST or None, initial=initial, is_new=True)
    return _form(request, form, None)


@page(RoutinePermission.VIEW, methods=GET_POST)
def operation_edit(request: Request, operation_id: int) -> HttpResponse:
    """Change an operational task."""
    found = find_operation(operation_id, request.caller)
    request.caller.require(RoutinePermission.TASK_MANAGE, found)
    return _form(request, OperationForm(request.POST or None, initial=of_operation(found)), found)


def _form(request: Request, form: OperationForm, found: OperationalTask | None) -> HttpResponse:
    shown = None
    if request.method == "POST" and form.is_valid():
        number = found.pk if found else None
        current = (lambda: of_operation(find_operation(number, request.caller))) if number is not None else None
        done = tried(form, _act(request, form, found), current)
        if done is not None and "preview" not in request.POST:
            toast(request, _("Saved.") if found else _("The operational task is made."))
            return redirect("routines:operation", done.pk)
        shown = preview(done) if done is not None else None
    context = {
        "form": form, "preview": shown, "title": found.title if found else _("New operational task"),
        "crumbs": operation_crumbs(found), "routines": offered(request.caller), "persons": person_names(),
        "cancel_url": reverse("routines:operation", args=[found.pk]) if found else reverse("routines:operations"),
    }  # fmt: skip
    return render(request, "routines/operation_form.html", context, status=422 if form.errors else 200)


def _act(request: Request, form: OperationForm, found: OperationalTask | None) -> Any:
    def act() -> OperationalTask:
        fields, by = form.verb_fields(), request.caller
        fields["person"] = person_named(fields["person"], by).pk if fields["person"] else None
        if "preview" in request.POST:
            return drafted_operation(by=by, of=found, **fields)
        if found is None:
            return create_operation(by=by, **fields)
        return change_operation(found.pk, by=by, version=form.cleaned_data["version"], **fields)

    return act


@page(RoutinePermission.VIEW, methods=GET_POST)
def operation_end(request: Request, operation_id: int) -> HttpResponse:
    """It comes no more, for a reason."""
    found = find_operation(operation_id, request.caller)
    request.caller.require(RoutinePermission.TASK_MANAGE, found)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: end_operation(found.pk, by=request.caller, **form.cleaned_data),
            lambda: {"version": find_operation(operation_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("%(title)s comes no more.") % {"title": done.title})
            return redirect("routines:operation", done.pk)
    return form_page(
        request, form, title=_("End %(title)s") % {"title": found.title}, submit=_("End it"),
        says=_("It comes no more. What is due or late is skipped with this reason."), crumbs=operation_crumbs(found),
        cancel_url=reverse("routines:operation", args=[found.pk]),
    )  # fmt: skip
