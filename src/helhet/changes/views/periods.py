"""Maintenance windows and freezes: the list, one, stating, changing and ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions import change_freeze, change_window, end_freeze, end_window, state_freeze, state_window
from helhet.changes.actions.periods import drafted_freeze, drafted_window
from helhet.changes.finding import find_freeze, find_window
from helhet.changes.forms import FreezeForm, PeriodForm, WindowForm, of_period
from helhet.changes.history import lines
from helhet.changes.models import Freeze, Window
from helhet.changes.periods import ended, freeze_rows, holds, preview, when, window_rows
from helhet.changes.permissions import ChangePermission
from helhet.groups.views.pages import GET_POST, POST, tried, version_of
from helhet.journal.actions import history
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

EVENTS = 15


def period_crumbs(period: Window | Freeze | None = None) -> list[Crumb]:
    """The calendar, the list of windows and freezes, and one of them."""
    crumbs = [
        Crumb(_("Calendar of changes"), reverse("changes:calendar")),
        Crumb(_("Windows and freezes"), reverse("changes:periods")),
    ]
    return [*crumbs, Crumb(period.name, period.get_absolute_url())] if period is not None else crumbs


@page(ChangePermission.VIEW)
def periods(request: Request) -> HttpResponse:
    """When changes may be made, and when they may not."""
    now = timezone.now()
    context = {
        "freezes": freeze_rows(request.caller, now), "windows": window_rows(request.caller, now),
        "ended": ended(request.caller, now), "may_state": request.caller.may(ChangePermission.PERIOD_MANAGE),
        "crumbs": period_crumbs()[:1], "now": now,
    }  # fmt: skip
    return render(request, "changes/periods.html", context)


@page(ChangePermission.VIEW)
def window(request: Request, window_id: int) -> HttpResponse:
    """One maintenance window."""
    return _period(request, find_window(window_id, request.caller), "window")


@page(ChangePermission.VIEW)
def freeze(request: Request, freeze_id: int) -> HttpResponse:
    """One freeze."""
    return _period(request, find_freeze(freeze_id, request.caller), "freeze")


def _period(request: Request, found: Window | Freeze, noun: str) -> HttpResponse:
    context = {
        "period": found, "noun": noun, "holds": holds(found, request.caller, with_count=True), "when": when(found),
        "preview": preview(found, request.caller) if found.ended_at is None else None, "crumbs": period_crumbs(),
        "lines": lines(history(noun, found.pk)[:EVENTS]), "edit_url": reverse(f"changes:{noun}_edit", args=[found.pk]),
        "end_url": reverse(f"changes:{noun}_end", args=[found.pk]),
        "may_change": found.ended_at is None and request.caller.may(ChangePermission.PERIOD_MANAGE, found),
    }  # fmt: skip
    return render(request, "changes/period.html", context)


@page(ChangePermission.PERIOD_MANAGE, methods=GET_POST)
def window_new(request: Request) -> HttpResponse:
    """State a maintenance window, after its preview."""
    initial = {"starts_on": timezone.localdate(), "item": request.GET.get("item", ""), "repeat": "weekly"}
    form = WindowForm(request.POST or None, initial=initial, caller=request.caller)
    return _stating(request, form, _("State a maintenance window"), drafted_window, state_window)


@page(ChangePermission.PERIOD_MANAGE, methods=GET_POST)
def freeze_new(request: Request) -> HttpResponse:
    """State a freeze, after its preview."""
    form = FreezeForm(request.POST or None, initial={"item": request.GET.get("item", "")}, caller=request.caller)
    return _stating(request, form, _("State a freeze"), drafted_freeze, state_freeze)


def _stating(
    request: Request, form: PeriodForm, title: str, draft: Callable[..., Any], state: Callable[..., Any]
) -> HttpResponse:
    shown = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            drafted = tried(form, lambda: draft(by=request.caller, **form.verb_fields()))
            shown = preview(drafted, request.caller) if drafted is not None else None
        else:
            made = tried(form, lambda: state(by=request.caller, **form.verb_fields()))
            if made is not None:
                toast(request, _("%(name)s is stated.") % {"name": made.name})
                return redirect(made)
    return _form(
        request, form, title=title, crumbs=period_crumbs(), cancel_url=reverse("changes:periods"), preview=shown
    )


@page(ChangePermission.VIEW, methods=GET_POST)
def window_edit(request: Request, window_id: int) -> HttpResponse:
    """Alter a maintenance window."""
    found = find_window(window_id, request.caller)
    request.caller.require(ChangePermission.PERIOD_MANAGE, found)
    form = WindowForm(request.POST or None, initial=of_period(found), caller=request.caller, of=found)
    return _altering(request, form, found, drafted_window, change_window)


@page(ChangePermission.VIEW, methods=GET_POST)
def freeze_edit(request: Request, freeze_id: int) -> HttpResponse:
    """Alter a freeze."""
    found = find_freeze(freeze_id, request.caller)
    request.caller.require(ChangePermission.PERIOD_MANAGE, found)
    form = FreezeForm(request.POST or None, initial=of_period(found), caller=request.caller, of=found)
    return _altering(request, form, found, drafted_freeze, change_freeze)


def _altering(
    request: Request, form: PeriodForm, found: Window | Freeze, draft: Callable[..., Any], change: Callable[..., Any]
) -> HttpResponse:
    shown = None
    if request.method == "POST" and form.is_valid():
        version, fields = form.cleaned_data["version"], form.verb_fields()
        if "preview" in request.POST:
            drafted = tried(form, lambda: draft(by=request.caller, of=found, **fields))
            shown = preview(drafted, request.caller) if drafted is not None else None
        else:
            done = tried(
                form, lambda: change(found.pk, by=request.caller, version=version, **fields),
                lambda: of_period(type(found).objects.get(pk=found.pk)),
            )  # fmt: skip
            if done is not None:
                toast(request, _("Saved."))
                return redirect(done)
    crumbs, cancel_url = period_crumbs(found), found.get_absolute_url()
    return _form(request, form, title=found.name, crumbs=crumbs, cancel_url=cancel_url, preview=shown)


def _form(request: Request, form: PeriodForm, **context: Any) -> HttpResponse:
    return render(
        request, "changes/period_form.html", {"form": form, **context}, status=422 if form.errors else 200
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def window_end(request: Request, window_id: int) -> HttpResponse:
    """End a maintenance window."""
    found = end_window(window_id, by=request.caller, version=version_of(request))
    toast(request, _("%(name)s has ended.") % {"name": found.name})
    return redirect("changes:periods")


@page(ChangePermission.VIEW, methods=POST)
def freeze_end(request: Request, freeze_id: int) -> HttpResponse:
    """End a freeze."""
    found = end_freeze(freeze_id, by=request.caller, version=version_of(request))
    toast(request, _("%(name)s has ended.") % {"name": found.name})
    return redirect("changes:periods")
