"""Saved views: one's own and the shared, renamed, shared and deleted."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.groups.actions import change_view, delete_view
from helhet.groups.finding import find_view
from helhet.groups.forms import ViewForm
from helhet.groups.links import items_url
from helhet.groups.models import SavedView
from helhet.groups.permissions import GroupPermission
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.parts import Crumb
from helhet.kit.rights import Level
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


@page(GroupPermission.VIEW_SAVE)
def views(request: Request) -> HttpResponse:
    """The lists that people have kept under a name."""
    found = SavedView.objects.visible_to(request.caller).select_related("user")
    rows = [
        {
            "view": view, "url": items_url(view.filter),
            "is_own": view.user_id == request.caller.user_id or request.caller.level >= Level.COORDINATOR,
        }
        for view in found
    ]  # fmt: skip
    shared = sum(row["view"].is_shared for row in rows if isinstance(row["view"], SavedView))
    return render(request, "groups/views.html", {"rows": rows, "shared": shared, "items_url": items_url("")})


def _now(slug: str, request: Request) -> dict[str, Any]:
    view = find_view(slug, request.caller)
    return {"name": view.name, "filter": view.filter, "is_shared": view.is_shared, "version": view.version}


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Saved views"), reverse("groups:views"))]


@page(GroupPermission.VIEW_SAVE, methods=GET_POST)
def view_edit(request: Request, slug: str) -> HttpResponse:
    """Rename, share, or change the filter of a view."""
    view = find_view(slug, request.caller)
    start = _now(slug, request)
    form = ViewForm(request.POST or None, initial=start)
    _only_sharers_share(request, form)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: change_view(slug, by=request.caller, **form.cleaned_data), lambda: _now(slug, request)
        )
        if done is not None:
            toast(request, _("Saved."))
            return redirect("groups:views")
    return form_page(
        request, form, title=view.name, cancel_url=reverse("groups:views"), crumbs=_crumbs(),
        deeds=[{"url": reverse("groups:view_delete", args=[slug]), "label": _("Delete the view"),
                "version": view.version, "help": _("The items stay; only the name for the list goes.")}],
    )  # fmt: skip


@page(GroupPermission.VIEW_SAVE, methods=POST)
def view_delete(request: Request, slug: str) -> HttpResponse:
    """The view is no more."""
    delete_view(slug, by=request.caller, version=version_of(request))
    toast(request, _("The view is deleted."))
    return redirect("groups:views")


def _only_sharers_share(request: Request, form: ViewForm) -> None:
    if not request.caller.may(GroupPermission.VIEW_SHARE):
        del form.fields["is_shared"]
