"""A change in time: its clashes, signing for them, asking for exemptions."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.actions import ask_exemption, sign_clash, withdraw_signature
from helhet.changes.clashes import Clash, clashes_of
from helhet.changes.finding import find_change
from helhet.changes.forms import ExemptionForm, SignForm
from helhet.changes.models import Change
from helhet.changes.permissions import ChangePermission
from helhet.changes.times_page import times_of
from helhet.changes.views.asking import undo_url
from helhet.groups.views.pages import GET_POST, POST, tried
from helhet.kit.errors import NotFound
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


def crumbs_of(change: Change | None = None) -> list[Crumb]:
    """The calendar, and the change."""
    crumbs = [Crumb(_("Calendar of changes"), reverse("changes:calendar"))]
    return [*crumbs, Crumb(change.name, change.get_absolute_url())] if change is not None else crumbs


@page(ChangePermission.VIEW)
def times(request: Request, reference: str) -> HttpResponse:
    """When it is planned, what that clashes with, and when it could be instead."""
    change = find_change(reference, request.caller)
    context = {"change": change, "times": times_of(change, request.caller), "crumbs": crumbs_of()}
    return render(request, "changes/times.html", context)


@page(ChangePermission.VIEW, methods=GET_POST)
def signing(request: Request, reference: str) -> HttpResponse:
    """Sign for a clash, with the reason."""
    change = find_change(reference, request.caller)
    clash = _asked(request, change)
    request.caller.require(ChangePermission.SIGN_CLASH, clash.freeze or change)
    form = SignForm(request.POST or None, initial={"key": clash.key})
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: sign_clash(reference, clash.key, by=request.caller, reason=form.cleaned_data["reason"])
        )
        if done is not None:
            toast(request, _("You have signed for the clash."), undo_url=undo_url(change))
            return redirect("changes:times", change.reference)
    return _form_page(request, form, change, clash, title=_("Sign for the clash"), submit=_("Sign for it"))


@page(ChangePermission.VIEW, methods=POST)
def unsigning(request: Request, reference: str) -> HttpResponse:
    """Take a signature back."""
    withdraw_signature(reference, request.POST.get("key", ""), by=request.caller)
    toast(request, _("The signature is taken back."), undo_url=undo_url(find_change(reference, request.caller)))
    return redirect("changes:times", reference)


@page(ChangePermission.CHANGE, methods=GET_POST)
def exemption(request: Request, reference: str) -> HttpResponse:
    """Ask the freeze's group for an exemption."""
    change = find_change(reference, request.caller)
    request.caller.require(ChangePermission.CHANGE, change)
    clash = _asked(request, change)
    form = ExemptionForm(request.POST or None, initial={"key": clash.key})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        task = tried(form, lambda: ask_exemption(reference, clash.key, by=request.caller, text=text))
        if task is not None:
            toast(request, _("%(group)s has been asked.") % {"group": task.group.name if task.group else ""})
            return redirect("changes:times", change.reference)
    return _form_page(request, form, change, clash, title=_("Ask for an exemption"), submit=_("Ask"))


def _asked(request: Request, change: Change) -> Clash:
    key = request.POST.get("key") or request.GET.get("key", "")
    found = next((one for one in clashes_of(change) if one.key == key), None)
    if found is None:
        raise NotFound(
            _("%(reference)s has no such clash any more.") % {"reference": change.reference},
            todo=_("Either side was moved. Look at the change as it is now."),
        )
    return found


def _form_page(
    request: Request, form: SignForm | ExemptionForm, change: Change, clash: Clash, **words: str
) -> HttpResponse:
    context = {
        "form": form, **words, "clash": clash, "crumbs": crumbs_of(change),
        "cancel_url": reverse("changes:times", args=[change.reference]),
    }  # fmt: skip
    return render(request, "changes/clash_form.html", context, status=422 if form.errors else 200)
