"""The steps of a change, as pages do them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helhet.changes import actions
from helhet.changes.finding import find_change
from helhet.changes.forms_changes import AskForm, CancelForm, CloseForm, FinishForm
from helhet.changes.models import Change
from helhet.changes.permissions import ChangePermission
from helhet.changes.touching import groups_by_id, others, touch_of
from helhet.changes.views.asking import GET_POST, POST, one_form
from helhet.groups.views.pages import version_of
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


@page(ChangePermission.VIEW, methods=GET_POST)
def asking(request: Request, reference: str) -> HttpResponse:
    """Ask each other group that the change touches."""
    found = _mine(request, reference)
    form = AskForm(request.POST or None, initial={"version": found.version})
    touched = groups_by_id(one.group for one in others(found, touch_of(found, request.caller)))
    names = ", ".join(sorted(group.name for group in touched.values()))
    return _step(
        request, found, form, actions.ask_positions, ["answer_by"], title=_("Ask the touched groups"),
        submit=_("Ask"), said=_("The groups have been asked."),
        says=_("Asked: %(names)s.") % {"names": names} if names else _("It touches no other group."),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=GET_POST)
def finish(request: Request, reference: str) -> HttpResponse:
    """It is over."""
    found = _mine(request, reference)
    form = FinishForm(request.POST or None, initial={"version": found.version})
    return _step(
        request, found, form, actions.finish_change, ["outcome", "learnt"], title=_("Say how it went"),
        submit=_("It is over"), said=_("The change is in review."),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=GET_POST)
def closing(request: Request, reference: str) -> HttpResponse:
    """The review is done."""
    found = _mine(request, reference)
    form = CloseForm(request.POST or None, initial={"version": found.version, "learnt": found.learnt})
    return _step(
        request, found, form, actions.close_change, ["learnt"], title=_("Close the change"), submit=_("Close it"),
        said=_("The change is closed."),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=GET_POST)
def cancelling(request: Request, reference: str) -> HttpResponse:
    """It will not be done."""
    found = _mine(request, reference)
    form = CancelForm(request.POST or None, initial={"version": found.version})
    return _step(
        request, found, form, actions.cancel_change, ["reason"], title=_("Cancel the change"),
        submit=_("Cancel the change"), said=_("The change is cancelled."),
        says=_("It will not be done. What it waited for is dropped, and it stays to be read."),
    )  # fmt: skip


def _mine(request: Request, reference: str) -> Change:
    found = find_change(reference, request.caller)
    request.caller.require(ChangePermission.CHANGE, found)
    return found


def _step(
    request: Request, found: Change, form: Any, verb: Callable[..., Change], names: list[str], **words: Any
) -> HttpResponse:  # fmt: skip
    def act() -> Change:
        data = form.cleaned_data
        return verb(found.reference, by=request.caller, version=data["version"], **{name: data[name] for name in names})

    def current() -> dict[str, Any]:
        return {"version": find_change(found.reference, request.caller).version}

    return one_form(request, form, act, change=found, current=current, **words)


@page(ChangePermission.VIEW, methods=POST)
def approval(request: Request, reference: str) -> HttpResponse:
    """All that must be said is said."""
    return _done(request, reference, actions.approve_change, _("The change is approved."))


@page(ChangePermission.VIEW, methods=POST)
def scheduling(request: Request, reference: str) -> HttpResponse:
    """Its time is set."""
    return _done(request, reference, actions.schedule_change, _("The change is scheduled."))


@page(ChangePermission.VIEW, methods=POST)
def beginning(request: Request, reference: str) -> HttpResponse:
    """It is under way."""
    return _done(request, reference, actions.begin_change, _("The change is under way."))


@page(ChangePermission.VIEW, methods=POST)
def taking_back(request: Request, reference: str) -> HttpResponse:
    """It is a draft again."""
    return _done(request, reference, actions.take_back_change, _("The change is a draft again."))


def _done(request: Request, reference: str, verb: Callable[..., Change], said: str) -> HttpResponse:
    done = verb(reference, by=request.caller, version=version_of(request))
    toast(request, said)
    return redirect(done.get_absolute_url())
