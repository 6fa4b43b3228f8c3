"""Audiences, and who of a group approves its documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.documents.actions.audiences import change_audience, create_audience, remove_audience, set_approval
from helhet.documents.forms_readers import ApprovalForm, AudienceForm
from helhet.documents.models import Audience
from helhet.documents.permissions import DocumentPermission
from helhet.documents.readers import approval_of, audience_name, find_audience, visible_audiences
from helhet.groups.finding import find_group
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.errors import Clash
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Readers"), reverse("documents:audiences"))]


@page(DocumentPermission.VIEW)
def audiences(request: Request) -> HttpResponse:
    """Who documents are for."""
    rows = list(visible_audiences(request.caller).prefetch_related("groups__item"))
    context = {
        "rows": [(one, audience_name(one)) for one in rows], "narrow": sum(not one.is_open for one in rows),
        "may_manage": request.caller.may(DocumentPermission.AUDIENCE_MANAGE),
    }  # fmt: skip
    return render(request, "documents/audiences.html", context)


@page(DocumentPermission.AUDIENCE_MANAGE, methods=GET_POST)
def audience_new(request: Request) -> HttpResponse:
    """Another audience."""
    form = AudienceForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: create_audience(by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("Documents can be for %(audience)s now.") % {"audience": audience_name(made)})
            return redirect("documents:audiences")
    return form_page(
        request, form, title=_("New audience"), cancel_url=reverse("documents:audiences"), crumbs=_crumbs()
    )


def _now(one: Audience) -> dict[str, Any]:
    groups = [group.reference for group in one.groups.select_related("item")]
    return {"name_sv": one.name_sv, "name_en": one.name_en, "is_open": one.is_open, "groups": groups,
            "version": one.version}  # fmt: skip


@page(DocumentPermission.AUDIENCE_MANAGE, methods=GET_POST)
def audience_edit(request: Request, key: str) -> HttpResponse:
    """Its names and who belongs to it."""
    caller = request.caller
    found = find_audience(key, caller)
    form = AudienceForm(request.POST or None, initial=_now(found))
    if request.method == "POST" and form.is_valid():
        wanted = {**form.cleaned_data, "name_en": form.cleaned_data["name_en"] or form.cleaned_data["name_sv"]}
        version = wanted.pop("version")
        done = tried(
            form, lambda: change_audience(key, by=caller, version=version, **wanted),
            lambda: _now(find_audience(key, caller)),
        )  # fmt: skip
        if done is not None:
            toast(request, _("%(audience)s is changed.") % {"audience": audience_name(done)})
            return redirect("documents:audiences")
    return form_page(
        request, form, title=_("Readers: %(audience)s") % {"audience": audience_name(found)},
        says=_("Whom you take away no longer reads, finds or fetches the documents that are for this audience alone."),
        cancel_url=reverse("documents:audiences"), crumbs=_crumbs(),
    )  # fmt: skip


@page(DocumentPermission.AUDIENCE_MANAGE, methods=POST)
def audience_removal(request: Request, key: str) -> HttpResponse:
    """Take away one that is not used."""
    try:
        remove_audience(key, by=request.caller, version=version_of(request))
    except Clash as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    return redirect("documents:audiences")


@page(DocumentPermission.VIEW, methods=GET_POST)
def approval(request: Request, reference: str) -> HttpResponse:
    """Who of a group approves its documents."""
    caller = request.caller
    found = find_group(reference, caller)
    caller.require(DocumentPermission.APPROVAL_MANAGE, found)

    def now() -> dict[str, Any]:
        rule = approval_of(found)
        return {"approver": rule.approver, "needs_review": rule.needs_review, "version": rule.version}

    form = ApprovalForm(request.POST or None, initial=now())
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: set_approval(reference, by=caller, **form.cleaned_data), now)
        if done is not None:
            toast(request, _("It holds from the next step of each draft."))
            return redirect(found)
    return form_page(
        request, form, title=_("Approval of documents in %(group)s") % {"group": found.name},
        says=_("What the mandate says. A document is published when it is approved."),
        cancel_url=found.get_absolute_url(), crumbs=[Crumb(found.name, found.get_absolute_url())],
    )  # fmt: skip
