"""One field of a group, changed where it stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.groups.actions import change_group
from helhet.groups.actions.group import CONTACT_WAYS
from helhet.groups.finding import find_group
from helhet.groups.forms import GroupForm, of_group
from helhet.groups.models import Basis, Group, GroupState
from helhet.groups.permissions import GroupPermission
from helhet.groups.views.groups import group_crumbs
from helhet.groups.views.pages import GET_POST, form_page, tried
from helhet.kit.errors import NotFound
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

FIELDS = ("name", "mandate", "basis", "parent", "state", *(f"contact_{way}" for way in CONTACT_WAYS))


def shown(group: Group, name: str) -> str:
    """The field as it is read."""
    if name == "basis":
        return str(Basis(group.basis).label)
    if name == "parent":
        return group.parent.name if group.parent else ""
    if name == "state":
        return str(GroupState(group.state).label)
    if name == "mandate":
        return group.mandate
    if name.startswith("contact_"):
        return str(group.contacts.get(name.removeprefix("contact_"), ""))
    return group.name


@page(GroupPermission.VIEW, methods=GET_POST)
def group_field(request: Request, reference: str, name: str) -> HttpResponse:
    """The open field, the closed one (`?closed=1`), or the saving of it."""
    group = find_group(reference, request.caller)
    request.caller.require(GroupPermission.CHANGE, group)
    whole = request.caller.may(GroupPermission.CREATE)
    form = GroupForm(request.POST or None, initial=of_group(group), group=group, whole=whole)
    if name not in FIELDS or name not in form.fields:
        raise NotFound(_("There is nothing here."))
    for other in [other for other in form.fields if other not in {name, "version"}]:
        if not (name.startswith("contact_") and other.startswith("contact_")):
            del form.fields[other]
        else:
            form.fields[other].disabled = True
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_group(reference, by=request.caller, version=form.cleaned_data["version"], **form.wanted()),
            lambda: of_group(find_group(reference, request.caller)),
        )
        if done is not None:
            toast(request, _("Saved."))
            if not request.htmx:
                return redirect("groups:group", group.reference)
            return _closed(request, find_group(reference, request.caller), form, name)
    status = 422 if form.errors else 200
    if not request.htmx:
        for other in [other for other in form.fields if other not in {name, "version"}]:
            del form.fields[other]
        return form_page(
            request, form, title=group.name, cancel_url=group.get_absolute_url(), crumbs=group_crumbs(group)
        )
    if request.method != "POST" and "closed" in request.GET:
        return _closed(request, group, form, name)
    context = {**_place(group, form, name), "field": form[name], "version": form["version"].value()}
    return render(request, "groups/_field_open.html", context, status=status)


def _place(group: Group, form: GroupForm, name: str) -> dict[str, str]:
    return {
        "id": f"field-{name}",
        "label": str(form.fields[name].label),
        "edit_url": reverse("groups:group_field", args=[group.reference, name]),
        "cancel_url": group.get_absolute_url(),
    }


def _closed(request: Request, group: Group, form: GroupForm, name: str) -> HttpResponse:
    return render(request, "groups/_field.html", {**_place(group, form, name), "value": shown(group, name)})
